"""Explanations in cases of breach whose time is running out."""

from __future__ import annotations

from portal import clock
from portal.services import finding_notices
from worker.context import in_transaction


@in_transaction
def remind_of_explanations() -> None:
    """Remind the distributor before the end, tell headquarters of silence after it (RE-4.4, RE-4.5)."""
    finding_notices.remind(clock.now())
