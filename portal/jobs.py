"""The way to the worker: jobs are named by string, carry ids only, and leave after the commit.

When the queue cannot be reached nothing is lost: what a job is for is a row in the state ``waiting``, and a sweep finds it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from flask import Flask, current_app
from redis.exceptions import RedisError
from rq import Queue, Retry
from rq.exceptions import NoSuchJobError
from rq.job import Job, JobStatus

from portal.transaction import after_commit

log = logging.getLogger(__name__)

QUEUE = "jieding"
#: What somebody waits for this minute, a partner to be cut off or a code to go on with: workers look here first.
PROMPT_QUEUE = "jieding-prompt"
#: Periodic jobs have their own queue, which workers look at next: a hundred slips to print must not hold up the clock.
PERIODIC_QUEUE = "jieding-periodic"
#: What takes minutes has its own queue and its own worker: nobody's slip waits behind a year that is tried again.
LONG_QUEUE = "jieding-long"
#: What a sweep found goes behind what was asked for just now: after a time without queue the newest slip is the one that
#: somebody stands and waits for.
BACKLOG_QUEUE = "jieding-backlog"
QUEUES = (PROMPT_QUEUE, PERIODIC_QUEUE, QUEUE, BACKLOG_QUEUE, LONG_QUEUE)
#: Seconds after which a job is given up: twice what the largest project is thought to need.
LONG_TIMEOUT = 6 * 3600
#: A job at work is heard of every 30 seconds; after this time its worker has been killed.
HEARTBEAT_LOST = timedelta(seconds=90)
RETRIES = Retry(max=4, interval=[5, 30, 120, 600])

PRINT_DOCUMENT = "worker.jobs.documents.print_document"
ENFORCE = "worker.jobs.enforcements.carry_out"
RUN_BACKTEST = "worker.jobs.backtests.run_backtest"
IMPORT_DEALS = "worker.jobs.deal_imports.import_rows"
SEND_MESSAGE = "worker.jobs.outgoing_messages.send_message"
HAND_OUT = "worker.jobs.documents.hand_out"
JOB_NAMES = (PRINT_DOCUMENT, ENFORCE, RUN_BACKTEST, IMPORT_DEALS, SEND_MESSAGE, HAND_OUT)
PROMPT_JOBS = frozenset({ENFORCE, SEND_MESSAGE})
LONG_JOBS = frozenset({RUN_BACKTEST, IMPORT_DEALS})
#: Ids of documents whose jobs the worker makes itself: a job costs more than a third of a filing's own work.
_HANDED_IN = "jieding:to-print"
_LEFT_TO_SWEEPS = ContextVar("left to sweeps", default=False)


@contextmanager
def left_to_sweeps() -> Iterator[None]:
    """Inside: nothing is asked of the worker. What waits is a row, and a sweep of the worker finds it in its time."""
    before = _LEFT_TO_SWEEPS.set(True)
    try:
        yield
    finally:
        _LEFT_TO_SWEEPS.reset(before)


def enqueue_after_commit(name: str, subject_id: int) -> None:
    """Ask the worker for ``name`` on the row ``subject_id``, once, after the commit."""
    if not _LEFT_TO_SWEEPS.get():
        after_commit(partial(_enqueue, name, subject_id))


def _enqueue(name: str, subject_id: int, queue_name: str | None = None) -> None:
    seconds = LONG_TIMEOUT if name in LONG_JOBS else None
    options: dict[str, Any] = {"job_id": job_id(name, subject_id), "retry": RETRIES, "result_ttl": 3600}
    try:
        wanted = queue(queue_name or queue_of(name))
        with wanted.connection.pipeline() as pipeline:
            wanted.enqueue(name, subject_id, job_timeout=seconds, pipeline=pipeline, **options)
            pipeline.execute()
    except RedisError as error:
        log.warning("queue away, %s waits for the sweep: %s", job_id(name, subject_id), type(error).__name__)


def hand_in_after_commit(document_id: int) -> None:
    """Have the worker ask for the document's printing, after the commit. Of a burst only the first brings it a job."""
    if not _LEFT_TO_SWEEPS.get():
        after_commit(partial(current_app.extensions["hand_in"].take, document_id))


def hand_in(app: Flask, document_ids: Sequence[int]) -> None:
    """Put documents before the worker; ``portal.hand_in`` does, within a request or outside of all."""
    connection = app.extensions["redis"]
    try:
        if connection.rpush(_HANDED_IN, *document_ids) == len(document_ids):
            Queue(PERIODIC_QUEUE, connection=connection).enqueue(HAND_OUT, retry=RETRIES, result_ttl=0)
    except RedisError as error:
        log.warning("queue away, documents %s wait for the sweep: %s", document_ids, type(error).__name__)


def hand_out() -> None:
    """Make the jobs of all documents that were handed in until now. What a killed worker had in hand waits for the sweep."""
    with current_app.extensions["redis"].pipeline() as taking:
        handed_in, _ = taking.lrange(_HANDED_IN, 0, -1).delete(_HANDED_IN).execute()
    for document_id in handed_in:
        _enqueue(PRINT_DOCUMENT, int(document_id))


def enqueue_if_lost(name: str, subject_id: int) -> None:
    """Ask for ``name`` on the row ``subject_id`` unless a job for it is on its way or at work; behind what is fresh."""
    usual = queue_of(name)
    try:
        if not _is_alive(job_id(name, subject_id)):
            _enqueue(name, subject_id, BACKLOG_QUEUE if usual == QUEUE else usual)
    except RedisError as error:
        log.warning("queue away, %s waits for the next sweep: %s", job_id(name, subject_id), type(error).__name__)


def _is_alive(found: str) -> bool:
    try:
        job = Job.fetch(found, connection=queue().connection)
    except NoSuchJobError:
        return False
    if job.get_status() == JobStatus.STARTED:
        return job.last_heartbeat is not None and datetime.now(UTC) - job.last_heartbeat < HEARTBEAT_LOST
    return job.get_status() in {JobStatus.QUEUED, JobStatus.SCHEDULED, JobStatus.DEFERRED}


def queue_of(name: str) -> str:
    """The queue that a job of this name goes to."""
    if name in PROMPT_JOBS:
        return PROMPT_QUEUE
    return LONG_QUEUE if name in LONG_JOBS else QUEUE


def queue(name: str = QUEUE) -> Queue:
    """A queue of this installation. Its methods raise RedisError when Redis is away."""
    return Queue(name, connection=current_app.extensions["redis"])


def job_id(name: str, subject_id: int) -> str:
    """The same job for the same row has the same id."""
    return f"{name.rsplit('.', 1)[-1]}-{subject_id}"
