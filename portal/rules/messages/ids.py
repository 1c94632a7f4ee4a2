"""Resident identity numbers: found so that they are kept, and never taken for a phone."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SEPARATED = re.compile(r"(?<![\da-z])(?:\d[ \-]?){17}[\dx](?![\da-z])")
_OLD = re.compile(r"(?<!\d)[1-9]\d{14}(?!\d)")
_MASKED = re.compile(r"(?<![\d*])\d{3,10}[*x×•●·]{4,}(?:\d{2,4}[\dx]|\d{1,3}x|)(?![\d*x])")


@dataclass(frozen=True)
class FoundId:
    """Where a number stands and its 18 characters; ``value`` is None for one that cannot be used (15 digits, hidden)."""

    start: int
    end: int
    value: str | None


def find_ids(text: str, start: int, end: int) -> list[FoundId]:
    """All identity numbers in ``text[start:end]``."""
    found = []
    for match in _SEPARATED.finditer(text, start, end):
        value = re.sub(r"[ \-]", "", match.group()).upper()
        if _has_a_birthday(value):
            found.append(FoundId(match.start(), match.end(), value))
    taken = {(each.start, each.end) for each in found}
    for match in _OLD.finditer(text, start, end):
        if match.span() not in taken:
            found.append(FoundId(match.start(), match.end(), None))
    found.extend(
        FoundId(match.start(), match.end(), None)
        for match in _MASKED.finditer(text, start, end)
        if len(match.group()) >= 15
    )
    return found


def _has_a_birthday(value: str) -> bool:
    return value[6:8] in {"18", "19", "20"} and 1 <= int(value[10:12]) <= 12 and 1 <= int(value[12:14]) <= 31
