"""Rows that nobody numbered: 10:30 云栖府 张三 138…, and below it 14:00 青枫园 李四 139…: each files its own customer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from portal.rules.messages.items import Item, Kind

_PLANS = frozenset({Kind.PROJECT, Kind.VISIT})


def repeats(items: Sequence[Item], line: int, other: int) -> bool:
    """Whether ``line`` says of a visit what ``other`` says: a project each, or a time each."""
    return line != other and bool(_plans(items, line) & _plans(items, other))


def is_row_of(items: Sequence[Item], line: int, others: Iterable[int]) -> bool:
    """Whether ``line`` names a project as another line does, and holds no word that is not understood."""
    if any(item.kind is Kind.UNKNOWN for item in items if item.line == line):
        return False
    named = Kind.PROJECT in _plans(items, line)
    return named and any(Kind.PROJECT in _plans(items, other) for other in others if other != line)


def _plans(items: Sequence[Item], line: int) -> frozenset[Kind]:
    return _PLANS.intersection(item.kind for item in items if item.line == line)
