"""Working days (GD-6): the public-holiday table with its make-up days, Monday to Friday for later years."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import chinese_calendar

from portal.rules.periods import local_date, midnight


def is_working_day(day: date) -> bool:
    """Whether people work on ``day``."""
    try:
        return bool(chinese_calendar.is_workday(day))
    # What the library raises for a year beyond its table is one.
    except RuntimeError:
        return day.weekday() < 5


def working_days_end(start: datetime, days: int, zone: ZoneInfo) -> datetime:
    """The end of the ``days``-th working day after ``start``, whose own day is not counted (GD-2); exclusive bound, UTC."""
    day, left = local_date(start, zone), days
    while left:
        day += timedelta(days=1)
        left -= is_working_day(day)
    return midnight(day + timedelta(days=1), zone)
