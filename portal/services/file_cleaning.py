"""What is kept of a file that somebody brings: its pixels or its pages, written anew, and nothing else that it carried.

The kind is told from the content, never from the name. Camera, place, author, scripts and attachments are gone afterwards.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import settings
from PIL import Image, ImageOps, UnidentifiedImageError

_IMAGES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
#: Telephones put a second picture (depth, brightness) behind the first in one JPEG; Pillow then calls it MPO.
_JPEG_OF_SEVERAL = "MPO"
#: Their colours cannot be averaged when the picture is made smaller.
_WITHOUT_SHADES = {"1", "P"}
_PDF_MARK, _PDF_MARK_WITHIN = b"%PDF-", 1024
_MOST_PIXELS = 60_000_000
_LONGEST_SIDE = 3000
_MOST_PAGES = 200
#: What a page or a picture in a PDF may carry beside what is seen.
_HIDDEN = ("/AA", "/Annots", "/Metadata", "/PieceInfo", "/Thumb", "/JS", "/EF", "/AF", "/LastModified")
#: Bytes that a packed part of a PDF may unpack to while it is read; what is drawn on a page is never unpacked here.
_MOST_UNPACKED = 16 * 1024 * 1024
#: What Pillow raises for bytes that are no picture, or one made to do harm.
_NOT_A_PICTURE = (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError)
#: A small file may take some hundred megabytes while it is read, and anybody may send one: one at a time in a process.
_one_at_a_time = threading.Lock()

# A few kilobytes can hold a part that unpacks to as many gigabytes.
settings.set_qpdf_limits(flate_max_memory=_MOST_UNPACKED, png_max_memory=_MOST_UNPACKED, max_stream_filters=4)


class Unusable(Exception):
    """The file cannot be kept; ``reason`` is file_kind, file_broken or file_locked."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What is kept, and what it is."""

    content: bytes
    media_type: str


def clean(content: bytes) -> Cleaned:
    """Raises Unusable when it is neither a sound picture (JPEG, PNG, WebP) nor a PDF that opens without a password."""
    with _one_at_a_time:
        if _PDF_MARK in content[:_PDF_MARK_WITHIN]:
            return Cleaned(_clean_pdf(content), "application/pdf")
        return _clean_image(content)


def _clean_image(content: bytes) -> Cleaned:
    try:
        with Image.open(BytesIO(content), formats=list(_IMAGES)) as image:
            kind = "JPEG" if image.format == _JPEG_OF_SEVERAL else str(image.format)
            if image.width * image.height > _MOST_PIXELS:
                raise Unusable("file_broken")
            upright = _small_and_upright(image).convert("RGB" if kind == "JPEG" else "RGBA")
    except UnidentifiedImageError:
        raise Unusable("file_kind") from None
    except _NOT_A_PICTURE:
        raise Unusable("file_broken") from None
    return Cleaned(_write(upright, kind), _IMAGES[kind])


def _small_and_upright(image: Image.Image) -> Image.Image:
    """Made smaller before all else: everything that follows then takes little memory, and a JPEG is not even read whole."""
    shown = image.convert("RGBA") if image.mode in _WITHOUT_SHADES else image
    shown.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
    return ImageOps.exif_transpose(shown)


def _write(image: Image.Image, kind: str) -> bytes:
    image.info.clear()
    written = BytesIO()
    image.save(written, kind, quality=85)
    return written.getvalue()


def _clean_pdf(content: bytes) -> bytes:
    too_much = settings.qpdf_limit_errors()
    try:
        with pikepdf.open(BytesIO(content)) as given, pikepdf.new() as kept:
            _keep_pages(given, kept)
            written = BytesIO()
            kept.save(written, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    except pikepdf.PasswordError:
        raise Unusable("file_locked") from None
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, IndexError, RecursionError):
        raise Unusable("file_broken") from None
    if settings.qpdf_limit_errors() > too_much:
        raise Unusable("file_broken")
    return written.getvalue()


def _keep_pages(given: pikepdf.Pdf, kept: pikepdf.Pdf) -> None:
    """Only the pages go over: scripts, forms, attachments, bookmarks and names belong to the document and stay behind."""
    if not 0 < len(given.pages) <= _MOST_PAGES:
        raise Unusable("file_broken")
    # Stamps and filled fields are seen, so they become part of the page before everything that can act is dropped.
    given.generate_appearance_streams()
    given.flatten_annotations("screen")
    for page in given.pages:
        _strip(page.obj)
    kept.pages.extend(given.pages)
    for part in kept.objects:
        if isinstance(part, pikepdf.Dictionary | pikepdf.Stream):
            _strip(part)


def _strip(part: Any) -> None:
    for name in _HIDDEN:
        if name in part:
            del part[name]
    if isinstance(part, pikepdf.Stream) and part.get("/Filter") in (pikepdf.Name.DCTDecode, [pikepdf.Name.DCTDecode]):
        part.write(b"".join(_without_camera_data(part.read_raw_bytes())), filter=pikepdf.Name.DCTDecode)


def _without_camera_data(jpeg: bytes) -> Iterator[bytes]:
    """The segments of a JPEG but those for applications and comments; colour profile and Adobe's colour mark are kept."""
    yield jpeg[:2]
    place = 2
    while jpeg[place : place + 1] == b"\xff" and jpeg[place + 1] != 0xDA:
        end = place + 2 + int.from_bytes(jpeg[place + 2 : place + 4], "big")
        mark = jpeg[place + 1]
        if not (mark == 0xFE or (0xE0 <= mark <= 0xEF and mark not in {0xE0, 0xE2, 0xEE})):
            yield jpeg[place:end]
        place = end
    yield jpeg[place:]
