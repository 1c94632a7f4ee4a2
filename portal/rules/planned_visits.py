"""When a customer is expected, as brokers say it: in an hour, this afternoon, tomorrow. A plan; nothing is judged by it."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from portal.rules.periods import UTC, local_date

#: The chips of the filing form. ``other`` stands for a time that is typed.
CHOICES = ("hour", "today_afternoon", "tomorrow_morning", "tomorrow_afternoon", "other")
_DAYS_AND_HOURS = {
    "today_afternoon": (0, time(15)),
    "tomorrow_morning": (1, time(10)),
    "tomorrow_afternoon": (1, time(15)),
}
_ROUND_TO = timedelta(minutes=5)
#: Nobody plans further ahead; a later date is a slip of the finger.
FURTHEST = timedelta(days=366)


def planned_instant(choice: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    """The instant that a chip stands for, in UTC; None for ``other`` and for a chip whose time is over."""
    if choice == "hour":
        return _rounded_up(now + timedelta(hours=1))
    if choice not in _DAYS_AND_HOURS:
        return None
    days, clock = _DAYS_AND_HOURS[choice]
    day = local_date(now, zone) + timedelta(days=days)
    found = datetime.combine(day, clock, tzinfo=zone).astimezone(UTC)
    return found if found > now else None


def is_plausible(planned: datetime, now: datetime) -> bool:
    """Whether a typed plan lies ahead, and not absurdly far."""
    return now <= planned <= now + FURTHEST


def _rounded_up(instant: datetime) -> datetime:
    """To the next five minutes, so that an arrival at the time named is in time (RE-2.2)."""
    beyond = (instant - datetime.min.replace(tzinfo=instant.tzinfo)) % _ROUND_TO
    return instant + (_ROUND_TO - beyond) % _ROUND_TO
