"""Half-year sheets that begin, and people who are to be spoken to."""

from __future__ import annotations

from portal import clock
from portal.services import assessments, care_notices, target_notices
from worker.context import in_batches, in_transaction


@in_batches
def open_reviews() -> int:
    """Open the sheet of the last half year for every distributor that has none (CM-3.5)."""
    return assessments.open_due(clock.now())


@in_transaction
def remind() -> None:
    """Remind of sheets and contacts before they are due and once they are late (CM-3.2, CM-3.3, CM-3.5)."""
    care_notices.remind(clock.now())


@in_transaction
def tell_of_targets() -> None:
    """Tell whoever looks after a distributor of the targets that it missed in the period that ended (CH-14.4)."""
    target_notices.remind(clock.now())
