"""When a distributor may claim a deal (RE-8.1, RE-8.2; RE-Q23, RE-Q24, RE-Q44; RE-F5)."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from portal.rules.periods import period_end
from portal.rules.policies import ClaimWindow
from portal.rules.refusal import Refusal

#: The events that open a window of their own; the online signing opens none (RE-Q44).
CLAIMABLE = ("deposit", "subscription", "signing")
LATE_FLAG = "late-under-strict-reading"


def window_end(happened_at: datetime, window: ClaimWindow, zone: ZoneInfo) -> datetime:
    """The exclusive end of the window, UTC: ``days`` calendar days after the day of the event (RE-8.1, RE-Q23)."""
    return period_end(happened_at, window.days, zone)


def check_claim(
    event: str, happened_at: datetime, at: datetime, window: ClaimWindow, zone: ZoneInfo
) -> tuple[str, ...]:
    """The flags of a timely claim: late under the strict reading or none (GD-7). Raises Refusal(RE-8.2) when it is too late."""
    if event not in CLAIMABLE:
        raise Refusal("claim_of_online_signing", "RE-8.2")
    end = window_end(happened_at, window, zone)
    if at >= end:
        raise Refusal("claim_too_late", "RE-8.2", ends_at=end, zone=zone.key)
    return (LATE_FLAG,) if at >= period_end(happened_at, window.strict_days, zone) else ()


def check_evidence(*, typed: bool, is_open: bool, answer_at: datetime, at: datetime) -> None:
    """Whether files may still be added. Raises Refusal(RE-8.1) for a claim that is ruled or answered.

    A claim by a typed number goes by the time alone: whether it has been ruled would tell that it fits a deal.
    """
    if not (at < answer_at if typed else is_open):
        raise Refusal("claim_closed", "RE-8.1")
