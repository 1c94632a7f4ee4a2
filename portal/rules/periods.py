"""How days are counted (GD-2, GD-3): the day of the event is day 0, the period ends with the last second of its last day."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

UTC = ZoneInfo("UTC")


def period_end(start: datetime, days: int, zone: ZoneInfo, *, count: str = "EXCLUSIVE") -> datetime:
    """The exclusive end, in UTC: the midnight after the last day covered, in the project's zone.

    ``EXCLUSIVE`` does not count the day of ``start``; ``INCLUSIVE`` counts it as the first.
    """
    first_uncounted = 1 if count == "EXCLUSIVE" else 0
    return midnight(local_date(start, zone) + timedelta(days=days + first_uncounted), zone)


def local_date(instant: datetime, zone: ZoneInfo) -> date:
    """The calendar day of ``instant`` in the project's zone."""
    return instant.astimezone(zone).date()


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of ``day`` in the project's zone, in UTC."""
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)
