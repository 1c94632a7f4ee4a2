"""Documents that a busy server hands in: together, without the request waiting for Redis."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from redis import Redis

from portal import REDIS_PATIENCE, hand_in, jobs
from portal.hand_in import HandIn

HANDED_IN = "jieding:to-print"
NOWHERE = Redis(port=1, **REDIS_PATIENCE)


@pytest.fixture
def queue(app: Flask) -> Iterator[Redis]:
    connection: Redis = app.extensions["redis"]
    connection.flushdb()
    yield connection
    connection.flushdb()


def arrived(queue: Redis) -> list[int]:
    return [int(found) for found in queue.lrange(HANDED_IN, 0, -1)]


def test_each_is_sent_at_once_where_nobody_gathers(app: Flask, queue: Redis) -> None:
    taking = HandIn(app)
    taking.take(7)
    taking.take(8)
    assert arrived(queue) == [7, 8]


def test_those_of_a_moment_arrive_in_their_order_and_bring_one_job(app: Flask, queue: Redis, monkeypatch) -> None:
    monkeypatch.setattr(hand_in, "PAUSE", 0.5)
    taking = HandIn(app)
    taking.gather()
    for document_id in range(1, 21):
        taking.take(document_id)
    # Until their job is made too, which comes after them.
    assert taking.finish(seconds=30)
    assert arrived(queue) == list(range(1, 21))
    with app.app_context():
        assert [job.func_name for job in jobs.queue(jobs.PERIODIC_QUEUE).jobs] == [jobs.HAND_OUT]


def test_a_failure_does_not_end_the_handing_in(app: Flask, queue: Redis) -> None:
    """Neither Redis away nor anything else: what was in hand waits for the sweep, the next goes on."""
    taking = HandIn(app)
    taking.gather()
    for broken in (NOWHERE, None):
        app.extensions["redis"] = broken
        try:
            taking.take(1)
            assert taking.finish(seconds=30)
        finally:
            app.extensions["redis"] = queue
    taking.take(2)
    assert taking.finish(seconds=30)
    assert arrived(queue) == [2]
