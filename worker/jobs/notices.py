"""Notices and drafts that have had their time."""

from __future__ import annotations

from portal import clock
from portal.services import housekeeping
from worker.context import in_transaction


@in_transaction
def clear_away() -> None:
    """Delete what nobody needs any more."""
    housekeeping.clear_away(now=clock.now())
