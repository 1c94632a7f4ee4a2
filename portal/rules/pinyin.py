"""How Chinese is spelt in Latin letters, without tones.

The dictionaries are loaded with the first text: they take a third of a second, which a command that spells nothing, and
each of the processes that a start is made of, need not wait for.
"""

from __future__ import annotations


def syllables(text: str) -> list[str]:
    """A syllable for each character; what is not Chinese stays together as it is."""
    from pypinyin import lazy_pinyin

    return lazy_pinyin(text)


def chinese_syllables(text: str) -> list[str]:
    """A syllable for each Chinese character; everything else is left out."""
    from pypinyin import lazy_pinyin

    return lazy_pinyin(text, errors="ignore")


def initials(text: str) -> list[str]:
    """The first letter of each syllable; what is not Chinese stays together as it is."""
    from pypinyin import Style, lazy_pinyin

    return lazy_pinyin(text, style=Style.FIRST_LETTER)


def load() -> None:
    """Load the dictionaries now: for a server that shares them with the processes that it forks."""
    syllables("")
