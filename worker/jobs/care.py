"""Half-year sheets that begin, and people who are to be spoken to."""

from __future__ import annotations

from portal import clock
from portal.services import assessments, care_notices, care_tasks, target_notices
from worker.context import in_batches, in_transaction


@in_batches
def open_reviews() -> int:
    """Open the sheet of the last half year for every distributor that has none (CM-3.5)."""
    return assessments.open_due(clock.now())


@in_transaction
def open_tasks() -> None:
    """Begin the research of the quarter and the report on the last half year (CM-2.1, CM-7.3)."""
    care_tasks.open_due(clock.now())


@in_transaction
def remind() -> None:
    """Remind of sheets, contacts, research and reports before they are due and once they are late (CM-2.1, 3.2 to 3.5, 7.3)."""
    care_notices.remind(clock.now())
    care_tasks.remind(clock.now())


@in_transaction
def tell_of_targets() -> None:
    """Tell whoever looks after a distributor of the targets that it missed in the period that ended (CH-14.4)."""
    target_notices.remind(clock.now())
