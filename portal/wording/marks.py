"""How the registrations of a case are called on screens and papers: 甲乙丙丁 in Chinese, A B C D in English."""

from __future__ import annotations

_STEMS = "甲乙丙丁戊己庚辛壬癸"
_LETTERS = "ABCDEFGHIJ"


def mark(place: int, locale: str) -> str:
    """The mark of the ``place``-th registration, counted from 0; numbers after the tenth."""
    signs = _STEMS if locale.startswith("zh") else _LETTERS
    return signs[place] if place < len(signs) else str(place + 1)
