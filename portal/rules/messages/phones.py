"""Phone numbers: whatever the spelling, eleven characters or nothing; never one digit that was not written."""

from __future__ import annotations

import re
from dataclasses import dataclass

_HIDDEN = r"*x×✕•●·○◯▪■＊隐某?_"
_MASK_LETTER = rf"[{re.escape(_HIDDEN)}]"
_LENGTH = 11
_CODE = r"(?:\(?\s*(?:\+\s*86|0086|86)\s*\)?[ \-.]?\s*)?"
_BEGIN = r"(?<![\da-z])(?:(?<!\+)|(?<=\w\+))"  # a plus behind a word separates, it is no country code
_GAP = r"(?: {0,2}[\-–—.] {0,2}| {1,2})"
_GROUPINGS: tuple[tuple[int, ...], ...] = (
    (3, 4, 4),
    (3, 3, 5),
    (4, 3, 4),
    (3, 8),
    (7, 4),
    (4, 4, 3),
    (5, 6),
    (3, 2, 3, 3),
    (3, 3, 3, 2),
    (5, 3, 3),
)
_GROUPINGS += ((3, 2, 2, 2, 2), (2, 3, 3, 3))


def _plain_pattern() -> str:
    digit = r"\d"
    shapes = [r"1[3-9]\d{9}", r"1 [3-9](?: \d){9}(?! ?\d)"]
    for first, *others in _GROUPINGS:
        shapes.append(rf"1[3-9]\d{{{first - 2}}}" + "".join(_GAP + rf"{digit}{{{size}}}" for size in others))
    return rf"{_BEGIN}(?P<code>{_CODE})(?P<number>{'|'.join(shapes)})(?!\d|[*×•●]|x+\d)"


_PLAIN = re.compile(_plain_pattern())
_BEHIND_LATIN = re.compile(r"(?<=[a-wyz])(?P<number>1[3-9]\d{9})(?!\d|[*×•●])")  # Kevin138…
_MASK = rf"(?:{_MASK_LETTER}(?:[ \-]?{_MASK_LETTER}){{0,9}}|\.{{3,9}}|-{{3,}}|隐藏|保密|加密)"
_MIDDLE_HIDDEN = re.compile(
    rf"{_BEGIN}(?P<code>{_CODE})(?P<head>1[3-9]\d)[ \-(]{{0,2}}{_MASK}[ \-)]{{0,2}}(?P<tail>\d{{4}})(?!\d|{_MASK_LETTER})"
)
_SOME_HIDDEN = re.compile(
    rf"{_BEGIN}(?P<code>{_CODE})(?P<written>1[3-9](?:\d|{_MASK_LETTER}){{9}}"
    rf"|1[3-9]\d[ \-]?(?:(?:\d|{_MASK_LETTER}){{4}}[ \-]?){{2}}(?<![ \-]))(?!\d|{_MASK_LETTER})"
)
_LANDLINE = re.compile(r"(?<![\d+])(?:\(?0\d{2,3}\)?[ \-]?\d{7,8}|400[ \-]?\d{3}[ \-]?\d{4})(?:[ \-转]+\d{1,5})?(?!\d)")
_FOREIGN = re.compile(r"(?<!\d)(?:\+|00)\s?\d{1,3}(?:[ \-]?\d{2,5}){2,4}(?!\d)")
_WRONG = re.compile(rf"(?<![\da-z])1[3-9]\d(?:[\d{re.escape(_HIDDEN)}]|[ \-](?=\d{{3}})){{3,14}}(?![\d])")


@dataclass(frozen=True)
class FoundPhone:
    """Where a number stands and how it reads: 11 characters, or None when it cannot be one (too short, too long, landline)."""

    start: int
    end: int
    value: str | None

    @property
    def masked(self) -> bool:
        """Whether digits are hidden."""
        return self.value is not None and "*" in self.value


def _digits(words: str) -> str:
    return re.sub(r"\D", "", words)


def _hide(written: str) -> str | None:
    """Hidden digits as ``*``; a number without hidden digits was not written for this reading."""
    value = re.sub(r"\D", "*", re.sub(r"[ \-]", "", written))
    return value if "*" in value and len(value) == _LENGTH else None


def find_phones(text: str, start: int, end: int) -> list[FoundPhone]:
    """All phone-like numbers in ``text[start:end]``, the usable ones first where two readings overlap."""
    found = [FoundPhone(m.start(), m.end(), _digits(m.group("number"))) for m in _PLAIN.finditer(text, start, end)]
    found += [FoundPhone(m.start(), m.end(), m.group("number")) for m in _BEHIND_LATIN.finditer(text, start, end)]
    for match in _MIDDLE_HIDDEN.finditer(text, start, end):
        found.append(FoundPhone(match.start(), match.end(), f"{match.group('head')}****{match.group('tail')}"))
    for match in _SOME_HIDDEN.finditer(text, start, end):
        found.append(FoundPhone(match.start(), match.end(), _hide(match.group("written"))))
    for pattern in (_FOREIGN, _LANDLINE, _WRONG):
        found += [FoundPhone(m.start(), m.end(), None) for m in pattern.finditer(text, start, end)]
    return _without_overlaps(found)


def _without_overlaps(found: list[FoundPhone]) -> list[FoundPhone]:
    kept: list[FoundPhone] = []
    for each in found:
        if all(each.end <= other.start or each.start >= other.end for other in kept):
            kept.append(each)
    return sorted(kept, key=lambda each: each.start)
