"""Real processes: a week without a worker, a worker killed at work, Redis away, two schedulers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psutil
import pytest
from flask import Flask
from redis import Redis
from rq import Queue
from rq.job import Job
from sqlalchemy import func, select, text

from portal import REDIS_PATIENCE, clock, jobs
from portal.models import Document, HistoryEntry, Notice, Registration, db
from tests.fixtures import People, Stage
from tests.servers import PATIENCE_SECONDS
from tests.worker.processes import kill, running, wait_until
from worker import schedule

DAY = timedelta(days=1)
WORKER, SCHEDULER = "worker.main", "worker.schedule"


@pytest.fixture
def queue(redis_url: str) -> Iterator[Redis]:
    """The run's Redis, empty, and emptied afterwards."""
    with Redis.from_url(redis_url) as connection:
        connection.flushdb()
        yield connection
        connection.flushdb()


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "processes.log"


def count(app: Flask, statement) -> int:  # type: ignore[no-untyped-def]
    with app.app_context():
        return int(db.session.scalar(statement) or 0)


def ended() -> object:
    return select(func.count()).select_from(HistoryEntry).where(HistoryEntry.verb == "registration.ended")


def reminders() -> object:
    return select(func.count()).select_from(Notice).where(Notice.kind == "registration.ending")


def waiting() -> object:
    return select(func.count()).select_from(Document).where(Document.state != "ready")


def file_in_the_past(app: Flask, stage: Stage, ages: tuple[float, ...]) -> list[int]:
    """One filing for each age in days; their ids."""
    with app.app_context():
        now, ids = clock.now(), []
        for age in ages:
            with clock.set_to(now - age * DAY):
                ids.append(stage.file().id)
        db.session.commit()
    return ids


def test_after_a_week_without_worker_everything_is_made_up_for_once(app: Flask, stage: Stage, queue, log) -> None:
    # Ended twelve days ago, ended five days ago, ends within a day, has six days left.
    ids = file_in_the_past(app, stage, (20, 13, 7, 1))
    with app.app_context():
        live = [row.id for row in db.session.scalars(select(Registration)) if row.facts().runs_at(clock.now())]
    assert live == ids[2:], "what is live follows from the times alone"
    for _ in range(2):
        with running(WORKER, log), running(SCHEDULER, log):
            wait_until("ends noted", lambda: count(app, ended()) == 2, log)
            wait_until("reminded", lambda: count(app, reminders()) == 1, log)
            wait_until("printed", lambda: count(app, waiting()) == 0, log)
            wait_until("all done", lambda: not any(Queue(name, connection=queue).count for name in jobs.QUEUES), log)
        queue.flushdb()
    assert (count(app, ended()), count(app, reminders())) == (2, 1)
    with app.app_context():
        assert (
            db.session.scalars(
                select(Notice.facts["days"].as_integer()).where(Notice.kind == "registration.ending")
            ).one()
            == 1
        )


def test_a_worker_killed_while_printing_leaves_the_document_waiting_and_the_next_prints_it(
    app: Flask, stage: Stage, queue, log, database_owner_url: str
) -> None:
    file_in_the_past(app, stage, (0.01,))
    with app.app_context():
        document_id = db.session.scalars(select(Document.id)).one()
        Queue(jobs.QUEUE, connection=queue).enqueue(
            jobs.PRINT_DOCUMENT, document_id, job_id=jobs.job_id(jobs.PRINT_DOCUMENT, document_id), retry=jobs.RETRIES
        )
    held = db.create_engine(database_owner_url.replace("postgresql://", "postgresql+psycopg://"))
    try:
        # The lock stops the worker in the middle: the attempt is counted, the print cannot be written.
        with held.begin() as lock, running(WORKER, log) as worker:
            lock.execute(text("LOCK TABLE registrations IN ACCESS EXCLUSIVE MODE"))
            attempted = text("SELECT attempts FROM documents")
            wait_until("at work", lambda: lock.execute(attempted).scalar_one() == 1, log)
            kill(worker)
    finally:
        held.dispose()
    assert count(app, select(func.count()).where(Document.state == "waiting")) == 1
    with app.app_context():
        # Half a minute is what a fresh document is left to its own job.
        queue.flushdb()
    with running(WORKER, log), running(SCHEDULER, log):
        wait_until("printed", lambda: count(app, waiting()) == 0, log)
    assert count(app, select(func.count()).where(HistoryEntry.verb == "document.printed")) == 1


def test_a_job_whose_process_is_killed_is_tried_again(app: Flask, stage: Stage, queue, log, database_owner_url) -> None:
    file_in_the_past(app, stage, (0.01,))
    with app.app_context():
        document_id = db.session.scalars(select(Document.id)).one()
    name = jobs.job_id(jobs.PRINT_DOCUMENT, document_id)
    Queue(jobs.QUEUE, connection=queue).enqueue(jobs.PRINT_DOCUMENT, document_id, job_id=name, retry=jobs.RETRIES)
    held = db.create_engine(database_owner_url.replace("postgresql://", "postgresql+psycopg://"))
    try:
        with running(WORKER, log) as worker:
            with held.begin() as lock:
                lock.execute(text("LOCK TABLE registrations IN ACCESS EXCLUSIVE MODE"))
                wait_until("at work", lambda: Job.fetch(name, queue).get_status() == "started", log)
                wait_until(
                    "counted", lambda: lock.execute(text("SELECT attempts FROM documents")).scalar_one() == 1, log
                )
                # The other child, which looks after retries, was there before.
                # Two that began within one tick of the kernel's clock are told apart by their numbers.
                horse = max(psutil.Process(worker.pid).children(), key=lambda one: (one.create_time(), one.pid))
                horse.kill()
            wait_until("printed at the second try", lambda: count(app, waiting()) == 0, log)
    finally:
        held.dispose()
    assert count(app, select(Document.attempts)) == 2


def test_what_was_filed_while_redis_was_away_is_printed_when_it_is_back(app: Flask, stage: Stage, queue, log) -> None:
    with app.app_context():
        there, app.extensions["redis"] = app.extensions["redis"], Redis(port=1, **REDIS_PATIENCE)
        try:
            with clock.set_to(clock.now() - timedelta(minutes=2)):
                stage.file()
            db.session.commit()
        finally:
            app.extensions["redis"] = there
    assert count(app, waiting()) == 1
    with running(WORKER, log), running(SCHEDULER, log):
        wait_until("printed", lambda: count(app, waiting()) == 0, log)


def test_of_two_schedulers_one_is_at_work_and_the_other_takes_over(app: Flask, people: People, queue, log) -> None:
    with running(SCHEDULER, log) as first:
        wait_until("the first is at work", lambda: queue.get(schedule.LOCK) is not None, log)
        holder = queue.get(schedule.LOCK)
        with running(SCHEDULER, log):
            periodic = Queue(jobs.PERIODIC_QUEUE, connection=queue)
            wait_until("queued", lambda: periodic.count >= 6, log)
            queued = [job.func_name for job in periodic.jobs]
            assert len(queued) == len(set(queued)), "each job is queued by one scheduler only"
            kill(first)
            wait_until("taken over", lambda: queue.get(schedule.LOCK) not in {None, holder}, log)
            queued = [job.func_name for job in periodic.jobs]
            assert len(queued) == len(set(queued)), "nobody works, and still nothing heaps up"


def test_a_scheduler_whose_queue_was_emptied_takes_the_lock_again(app: Flask, people: People, queue, log) -> None:
    with running(SCHEDULER, log) as scheduler:
        wait_until("at work", lambda: queue.get(schedule.LOCK) is not None, log)
        before = queue.get(schedule.LOCK)
        queue.flushdb()
        wait_until("at work again", lambda: queue.get(schedule.LOCK) not in {None, before}, log)
        wait_until("queued again", lambda: Queue(jobs.PERIODIC_QUEUE, connection=queue).count >= 6, log)
        assert scheduler.poll() is None


def test_a_stopped_scheduler_leaves_no_lock(app: Flask, people: People, queue, log) -> None:
    with running(SCHEDULER, log) as scheduler:
        wait_until("at work", lambda: queue.get(schedule.LOCK) is not None, log)
        wait_until("announced", lambda: b"starting" in log.read_bytes(), log)
        scheduler.terminate()
        assert scheduler.wait(PATIENCE_SECONDS) == 0
    assert queue.get(schedule.LOCK) is None


def test_a_worker_waits_for_redis_and_stops_when_asked(app: Flask, people: People, log) -> None:
    with running(WORKER, log, {"REDIS_URL": "redis://127.0.0.1:1/0"}) as worker:
        wait_until("it says so", lambda: b"queue away" in log.read_bytes(), log)
        worker.terminate()
        worker.wait(PATIENCE_SECONDS)
    assert b"Traceback" not in log.read_bytes()
