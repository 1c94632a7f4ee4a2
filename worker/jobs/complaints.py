"""Complaints whose next step is due."""

from __future__ import annotations

from portal import clock
from portal.services import complaint_notices, working_day_deadlines
from worker.context import in_transaction


@in_transaction
def remind() -> None:
    """Remind whoever has it, or the whole service while nobody has, within a day of the end and once it is late (CX-5.2)."""
    complaint_notices.remind(clock.now())


@in_transaction
def recount_deadlines() -> None:
    """Count deadlines in working days again, should the calendar of another year have been published (GD-6)."""
    working_day_deadlines.recount(clock.now())
