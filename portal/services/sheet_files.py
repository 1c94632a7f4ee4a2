"""A table out of a file: CSV in UTF-8 or GB18030, or the first sheet of an Excel workbook; every cell as text."""

from __future__ import annotations

import csv
import io
import lzma
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

#: Bytes of the file, bytes of a workbook unpacked, rows, columns, characters of a cell.
LARGEST_FILE = 5 * 1024 * 1024
_LARGEST_UNPACKED = 40 * 1024 * 1024
#: Tags in the parts of a workbook: a million empty ones pack into a few kilobytes and take a minute to read. Twelve columns
#: of text in all the rows come to half a million.
_MOST_TAGS = 600_000
MOST_ROWS = 5_000
_MOST_COLUMNS = 60
_LONGEST_CELL = 500
_ENCODINGS = ("utf-8-sig", "gb18030")
_ZIP = b"PK\x03\x04"
#: What the readers of archives, of XML and of workbooks raise for bytes that are damaged, locked, or made to do harm.
_NO_WORKBOOK = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    InvalidFileException,
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
)


class Unreadable(Exception):
    """``reason``: sheet_empty, sheet_too_large, sheet_rows, sheet_kind, sheet_encoding."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Line:
    """A row that is not blank: its number in the file, counted from 1, and its cells."""

    number: int
    cells: tuple[str, ...]


def read(content: bytes) -> list[Line]:
    """Every row with something in it, the head first. Raises Unreadable."""
    if not content.strip():
        raise Unreadable("sheet_empty")
    if len(content) > LARGEST_FILE:
        raise Unreadable("sheet_too_large")
    rows = _workbook(content) if content.startswith(_ZIP) else _text(content)
    lines = [Line(number, cells) for number, cells in enumerate(rows, start=1) if any(cells)]
    if not lines:
        raise Unreadable("sheet_empty")
    return lines


def _text(content: bytes) -> Iterator[tuple[str, ...]]:
    text = _decoded(content)
    head = text.lstrip().partition("\n")[0]
    delimiter = max(",\t;", key=head.count)
    try:
        yield from _limited(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        raise Unreadable("sheet_kind") from None


def _decoded(content: bytes) -> str:
    """UTF-8 when it is; else GB18030, which is strict enough to tell that it is neither. No text has a zero byte."""
    if b"\x00" in content:
        raise Unreadable("sheet_kind")
    for encoding in _ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("sheet_encoding")


def _workbook(content: bytes) -> Iterator[tuple[str, ...]]:
    try:
        _check_packed(content)
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        try:
            yield from _limited(book.worksheets[0].iter_rows(values_only=True, max_col=_MOST_COLUMNS))
        finally:
            book.close()
    except _NO_WORKBOOK:
        raise Unreadable("sheet_kind") from None


def _check_packed(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        parts = packed.infolist()
        if sum(part.file_size for part in parts) > _LARGEST_UNPACKED:
            raise Unreadable("sheet_too_large")
        if sum(packed.read(part).count(b"<") for part in parts) > _MOST_TAGS:
            raise Unreadable("sheet_too_large")


def _limited(rows: Iterable[Iterable[Any]]) -> Iterator[tuple[str, ...]]:
    for number, row in enumerate(rows):
        if number > MOST_ROWS:
            raise Unreadable("sheet_rows")
        yield tuple(_cell(value) for value in list(row)[:_MOST_COLUMNS])


def _cell(value: Any) -> str:
    """As a person would have typed it: whole numbers without a point, times without a zone."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d" if value.time() == time() else "%Y-%m-%d %H:%M:%S")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()[:_LONGEST_CELL]
