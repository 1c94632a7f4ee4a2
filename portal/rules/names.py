"""Names by which lists are sorted and searched."""

from __future__ import annotations

from portal.rules.pinyin import initials, syllables
from portal.rules.search import query_text


def pinyin_key(name: str) -> str:
    """ "jiaqudao jqd" for 甲渠道: whole pinyin and initials; what is not Chinese stays as it is."""
    plain = query_text(name)
    whole = "".join(syllables(plain)).lower()
    first_letters = "".join(initials(plain)).lower()
    return f"{whole} {first_letters}"
