"""Where a customer lives, as typed: the city that is meant, if it is one (RE-Q3)."""

from __future__ import annotations

import re
from functools import cache

from portal.rules.cities import cities

_KINDS = re.compile(r"(?:市|地区|盟|自治州|特别行政区|省)$")


def city_code(typed: str) -> str | None:
    """The code of the city named in ``typed`` ("上海", "上海市浦东新区", "浙江宁波"); None when none or several are."""
    found = {code for name, code in _short_names().items() if name in typed}
    return found.pop() if len(found) == 1 else None


def city_name(code: str | None) -> str | None:
    """The name of a city by its code, without 市."""
    found = cities().get(code or "")
    return None if found is None else _short(found.name)


@cache
def city_names() -> tuple[str, ...]:
    """Every city, as people write it, for a list of suggestions."""
    return tuple(_short_names())


@cache
def _short_names() -> dict[str, str]:
    return {_short(city.name): code for code, city in cities().items()}


def _short(name: str) -> str:
    plain = _KINDS.sub("", name)
    return plain if len(plain) > 1 else name
