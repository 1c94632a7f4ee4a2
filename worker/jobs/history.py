"""The history is chained once it is certain that nothing older can still appear."""

from __future__ import annotations

from portal import clock
from portal.services import sealing
from worker.context import in_batches


@in_batches
def seal() -> int:
    """Seal what has been committed since the last seal."""
    return sealing.seal(now=clock.now())
