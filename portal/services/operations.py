"""What the administrator does about work that failed."""

from __future__ import annotations

from contextlib import suppress
from functools import partial

from rq.exceptions import InvalidJobOperation, NoSuchJobError
from rq.registry import FailedJobRegistry

from portal import audit, clock, jobs
from portal.models import User
from portal.transaction import after_commit


def run_again(*, actor: User, job_id: str) -> None:
    """Put a dead job back into the queue once this is on record. Raises RedisError when the queue is away."""
    audit.record("job.run_again", actor, actor=actor, now=clock.now(), job=job_id)
    after_commit(partial(_requeue, job_id))


def _requeue(job_id: str) -> None:
    for name in jobs.QUEUES:
        # Not in this registry: it is a job of the other queue, or somebody else was quicker.
        with suppress(InvalidJobOperation, NoSuchJobError):
            FailedJobRegistry(queue=jobs.queue(name)).requeue(job_id)
