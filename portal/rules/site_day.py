"""The day of a site: when it last closed, and who has to finish a flow that was left open (RE-3.7)."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

UTC = ZoneInfo("UTC")

#: Who finishes each step of the first-visit flow. Leader and back office always hear of it.
DOERS: dict[str, tuple[str, ...]] = {
    "slip": ("reception", "back_office", "site_leader"),
    "audit": ("back_office", "site_leader"),
    "sign_off": ("back_office", "site_leader"),
    "entry": ("consultant", "back_office", "site_leader"),
}


def last_closing(now: datetime, closes_at: time, zone: ZoneInfo) -> datetime:
    """The latest closing time that is not after ``now``, in UTC. An arrival after it belongs to the next one."""
    today = now.astimezone(zone).date()
    closing = datetime.combine(today, closes_at, tzinfo=zone)
    if closing > now:
        closing = datetime.combine(today - timedelta(days=1), closes_at, tzinfo=zone)
    return closing.astimezone(UTC)


def open_step(*, signed: bool, audited: bool, signed_off: bool) -> str:
    """The first step that is still to be done."""
    if not signed:
        return "slip"
    if not audited:
        return "audit"
    return "entry" if signed_off else "sign_off"
