"""How a login is spelled, so that one person has one: the same rule when it is made and when it is typed."""

from __future__ import annotations

import re
import unicodedata

_PHONE_MARKS = str.maketrans("", "", " -()‐‑–—\t\u3000")
_SPELLING = re.compile(r"[a-z0-9][a-z0-9._@-]{1,49}")


def tidy_login(typed: str) -> str:
    """Half-width, lower case, without the blanks and dashes that people write into phone numbers."""
    plain = unicodedata.normalize("NFKC", typed).strip().casefold()
    bare = plain.translate(_PHONE_MARKS).removeprefix("+86")
    return bare if bare.isascii() and bare.isdigit() else plain


def is_login(tidy: str) -> bool:
    """2 to 50 characters: letters, digits, dot, dash, underscore, @; begins with a letter or digit."""
    return _SPELLING.fullmatch(tidy) is not None
