"""The term of a contract in calendar days, and what its numbers may be (DM-3.3, DM-Q4, DM-Q5). Pure."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from portal.rules.periods import local_date, midnight

#: Days of notice before a voluntary exit (DM-Q4).
EXIT_NOTICE_DAYS = 30
#: Terms that are offered, in months; a year is the rule (DM-Q5).
TERMS = (6, 12, 24, 36)
USUAL_TERM = 12
#: Days before the end on which both sides are reminded (DM-10.4).
REMINDERS = (60, 30, 7)
#: Per what the targets are agreed (DM-3.3).
TARGET_PERIODS = ("month", "quarter", "half_year", "year")


def last_day(first: date, months: int) -> date:
    """The last day of a term that begins with ``first``: the day before the same day ``months`` later.

    A month without that day ends the term with its own last day: a year from 29 February ends on 28 February.
    """
    years, month = divmod(first.month - 1 + months, 12)
    year, month = first.year + years, month + 1
    days = monthrange(year, month)[1]
    if first.day > days:
        return date(year, month, days)
    return date(year, month, first.day) - timedelta(days=1)


def bounds(first: date, last: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """From the first instant of ``first`` to the midnight after ``last``, UTC, the end exclusive."""
    return midnight(first, zone), midnight(last + timedelta(days=1), zone)


def first_and_last(starts_at: datetime, ends_at: datetime | None, zone: ZoneInfo) -> tuple[date, date | None]:
    """The days that a term covers, as people write them."""
    last = None if ends_at is None else local_date(ends_at - timedelta(seconds=1), zone)
    return local_date(starts_at, zone), last


def reminder_due(ends_at: datetime, now: datetime) -> int | None:
    """Which reminder is due at ``now``: 60, 30 or 7, the nearest one to the end; None before the first and after the end."""
    left = ends_at - now
    due = [days for days in REMINDERS if timedelta(0) < left <= timedelta(days=days)]
    return min(due, default=None)
