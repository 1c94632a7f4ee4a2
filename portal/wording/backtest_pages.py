"""A back-test on screen and as a table to take along: what would be different, kind by kind."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import openpyxl
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.models import Backtest
from portal.wording.backtests import owner
from portal.wording.imports import harmless

#: The page shows so many of a kind; the table has them all.
SHOWN = 100
SHEETS = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""The forms of the table, each with its media type."""

_KINDS: Mapping[str, tuple[LazyString, str]] = {
    "lapsed": (_l("会在到访前过期的报备"), "registration"),
    "revived": (_l("会赶上到访的报备"), "registration"),
    "late": (_l("会算过晚的报备"), "registration"),
    "no_longer_late": (_l("不再算过晚的报备"), "registration"),
    "claims_refused": (_l("会不受理的撞单申请"), "claim"),
    "claims_flagged": (_l("会标为从严已晚的撞单申请"), "claim"),
    "claims_no_longer_flagged": (_l("不再标为从严已晚的撞单申请"), "claim"),
}
_CHANGED = _l("会改变归属的成交")


@dataclass(frozen=True, slots=True)
class Finding:
    """One kind of difference with all that it concerns: registrations or claims, by their references."""

    title: str
    subject: str
    references: Sequence[str]

    @property
    def shown(self) -> Sequence[str]:
        """What the page lists."""
        return self.references[:SHOWN]


def called(run: Backtest) -> str:
    """What the asker calls the policy, or the regime's code."""
    return run.name or draft_name(str(run.document.get("code", "")))


def draft_name(code: str) -> str:
    """What a draft of a regime is called that nobody has named."""
    return _("%(code)s 草案", code=code)


def findings_of(result: Mapping[str, Any]) -> list[Finding]:
    """Every kind of difference that has something in it, without the deals, which have a table of their own."""
    return [Finding(str(title), subject, result[kind]) for kind, (title, subject) in _KINDS.items() if result.get(kind)]


def changes_of(result: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """(deal, owner before, owner after) of the deals that would change owner."""
    return [(one["deal"], owner(one["before"]), owner(one["after"])) for one in result["changed"]]


def sheet_of(result: Mapping[str, Any], form: str) -> bytes:
    """Everything that would be different as a table; ``form`` is one of SHEETS. No cell is run as a formula."""
    heads = [_("有什么不同"), _("编号"), _("原来"), _("改为")]
    rows = [heads, *([harmless(cell) for cell in row] for row in _rows(result))]
    return _workbook(rows) if form == "xlsx" else _text(rows)


def _rows(result: Mapping[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    for deal, before, after in changes_of(result):
        yield str(_CHANGED), deal, before, after
    for finding in findings_of(result):
        for reference in finding.references:
            yield finding.title, reference, "", ""


def _text(rows: Sequence[Sequence[str]]) -> bytes:
    written = io.StringIO(newline="")
    csv.writer(written).writerows(rows)
    return b"\xef\xbb\xbf" + written.getvalue().encode()


def _workbook(rows: Sequence[Sequence[str]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for letter in "ABCD":
        book.active.column_dimensions[letter].width = 28
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()
