"""The cities of GB/T 2260 that a project can lie in: prefectures, municipalities, and counties directly under a province."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources

_LINE = re.compile(
    r'(\d{2}) province="(?P<province>[^"]+)"|  (\d{4}) county="(?:\[\d*-(?P<until>\d*)\])?(?P<county>[^"]+)"'
)
_MUNICIPALITIES = frozenset({"11", "12", "31", "50"})
_WHOLE_REGIONS = {"71": "台湾", "81": "香港", "82": "澳门"}


@dataclass(frozen=True, slots=True)
class City:
    """A city by its six-digit code; the first four digits are those of the resident IDs issued there."""

    code: str
    name: str
    province: str


@cache
def cities() -> dict[str, City]:
    """Every city of today by code, in the order of the codes."""
    found: dict[str, City] = {}
    province = head = ""
    for line in (resources.files("stdnum") / "cn" / "loc.dat").read_text("utf-8").splitlines():
        match = _LINE.match(line)
        if match is None:
            continue
        if match["province"]:
            head, province = match[1], match["province"]
            if head in _WHOLE_REGIONS:
                found[f"{head}0000"] = City(f"{head}0000", _WHOLE_REGIONS[head], _WHOLE_REGIONS[head])
        elif name := _name(head, province, match):
            found[head + match[3]] = City(head + match[3], name, province)
    return found


def _name(head: str, province: str, match: re.Match[str]) -> str | None:
    """The city that a county line stands for; None for districts, counties of a city, and what no longer exists."""
    number, county = match[3], match["county"]
    if match["until"] or head in _WHOLE_REGIONS:
        return None
    if head in _MUNICIPALITIES:
        return province if number == "0100" else None
    if number.startswith("90"):
        return county if number != "9000" else None
    return county if number.endswith("00") and number != "0000" else None
