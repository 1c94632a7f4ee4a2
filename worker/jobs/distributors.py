"""What a distributor's people are told when it is suspended, blacklisted or taken back."""

from __future__ import annotations

from portal import clock
from portal.services import distributor_notices
from worker.context import in_transaction


@in_transaction
def tell_status_change(distributor_id: int) -> None:
    """Tell the people of one distributor of its present status, once per change (RE-5.4, DM-12.1)."""
    distributor_notices.tell_status(distributor_id=distributor_id, now=clock.now())


@in_transaction
def tell_missed_changes() -> None:
    """Tell of the changes of the last two weeks whose job was lost with the queue."""
    distributor_notices.tell_recent_changes(now=clock.now())
