"""What the administrator does about work that failed."""

from __future__ import annotations

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
    try:
        FailedJobRegistry(queue=jobs.queue()).requeue(job_id)
    except (InvalidJobOperation, NoSuchJobError):
        # Somebody else was quicker: it is in the queue already.
        return
