"""The calendar of care: market research every quarter (CM-2.1), a report on the execution every half year (CM-7.3). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from portal.rules.care import half_before, review_due, sheet
from portal.rules.periods import local_date, midnight
from portal.rules.refusal import Refusal

KINDS = ("research", "report")
CLAUSES = {"research": "CM-2.1", "report": "CM-7.3"}
#: Days before the end at which people are reminded once; a proposal, as for the half-year sheets.
REMIND_DAYS = (3, 14)


@dataclass(frozen=True, slots=True)
class Due:
    """A task that the calendar asks for: its period, both days covered, and by when it is due; exclusive bound, UTC."""

    kind: str
    first: date
    last: date
    due_at: datetime


def asked_for(now: datetime, zone: ZoneInfo) -> tuple[Due, Due]:
    """What has begun at ``now``: the research of the present quarter, the report on the half year that has ended (GD-5)."""
    first, following = _quarter(local_date(now, zone))
    half = half_before(now, zone)
    research = Due("research", first, following - timedelta(days=1), midnight(following, zone))
    return research, Due("report", half.first, half.last, review_due(half, sheet(), zone))


def stage_of(due_at: datetime, now: datetime) -> tuple[str, str]:
    """Whether people are to be reminded, and on which occasion: ("ending", days), ("late", ""), or ("", "")."""
    if now >= due_at:
        return "late", ""
    reached = next((days for days in REMIND_DAYS if due_at - now <= timedelta(days=days)), None)
    return ("", "") if reached is None else ("ending", str(reached))


def check_done(kind: str, done: bool, findings: str, measures: str | None) -> None:
    """Raises Refusal once it is done, and without words: a report says what follows, too (CM-7.4)."""
    if done:
        raise Refusal("care_task_is_done", CLAUSES[kind])
    if not findings.strip() or (kind == "report" and not (measures or "").strip()):
        raise Refusal("care_task_needs_words", CLAUSES[kind])


def _quarter(day: date) -> tuple[date, date]:
    """Its first day and the first day of the next one."""
    first = date(day.year, day.month - (day.month - 1) % 3, 1)
    following = date(first.year + first.month // 10, (first.month + 2) % 12 + 1, 1)
    return first, following
