"""Carrying out what was decided about a cooperation: batch by batch, each in its own transaction, by whoever comes next."""

from __future__ import annotations

from portal import clock, jobs
from portal.services import enforcement_steps
from portal.transaction import transaction
from worker.context import job


@job
def carry_out(enforcement_id: int) -> None:
    """Do what is left of one enforcement. Run again, or beside another worker, it does nothing twice (RE-Q34)."""
    while _one_batch(enforcement_id):
        continue


def _one_batch(enforcement_id: int) -> bool:
    with transaction():
        return enforcement_steps.go_on(enforcement_id=enforcement_id, now=clock.now())


@job
def take_up() -> None:
    """Ask again for what is not finished: the queue was away when it was asked for, or its worker was killed."""
    with transaction():
        for enforcement_id in enforcement_steps.unfinished(now=clock.now()):
            jobs.enqueue_if_lost(jobs.ENFORCE, enforcement_id)
