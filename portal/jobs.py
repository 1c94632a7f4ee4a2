"""The way to the worker: jobs are named by string, carry ids only, and leave after the commit.

When the queue cannot be reached nothing is lost: what a job is for is a row in the state ``waiting``, and a sweep finds it.
"""

from __future__ import annotations

import logging
from functools import partial

from flask import current_app
from redis.exceptions import RedisError
from rq import Queue, Retry

from portal.transaction import after_commit

log = logging.getLogger(__name__)

QUEUE = "jieding"
RETRIES = Retry(max=4, interval=[5, 30, 120, 600])

PRINT_DOCUMENT = "worker.jobs.documents.print_document"
TELL_DISTRIBUTOR_STATUS = "worker.jobs.distributors.tell_status_change"
JOB_NAMES = (PRINT_DOCUMENT, TELL_DISTRIBUTOR_STATUS)


def enqueue_after_commit(name: str, subject_id: int) -> None:
    """Ask the worker for ``name`` on the row ``subject_id``, once, after the commit."""
    after_commit(partial(_enqueue, name, subject_id))


def _enqueue(name: str, subject_id: int) -> None:
    try:
        queue().enqueue(name, subject_id, job_id=job_id(name, subject_id), retry=RETRIES, result_ttl=3600)
    except RedisError as error:
        log.warning("queue away, %s waits for the sweep: %s", job_id(name, subject_id), type(error).__name__)


def queue() -> Queue:
    """The queue of this installation. Raises RedisError when it is away."""
    return Queue(QUEUE, connection=current_app.extensions["redis"])


def job_id(name: str, subject_id: int) -> str:
    """The same job for the same row has the same id."""
    return f"{name.rsplit('.', 1)[-1]}-{subject_id}"
