"""Working days (GD-6): the published calendar with its make-up days, and what is certain of the years beyond it.

The calendar of a year is published in the late autumn before. Until then a day of that year is judged by its weekday and by
the holidays that the law fixes to a date; whoever shows such a deadline says that it may still move (``is_settled``).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import chinese_calendar

from portal.rules.periods import local_date, midnight

#: Month and day of the public holidays that are the same in every year: New Year, Labour Day, National Day.
_FIXED = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})
#: The New Year of the year to come has taken days of late December before, as days off and as make-up days.
_CERTAIN_UNTIL = (12, 24)


def last_published_year() -> int:
    """The last year whose public holidays and make-up days are known."""
    return max(chinese_calendar.holidays).year


def is_working_day(day: date) -> bool:
    """Whether people work on ``day``."""
    if day.year > last_published_year():
        return day.weekday() < 5 and (day.month, day.day) not in _FIXED
    return bool(chinese_calendar.is_workday(day))


def working_days_end(start: datetime, days: int, zone: ZoneInfo) -> datetime:
    """The end of the ``days``-th working day after ``start``, whose own day is not counted (GD-2); exclusive bound, UTC."""
    day, left = local_date(start, zone), days
    while left:
        day += timedelta(days=1)
        left -= is_working_day(day)
    return midnight(day + timedelta(days=1), zone)


def is_settled(end: datetime, zone: ZoneInfo) -> bool:
    """Whether no calendar still to be published can move a deadline in working days that ends at ``end`` (exclusive)."""
    return local_date(end - timedelta(seconds=1), zone) <= date(last_published_year(), *_CERTAIN_UNTIL)
