"""Class and care of distributors: the half-year sheet, the class it leads to, how often one is spoken to (CM-3, DM-10.2).

The numbers are data (``sheets/partner.yaml``); a sheet that was opened is read with the version it was opened with.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from importlib import resources
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from portal.rules.periods import local_date, midnight
from portal.rules.refusal import Refusal

CLASSES = ("A", "B", "C")
RESULTS = ("passed", "warned", "downgraded")
CONTACT_KINDS = ("call", "visit", "meeting", "message", "market")
#: Scheduled, scored, confirmed by a second person, published; then what is done about it (D.12).
STATES = ("scheduled", "scored", "confirmed", "published", "measures")
_CENT = Decimal("0.01")
_STEPS: dict[tuple[str, str], str] = {
    ("scheduled", "scored"): "CH-12.3",
    ("scored", "scored"): "CH-12.3",
    ("scored", "confirmed"): "CH-3.11",
    ("confirmed", "published"): "DC-3.3",
    ("published", "measures"): "CH-12.5",
}


@dataclass(frozen=True, slots=True)
class Indicator:
    """One row of the sheet: its weight in per cent, the clause that names it, the figures that stand beside it."""

    code: str
    weight: Decimal
    clause: str
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cadence:
    """At least one contact of these kinds in every ``months`` calendar months."""

    months: int
    kinds: tuple[str, ...]
    clause: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A version of the sheet. ``classes`` are (letter, lowest total), the highest first; ``failures`` in a row downgrade."""

    version: int
    months: int
    days_to_finish: int
    remind_days: tuple[int, ...]
    indicators: tuple[Indicator, ...]
    classes: tuple[tuple[str, Decimal], ...]
    passed_from: Decimal
    failures: int
    contacts: Mapping[str, Cadence]
    remind_contact_days: int

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Sheet:
        """Read a document. Raises ValueError when the weights do not add up to 100."""
        rows = document["indicators"]
        indicators = tuple(
            Indicator(row["code"], Decimal(row["weight"]), row["clause"], tuple(row["facts"])) for row in rows
        )
        if sum(one.weight for one in indicators) != 100:
            raise ValueError("the weights of the sheet add up to 100")
        review = document["review"]
        return cls(
            version=document["version"],
            months=review["months"],
            days_to_finish=review["days_to_finish"],
            remind_days=tuple(review["remind_days"]),
            indicators=indicators,
            classes=_floors(document["classes"]),
            passed_from=Decimal(document["result"]["passed_from"]),
            failures=document["result"]["failures"],
            contacts={letter: _cadence(row) for letter, row in document["contacts"].items()},
            remind_contact_days=document["remind_contact_days"],
        )


@dataclass(frozen=True, slots=True)
class Half:
    """A calendar half year: its first and last day."""

    first: date
    last: date

    @property
    def number(self) -> int:
        """1 or 2."""
        return 1 if self.first.month == 1 else 2


@cache
def sheet_document() -> dict[str, Any]:
    """The sheet as it stands now, as data; not to be changed."""
    path = resources.files("portal.rules") / "sheets" / "partner.yaml"
    return dict(yaml.safe_load(path.read_text(encoding="utf-8")))


@cache
def sheet() -> Sheet:
    """The sheet as it stands now."""
    return Sheet.from_document(sheet_document())


def total(sheet: Sheet, scores: Mapping[str, Decimal]) -> Decimal:
    """Σ weight × score / 100, to the hundredth, half up (CH-12.3).

    Raises Refusal for a score that is missing or outside 0 to 100.
    """
    points = [(one.weight, scores.get(one.code)) for one in sheet.indicators]
    if any(score is None or not 0 <= score <= 100 for _weight, score in points):
        raise Refusal("assessment_score_missing", "CH-12.3")
    weighted = sum((weight * score for weight, score in points if score is not None), Decimal(0))
    return (weighted / 100).quantize(_CENT, ROUND_HALF_UP)


def class_of(sheet: Sheet, points: Decimal) -> str:
    """The class that the total leads to; a named person gives it (CM-3.1)."""
    return next(letter for letter, floor in sheet.classes if points >= floor)


def result_of(sheet: Sheet, points: Decimal, failed_before: int) -> str:
    """Passed, warned, or downgraded when as many half years in a row have failed (DM-11.3, CH-Q3)."""
    if points >= sheet.passed_from:
        return "passed"
    return "downgraded" if failed_before + 1 >= sheet.failures else "warned"


def check_step(state: str, to: str) -> str:
    """The clause by which a sheet goes from one state to the next. Raises Refusal for every other pair (D.12)."""
    if (state, to) not in _STEPS:
        raise Refusal("assessment_step", "CM-3.5")
    return _STEPS[state, to]


def check_confirmation(scored_by: int | None, confirming: int) -> None:
    """Whoever gave the scores does not confirm them (CH-3.11). Raises Refusal."""
    if scored_by == confirming:
        raise Refusal("assessment_by_its_scorer", "CH-3.11")


def half_before(now: datetime, zone: ZoneInfo) -> Half:
    """The last calendar half year that has ended at ``now`` in the group's zone (CM-3.5, GD-5)."""
    today = local_date(now, zone)
    if today.month > 6:
        return Half(date(today.year, 1, 1), date(today.year, 6, 30))
    return Half(date(today.year - 1, 7, 1), date(today.year - 1, 12, 31))


def review_due(half: Half, sheet: Sheet, zone: ZoneInfo) -> datetime:
    """By when the sheet of the half year is to be published; exclusive bound, UTC."""
    return midnight(half.last + timedelta(days=1 + sheet.days_to_finish), zone)


def contact_due(cadence: Cadence, since: datetime, zone: ZoneInfo) -> datetime:
    """By when the next contact is due after one (or after the class was given) at ``since``; exclusive bound, UTC.

    Every calendar period of ``months`` has one (CM-3.2, 3.3, GD-5): after one in March the next is due by the end of April.
    """
    day = local_date(since, zone)
    period = (day.year * 12 + day.month - 1) // cadence.months
    year, month = divmod((period + 2) * cadence.months, 12)
    return midnight(date(year, month + 1, 1), zone)


def contact_due_of(given: Sequence[tuple[str, datetime]], spoken: Mapping[str, datetime], zone: ZoneInfo) -> datetime:
    """By when a distributor is to be spoken to that was given these classes, the oldest first; exclusive bound, UTC.

    ``spoken``: the last contact of each kind. A new class does not make overdue what was not, and puts nothing off either:
    a contact that was due under the class before stays due then (CM-3.2 to 3.4).
    """
    due: datetime | None = None
    for letter, since in given:
        cadence = sheet().contacts[letter]
        last = max((spoken[kind] for kind in cadence.kinds if kind in spoken), default=None)
        if last is not None and last >= since:
            due = contact_due(cadence, last, zone)
        else:
            fresh = contact_due(cadence, since, zone)
            due = fresh if due is None else min(due, fresh)
    if due is None:
        raise ValueError("no class was given")
    return due


def check_people(letter: str | None, owner_id: int | None, deputy_id: int | None) -> None:
    """A distributor of class A has an account owner and a deputy, two people (CM-6.2). Raises Refusal."""
    if owner_id is not None and owner_id == deputy_id:
        raise Refusal("deputy_is_the_owner", "CM-6.2")
    if letter == "A" and (owner_id is None or deputy_id is None):
        raise Refusal("class_a_needs_two", "CM-6.2")


def _floors(rows: list[dict[str, Any]]) -> tuple[tuple[str, Decimal], ...]:
    found = ((row["letter"], Decimal(row["from"])) for row in rows)
    return tuple(sorted(found, key=lambda pair: -pair[1]))


def _cadence(row: Mapping[str, Any]) -> Cadence:
    return Cadence(row["months"], tuple(row["kinds"]), row["clause"])
