"""Around every job: the application, commit or abort, and failures that tell nothing personal."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, wraps

from flask import Flask, has_app_context

from portal import create_app
from portal.one_by_one import SomeFailed, place_of, the_others_go_on
from portal.transaction import transaction

log = logging.getLogger(__name__)

#: Rows that a periodic job changes in one transaction: short locks, and little to do again after a kill.
BATCH = 5_000


class JobFailed(Exception):
    """What failed and where, without the values it failed on: Redis and the operations page keep this text."""


@cache
def application() -> Flask:
    """The application of this worker process, made once before it forks."""
    return create_app()


@contextmanager
def job_context() -> Iterator[None]:
    """Inside: an application, the caller's own when it has one. A failure comes out as JobFailed."""
    try:
        if has_app_context():
            yield
        else:
            with application().app_context():
                yield
    except Exception as error:
        log.error("job failed: %s", describe(error))
        raise JobFailed(describe(error)) from None


def describe(error: BaseException) -> str:
    """What failed, and the innermost place of it in our own code; of rows that failed alone, each with its own."""
    return str(error) if isinstance(error, JobFailed | SomeFailed) else place_of(error)


def job(work: Callable[..., None]) -> Callable[..., None]:
    """A job of several transactions, which it opens itself. In all three kinds a row that is attempted may fail alone."""

    @wraps(work)
    def run(*ids: int) -> None:
        with job_context(), the_others_go_on():
            work(*ids)

    return run


def in_transaction(work: Callable[..., None]) -> Callable[..., None]:
    """A job in one transaction: all of it or nothing."""

    @wraps(work)
    def run(*ids: int) -> None:
        with job_context(), the_others_go_on(), transaction():
            work(*ids)

    return run


def in_batches(work: Callable[[], int]) -> Callable[[], None]:
    """A job that is repeated, each time in its own transaction, until it says that it found nothing more to do."""

    @wraps(work)
    def run() -> None:
        with job_context(), the_others_go_on():
            while _one_batch(work):
                continue

    return run


def _one_batch(work: Callable[[], int]) -> int:
    with transaction():
        return work()
