"""Whether a filing was made long enough before the arrival (RE-2.2, RE-2.3, RE-Q2, RE-Q3)."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from portal.rules.periods import local_date, midnight
from portal.rules.policies import LeadTime

_STEP = {"MINUTE": timedelta(minutes=1), "HOUR": timedelta(hours=1)}


def earliest_arrival(filed_at: datetime, *, is_local: bool, lead_time: LeadTime, zone: ZoneInfo) -> datetime:
    """The first instant at which the front desk may register the visit as this filing's, in UTC."""
    lead = lead_time.local if is_local else lead_time.elsewhere
    if lead.unit == "CALENDAR_DAY":
        return midnight(local_date(filed_at, zone) + timedelta(days=lead.value), zone)
    return filed_at + lead.value * _STEP[lead.unit]


def in_time(filed_at: datetime, arrived_at: datetime, *, is_local: bool, lead_time: LeadTime, zone: ZoneInfo) -> bool:
    """Judged to the second against the front desk's time: on the very second is in time."""
    return arrived_at >= earliest_arrival(filed_at, is_local=is_local, lead_time=lead_time, zone=zone)


def lead_clause(is_local: bool) -> str:
    """The clause that sets the lead."""
    return "RE-2.2" if is_local else "RE-2.3"
