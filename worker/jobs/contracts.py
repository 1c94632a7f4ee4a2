"""Contracts whose end comes near or has come."""

from __future__ import annotations

from portal import clock
from portal.services import contract_notices
from worker.context import in_transaction


@in_transaction
def remind_of_ends() -> None:
    """Remind both sides 60, 30 and 7 days before the end and tell of the end, once each (DM-10.4)."""
    contract_notices.remind(clock.now())
