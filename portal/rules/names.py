"""Names by which lists are sorted and searched."""

from __future__ import annotations

from pypinyin import Style, lazy_pinyin

from portal.rules.search import query_text


def pinyin_key(name: str) -> str:
    """ "jiaqudao jqd" for 甲渠道: whole pinyin and initials; what is not Chinese stays as it is."""
    plain = query_text(name)
    whole = "".join(lazy_pinyin(plain)).lower()
    initials = "".join(lazy_pinyin(plain, style=Style.FIRST_LETTER)).lower()
    return f"{whole} {initials}"
