"""When the site may decide bulk or non-bulk (RE-2.7, RE-Q6, RE-Q41, RE-F10)."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from portal.rules.periods import period_end
from portal.rules.refusal import Refusal
from portal.rules.standing import RegistrationFacts

LATE_FLAG = "late-classification"


def check_classification(registration: RegistrationFacts, at: datetime, *, bulk: bool, extension_asked: bool) -> None:
    """Raises Refusal(RE-2.7): after the visit, while protection runs, and a class asked upon stays bulk."""
    if registration.outcome is not None:
        raise Refusal("classify_ended", "RE-2.7")
    if registration.visited_at is None:
        raise Refusal("classify_before_visit", "RE-2.7")
    if registration.frozen_at is not None:
        raise Refusal("classify_frozen", "RE-2.7")
    if not registration.runs_at(at):
        raise Refusal("classify_after_end", "RE-2.7")
    if extension_asked and not bulk:
        raise Refusal("classify_asked_upon", "RE-2.7")


def is_late(visited_at: datetime, at: datetime, *, first: bool, due_days: int, zone: ZoneInfo) -> bool:
    """Whether the first classification comes later than the policy allows; it stands, flagged (RE-Q41)."""
    return first and at >= period_end(visited_at, due_days, zone)


def due_at(visited_at: datetime, due_days: int, zone: ZoneInfo) -> datetime:
    """The last second in which a first classification is in time."""
    return period_end(visited_at, due_days, zone) - timedelta(seconds=1)
