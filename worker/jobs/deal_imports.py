"""Imports of deals: one file by its job, and the sweep over those whose job was lost."""

from __future__ import annotations

from portal import clock, importing, jobs
from portal.services import deal_imports
from portal.transaction import transaction
from worker.context import job


@job
def import_rows(batch_id: int) -> None:
    """Go on with an import at the rows that still wait; running twice does no harm."""
    importing.run(batch_id)


@job
def take_up() -> None:
    """Ask again for imports that were not finished: the queue was away, or whoever worked on them was killed."""
    with transaction():
        for batch_id in deal_imports.unfinished(now=clock.now()):
            jobs.enqueue_if_lost(jobs.IMPORT_DEALS, batch_id)
