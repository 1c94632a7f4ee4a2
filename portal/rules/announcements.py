"""When a distributor may announce an arrival (RE-3.1, RE-Q11): for what runs, for a time to come within the protection."""

from __future__ import annotations

from datetime import datetime

from portal.rules.refusal import Refusal
from portal.rules.standing import RegistrationFacts


def check_announcement(registration: RegistrationFacts, expected_at: datetime, now: datetime) -> None:
    """Raises Refusal unless the arrival may be announced. The notice itself protects nothing: the visit does."""
    if not registration.runs_at(now):
        raise Refusal("announce_after_end", "RE-3.1")
    if expected_at < now:
        raise Refusal("announce_in_the_past", "RE-3.1")
    if expected_at >= registration.ends_at:
        raise Refusal("announce_beyond_the_end", "RE-2.9" if registration.visited_at is None else "RE-2.10")
