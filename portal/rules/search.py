"""The pieces of a customer by which a list is searched: parts of the name, its pinyin and initials, last four digits."""

from __future__ import annotations

import re
import unicodedata

from portal.rules.pinyin import chinese_syllables

_LONGEST = 12


def search_words(*names: str | None, phone: str | None = None) -> frozenset[str]:
    """Every text that finds this customer. Names give their parts, their pinyin from each syllable on, their initials."""
    words = {piece for name in names if name for piece in _name_words(name)}
    if phone:
        words |= {phone[-4:], phone.removeprefix("+86")}
    return frozenset(words)


def query_word(typed: str) -> str:
    """What was typed into a search field, in the spelling of ``search_words``."""
    return re.sub(r"[\s\-']", "", unicodedata.normalize("NFKC", typed)).lower()[:_LONGEST]


def _name_words(name: str) -> set[str]:
    plain = query_text(name)
    syllables = [syllable.lower() for syllable in chinese_syllables(plain)]
    initials = "".join(syllable[0] for syllable in syllables)
    words = _parts(plain) | _parts(initials)
    for start in range(len(syllables)):
        words |= _beginnings("".join(syllables[start:]))
    return words


def query_text(name: str) -> str:
    """A name without spaces, in lower case and half width."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", name)).lower()


def _parts(text: str) -> set[str]:
    longest = range(1, min(len(text), _LONGEST) + 1)
    return {text[start : start + length] for length in longest for start in range(len(text) - length + 1)}


def _beginnings(text: str) -> set[str]:
    return {text[:length] for length in range(2, min(len(text), _LONGEST) + 1)}
