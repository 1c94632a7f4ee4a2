"""One spelling for recognition (half-width, simplified, lower case), with the way back to what was written."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from opencc import OpenCC

_SIMPLIFY = OpenCC("t2s")
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_KEYCAP = re.compile("([0-9])\ufe0f?\u20e3|\U0001f51f")
_KEPT = frozenset(_CIRCLED + "㎡℃™©®")
_MARKER_BASES = (0x2474, 0x2488, 0x2776, 0x2780, 0x278A, 0x24F5)  # ⑴ ⒈ ❶ ➀ ➊ ⓵
_LINE_ENDS = frozenset("\n\u2028\u2029\x85\x0b\x0c")
_INVISIBLE = frozenset("\r\ufe0e\ufe0f\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad\u20e3")


@dataclass(frozen=True)
class Source:
    """A message as written (``raw``) and as recognised (``text``); ``at[i]`` is where ``text[i]`` stands in ``raw``."""

    raw: str
    text: str
    at: tuple[int, ...]

    def quote(self, start: int, end: int) -> str:
        """The words as written behind ``text[start:end]``, without spaces around them."""
        if start >= end:
            return ""
        return self.raw[self.at[start] : self.at[end - 1] + 1].strip()

    def blanked(self, spans: list[tuple[int, int]]) -> Source:
        """The same source with these spans of ``text`` blanked out; line ends and lengths stay."""
        letters = list(self.text)
        for start, end in spans:
            letters[start:end] = ["\n" if letter == "\n" else " " for letter in letters[start:end]]
        return Source(self.raw, "".join(letters), self.at)


def _circled(number: int) -> str:
    return _CIRCLED[number - 1] if 1 <= number <= len(_CIRCLED) else "①"


def _marker(code: int) -> str | None:
    for base in _MARKER_BASES:
        if base <= code < base + 10:
            return _circled(code - base + 1)
    if 0x3220 <= code <= 0x3229:  # ㈠ … ㈩
        return _circled(code - 0x3220 + 1)
    return None


@lru_cache(maxsize=16384)
def fold_letter(letter: str) -> str:
    """One letter in the spelling used for recognition; may become none or several letters."""
    if letter in _INVISIBLE:
        return ""
    if letter in _LINE_ENDS:
        return "\n"
    if letter in _KEPT or letter == "\t":
        return letter
    marker = _marker(ord(letter))
    if marker:
        return marker
    digit = unicodedata.decimal(letter, None)
    if digit is not None:
        return str(digit)
    wide = unicodedata.normalize("NFKC", letter)
    if len(wide) == 1 and wide > "\u2e7f":
        return str(_SIMPLIFY.convert(wide)) or wide
    return wide.lower() if wide.isascii() else wide


def _keycap(match: re.Match[str]) -> str:
    digit = match.group(1)
    return _circled(int(digit) if digit else 10) + "\ufe0f" * (len(match.group()) - 1)


def fold(raw: str) -> Source:
    """Read ``raw`` into a Source."""
    letters: list[str] = []
    at: list[int] = []
    for position, letter in enumerate(_KEYCAP.sub(_keycap, raw)):
        for folded in fold_letter(letter):
            letters.append(folded)
            at.append(position)
    return Source(raw, "".join(letters), tuple(at))
