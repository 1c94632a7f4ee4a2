"""Dates and times in people's words. Every function takes an aware instant and shows it in one zone.

A period's end is an exclusive bound, the midnight after its last day; people read the last covered minute: 23:59.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

PORTAL_ZONE = ZoneInfo("Asia/Shanghai")
"""The zone of everything that belongs to no project (GD-1)."""


def in_zone(instant: datetime, zone: ZoneInfo) -> datetime:
    """The wall clock of ``zone``. Raises ValueError for a naive instant: it would be read in the server's zone."""
    if instant.tzinfo is None:
        raise ValueError("a naive time says nothing: give its zone")
    return instant.astimezone(zone)


def date(instant: datetime, zone: ZoneInfo = PORTAL_ZONE) -> str:
    """2026-04-10"""
    return in_zone(instant, zone).strftime("%Y-%m-%d")


def moment(instant: datetime, zone: ZoneInfo = PORTAL_ZONE) -> str:
    """2026-04-10 23:59"""
    return in_zone(instant, zone).strftime("%Y-%m-%d %H:%M")


def second(instant: datetime, zone: ZoneInfo = PORTAL_ZONE) -> str:
    """2026-04-10 23:59:59, where the second decides: filing times, signatures."""
    return in_zone(instant, zone).strftime("%Y-%m-%d %H:%M:%S")


def hour(instant: datetime, zone: ZoneInfo = PORTAL_ZONE) -> str:
    """23:59"""
    return in_zone(instant, zone).strftime("%H:%M")


def short_date(instant: datetime, now: datetime, zone: ZoneInfo = PORTAL_ZONE) -> str:
    """04-10 in the year of ``now``, 2025-04-10 in another."""
    local = in_zone(instant, zone)
    same_year = local.year == in_zone(now, zone).year
    return local.strftime("%m-%d" if same_year else "%Y-%m-%d")


def short_moment(instant: datetime, now: datetime, zone: ZoneInfo = PORTAL_ZONE) -> str:
    """23:59 on the day of ``now``, 04-10 23:59 in its year, 2025-04-10 23:59 in another."""
    if date(instant, zone) == date(now, zone):
        return hour(instant, zone)
    return f"{short_date(instant, now, zone)} {hour(instant, zone)}"


def last_covered(end: datetime) -> datetime:
    """The last second inside a period that ends, exclusively, at ``end``."""
    return end - timedelta(seconds=1)


def until(end: datetime, zone: ZoneInfo = PORTAL_ZONE) -> str:
    """The exclusive bound as the minute that people may still use: 2026-04-10 23:59."""
    return moment(last_covered(end), zone)


def short_until(end: datetime, now: datetime, zone: ZoneInfo = PORTAL_ZONE) -> str:
    """As ``until`` without the year when it is the year of ``now``: 04-10 23:59. Never the hour alone: an end needs its day."""
    return f"{short_date(last_covered(end), now, zone)} {hour(last_covered(end), zone)}"


def machine(instant: datetime, zone: ZoneInfo = PORTAL_ZONE) -> str:
    """For the datetime attribute of a time element: 2026-04-10T23:59:59+08:00."""
    return in_zone(instant, zone).isoformat(timespec="seconds")
