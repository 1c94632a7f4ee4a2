"""What comes in with an address: ids, references, search words, keys of pages, where to go next. Nothing odd gets further.

A number that no table could hold or a sign that no text column takes is a 404 or is dropped here, never a failure of a query.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from urllib.parse import urlsplit

from flask import Flask, request
from werkzeug.routing import BaseConverter

from portal import crypto

_LONGEST_SEARCH = 60
_SEARCH = "addresses.search"
#: Thirty bits: what is scrambled.
_MOST = 0x3FFFFFFF


def hidden(number: int) -> str:
    """The number of a row as an address carries it: from two of them nobody can count what lies in between."""
    if not 0 < number <= _MOST:
        raise ValueError("a row's number is beyond what an address carries")
    return f"{crypto.scramble(number):08x}"


def uncovered(typed: str) -> int:
    """The row's number that ``hidden`` put into an address."""
    return crypto.unscramble(int(typed, 16) & _MOST)


class IdConverter(BaseConverter):
    """``<id:user_id>``: the number of a row, hidden."""

    regex = r"[0-3][0-9a-f]{7}"

    def to_python(self, value: str) -> int:
        return uncovered(value)

    def to_url(self, value: int) -> str:
        return hidden(value)


class ReferenceConverter(BaseConverter):
    """``<ref:reference>``: what people call an object by, YQ-2604-4F7K2M, D-0042, YQ."""

    regex = r"[A-Z0-9][A-Z0-9-]{0,31}"


def sealed(words: str) -> str:
    """Search words as an address may carry them: anybody's name or number is read by nobody on the way or in a log."""
    return urlsafe_b64encode(crypto.seal(words, column=_SEARCH)).decode().rstrip("=")


def sealed_words() -> str:
    """The search words that ``sealed`` put into the address; none when it was tampered with or is too old to open."""
    return opened(request.args.get("s", ""))


def opened(given: str) -> str:
    """The words in ``given``, which ``sealed`` made; none when it was tampered with or is too old to open."""
    try:
        return crypto.unseal(urlsafe_b64decode(given + "=" * (-len(given) % 4)), column=_SEARCH) if given else ""
    except (crypto.SealBroken, ValueError):
        return ""


def tidy_words(typed: str) -> str:
    """Search words without signs that nobody can see, not too long."""
    return "".join(sign for sign in typed if sign.isprintable())[:_LONGEST_SEARCH].strip()


def page_reference(name: str) -> str | None:
    """The reference in the address under ``name``, such as that after which a page begins; None when it is none."""
    typed = request.args.get(name, "")
    return typed if re.fullmatch(ReferenceConverter.regex, typed) else None


def references_in(typed: str) -> tuple[str, ...]:
    """The references named in ``typed``, separated by commas; what is none is left out."""
    return tuple(one for one in typed.split(",") if re.fullmatch(ReferenceConverter.regex, one))[:20]


def page_number_key(name: str) -> int | None:
    """The id after or before which the page begins; None when it is none."""
    return shown_number(request.args.get(name, ""))


def shown_number(typed: str) -> int | None:
    """The row's number that ``hidden`` put into a page; None when it is none."""
    return uncovered(typed) if re.fullmatch(IdConverter.regex, typed) else None


def wanted_address(default: str) -> str:
    """The page named by ``next`` in the address or the form when it is a path of this portal, else ``default``."""
    wanted = request.values.get("next", "")
    return wanted if is_local(wanted) else default


def is_local(address: str) -> bool:
    """One slash at the beginning, no host, nothing that a browser would read as a slash or skip."""
    if not address.startswith("/") or address.startswith("//") or "\\" in address or not address.isprintable():
        return False
    parts = urlsplit(address)
    return not parts.scheme and not parts.netloc


def register(app: Flask) -> None:
    """Teach the routes the converters ``id`` and ``ref``, and the templates to hide the key of a page."""
    app.url_map.converters.update(id=IdConverter, ref=ReferenceConverter)
    app.jinja_env.filters["hidden"] = hidden
