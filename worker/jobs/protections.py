"""Ends that have come are noted, ends to come are announced."""

from __future__ import annotations

from portal import clock
from portal.services import protections
from worker.context import BATCH, in_batches


@in_batches
def note_ends() -> int:
    """Note every hold and protection that has ended and is not noted yet (RE-2.9, RE-2.10, RE-2.12)."""
    return protections.note_ended(now=clock.now(), limit=BATCH)


@in_batches
def remind() -> int:
    """Tell brokers what ends soon, on the days of the policy (RE-2.8, RE-2.10)."""
    return protections.remind(now=clock.now(), limit=BATCH)
