"""The clause checklist of a template as people read it: each item with its clause, and what is still missing (CH-5.2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import LazyString

from portal.rules.contract_templates import CHECKLIST, gaps
from portal.wording.contracts import FIELDS, ITEMS


@dataclass(frozen=True, slots=True)
class Line:
    """One item: its code as it is written in the text, its word and clause, whether it is there, the fields it lacks."""

    code: str
    word: LazyString
    clause: str
    there: bool
    missing: tuple[LazyString, ...]


def checklist_of(body: Mapping[str, Any]) -> list[Line]:
    """The whole checklist, in its order."""
    found = gaps(body)
    return [
        Line(
            item.code,
            ITEMS[item.code],
            item.clause,
            not any(gap.code == item.code for gap in found),
            tuple(FIELDS[gap.field] for gap in found if gap.code == item.code and gap.field),
        )
        for item in CHECKLIST
    ]
