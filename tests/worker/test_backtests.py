"""A back-test at work: run once whoever comes, begun anew after a death, stopped, given up, told of; it changes nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from redis import Redis
from rq import Queue
from sqlalchemy import func, select, text

from portal import clock, jobs
from portal.models import Backtest, HistoryEntry, Notice, db
from portal.rules.policies import preset, with_parameters
from portal.services import backtest_runs
from portal.transaction import snapshot, transaction
from tests.fixtures import People
from tests.servers import PATIENCE_SECONDS
from tests.services.test_backtest import past  # noqa: F401 - a fixture
from tests.worker.processes import kill, running, wait_until
from worker.context import JobFailed
from worker.jobs.backtests import run_backtest, take_up

WORKER = "worker.main"
Ask = Callable[..., int]


@pytest.fixture
def ask(app: Flask, people: People) -> Ask:
    """``ask(hold__days=4)`` is the id of a run of March and April under a shorter hold, asked for by Hua."""

    def ask(who: str = "hua", key: str = "one", **changes: Any) -> int:
        draft = with_parameters(preset("RE"), {name.replace("__", "."): value for name, value in changes.items()})
        with app.app_context(), transaction():
            run = backtest_runs.ask_backtest(
                actor=people.get(who),
                project_id=people.project_id,
                document=draft,
                name="",
                first_day=date(2026, 3, 1),
                last_day=date(2026, 4, 30),
                submission_key=key,
            )
            return run.id

    return ask


@pytest.fixture
def queue(redis_url: str) -> Iterator[Redis]:
    with Redis.from_url(redis_url) as connection:
        connection.flushdb()
        yield connection
        connection.flushdb()


def run_called(backtest_id: int) -> Backtest:
    db.session.rollback()
    return db.session.get_one(Backtest, backtest_id, populate_existing=True)


def told(kind: str) -> list[tuple[int, dict[str, Any]]]:
    return [(one.user_id, one.facts) for one in db.session.scalars(select(Notice).where(Notice.kind == kind))]


def test_a_run_keeps_what_would_be_different_and_tells_the_person(
    past: dict[str, str],  # noqa: F811
    app: Flask,
    people: People,
    ask: Ask,
) -> None:
    backtest_id = ask(hold__days=4)
    run_backtest(backtest_id)
    run = run_called(backtest_id)
    assert (run.state, run.done, run.total, run.attempts) == ("done", 5, 5, 1)
    assert run.result is not None and run.result["lapsed"] == [past["first"]]
    assert run.result["changed"] == [{"deal": past["deal"], "before": "甲渠道", "after": "乙渠道"}]
    assert told("backtest.done") == [(people.users["hua"], {"reference": run.reference})]


def test_run_again_it_stays_the_first_result(past: dict[str, str], ask: Ask) -> None:  # noqa: F811
    backtest_id = ask()
    run_backtest(backtest_id)
    first = run_called(backtest_id).finished_at
    run_backtest(backtest_id)
    run = run_called(backtest_id)
    assert (run.finished_at, run.attempts, len(told("backtest.done"))) == (first, 1, 1)


def test_it_reads_one_unchanging_view_and_can_change_nothing(past: dict[str, str], ask: Ask) -> None:  # noqa: F811
    seen: list[Any] = []

    def look(done: int, total: int) -> None:
        for name in ("transaction_isolation", "transaction_read_only"):
            seen.append(db.session.scalar(text(f"SHOW {name}")))

    backtest_id = ask()
    with snapshot():
        backtest_runs.rehearse_asked(backtest_id, look)
    assert set(seen) == {"repeatable read", "on"}
    with pytest.raises(RuntimeError), transaction():
        db.session.execute(text("SELECT 1"))
        with snapshot():
            pass


def test_progress_is_seen_while_it_runs_and_two_workers_run_it_once(
    past: dict[str, str],  # noqa: F811
    app: Flask,
    ask: Ask,
    database_owner_url: str,
) -> None:
    backtest_id = ask(hold__days=4)
    db.session.rollback()
    at_work = _held_at_the_deals(app, database_owner_url, backtest_id, 2)
    assert at_work == ("running", 3, 5, 1)
    run = run_called(backtest_id)
    assert (run.state, run.attempts, len(told("backtest.done"))) == ("done", 1, 1)


def _held_at_the_deals(app: Flask, url: str, backtest_id: int, workers: int) -> tuple[Any, ...]:
    """How far the run is while its workers wait for a lock in the middle; returns after they have ended."""
    held = db.create_engine(url.replace("postgresql://", "postgresql+psycopg://"))

    def work() -> None:
        with app.app_context():
            run_backtest(backtest_id)

    threads = [threading.Thread(target=work) for _ in range(workers)]
    try:
        with held.begin() as lock:
            lock.execute(text("LOCK TABLE deal_events IN ACCESS EXCLUSIVE MODE"))
            for thread in threads:
                thread.start()
            query = text("SELECT state, done, total, attempts FROM backtests")
            wait_until("the filings are done", lambda: lock.execute(query).one()[1] == 3)
            seen = tuple(lock.execute(query).one())
        for thread in threads:
            thread.join(PATIENCE_SECONDS)
    finally:
        held.dispose()
    return seen


def test_stopped_while_it_runs_it_has_no_result_and_tells_nobody(
    past: dict[str, str],  # noqa: F811
    app: Flask,
    people: People,
    ask: Ask,
) -> None:
    backtest_id = ask()

    with backtest_runs.alone(backtest_id) as line:
        assert line is not None
        with transaction():
            assert backtest_runs.begin(backtest_id=backtest_id, now=clock.now())
        with transaction():
            assert backtest_runs.stop_backtest(actor=people.get("hua"), backtest=run_called(backtest_id))
        with pytest.raises(backtest_runs.Stopped):
            line.note(0, 5)
    run_backtest(backtest_id)
    run = run_called(backtest_id)
    assert (run.state, run.result, told("backtest.done")) == ("stopped", None, [])
    with transaction():
        assert not backtest_runs.stop_backtest(actor=people.get("hua"), backtest=run)
    verbs = db.session.scalars(select(HistoryEntry.verb).where(HistoryEntry.verb.like("backtest%"))).all()
    assert sorted(verbs) == ["backtest.asked", "backtest.stopped"]


def test_stopped_after_the_last_look_its_report_is_not_kept(past: dict[str, str], people: People, ask: Ask) -> None:  # noqa: F811
    backtest_id = ask()
    with transaction():
        backtest_runs.begin(backtest_id=backtest_id, now=clock.now())
    with transaction():
        backtest_runs.stop_backtest(actor=people.get("hua"), backtest=run_called(backtest_id))
    with transaction():
        backtest_runs.finish(backtest_id=backtest_id, report=backtest_runs.Report(), now=clock.now())
    assert run_called(backtest_id).state == "stopped"


@pytest.fixture
def broken(app: Flask, past: dict[str, str], ask: Ask) -> int:  # noqa: F811
    """A run whose draft no longer reads as a policy."""
    backtest_id = ask()
    run = run_called(backtest_id)
    run.document = {"code": "RE"}
    db.session.commit()
    return backtest_id


def test_a_failure_is_noted_by_type_and_place_and_tried_again(broken: int) -> None:
    with pytest.raises(JobFailed, match="PolicyError in "):
        run_backtest(broken)
    run = run_called(broken)
    assert (run.state, run.attempts) == ("waiting", 1)
    assert (run.failure or "").startswith("PolicyError in ")


def test_after_three_failures_it_has_failed_and_the_person_is_told(broken: int, people: People) -> None:
    for _ in range(backtest_runs.MOST_ATTEMPTS):
        with pytest.raises(JobFailed):
            run_backtest(broken)
    run_backtest(broken)
    run = run_called(broken)
    assert run.state == "failed"
    assert told("backtest.failed") == [(people.users["hua"], {"reference": run.reference})]


def test_a_run_that_kills_its_worker_is_given_up(past: dict[str, str], ask: Ask) -> None:  # noqa: F811
    backtest_id = ask()
    for _ in range(backtest_runs.MOST_ATTEMPTS):
        with transaction():
            assert backtest_runs.begin(backtest_id=backtest_id, now=clock.now())
    run_backtest(backtest_id)
    run = run_called(backtest_id)
    assert (run.state, run.failure) == ("failed", "the worker ended while at work")


def test_it_goes_to_the_queue_of_long_work_with_its_number_only(past: dict[str, str], ask: Ask, queue: Redis) -> None:  # noqa: F811
    backtest_id = ask()
    job = Queue(jobs.LONG_QUEUE, connection=queue).jobs[0]
    assert (job.func_name, job.args, job.timeout) == (jobs.RUN_BACKTEST, (backtest_id,), jobs.LONG_TIMEOUT)
    assert Queue(jobs.QUEUE, connection=queue).count == 0


def test_the_sweep_asks_for_what_has_lost_its_job(
    past: dict[str, str],  # noqa: F811
    app: Flask,
    ask: Ask,
    queue: Redis,
) -> None:
    backtest_id = ask()
    queue.flushdb()
    with clock.set_to(run_called(backtest_id).asked_at):
        take_up()
    assert Queue(jobs.LONG_QUEUE, connection=queue).count == 0, "a fresh one is left to its own job"
    _asked_earlier(backtest_id)
    take_up()
    take_up()
    assert [job.args for job in Queue(jobs.LONG_QUEUE, connection=queue).jobs] == [(backtest_id,)]


def _asked_earlier(backtest_id: int) -> None:
    run_called(backtest_id).asked_at = clock.now() - timedelta(minutes=5)
    db.session.commit()


def test_a_worker_killed_in_the_middle_leaves_it_and_the_next_begins_anew(
    past: dict[str, str],  # noqa: F811
    app: Flask,
    ask: Ask,
    queue: Redis,
    tmp_path: Path,
    database_owner_url: str,
) -> None:
    backtest_id, log = ask(hold__days=4), tmp_path / "processes.log"
    db.session.rollback()
    held = db.create_engine(database_owner_url.replace("postgresql://", "postgresql+psycopg://"))
    try:
        with held.begin() as lock, running(WORKER, log, None, "long") as worker:
            lock.execute(text("LOCK TABLE deal_events IN ACCESS EXCLUSIVE MODE"))
            query = text("SELECT done FROM backtests")
            wait_until("at work", lambda: lock.execute(query).scalar_one() == 3, log)
            kill(worker)
    finally:
        held.dispose()
    assert run_called(backtest_id).state == "running"
    _asked_earlier(backtest_id)
    # Redis lost its memory too.
    queue.flushdb()
    take_up()
    with running(WORKER, log, None, "long"), running(WORKER, log, None, "long"):
        wait_until("done", lambda: run_called(backtest_id).state == "done", log)
    run = run_called(backtest_id)
    assert (run.attempts, run.result and run.result["lapsed"]) == (2, [past["first"]])
    assert len(told("backtest.done")) == 1


def test_nothing_of_the_project_is_changed(past: dict[str, str], ask: Ask) -> None:  # noqa: F811
    tables = ("registrations", "visits", "deals", "deal_events", "claims", "rulings", "extensions", "identity_locks")
    everything = text(" UNION ALL ".join(f"SELECT '{name}', xmin::text, ctid::text FROM {name}" for name in tables))
    before = sorted(map(tuple, db.session.execute(everything)))
    backtest_id = ask(hold__days=1)
    history = db.session.scalar(select(func.count()).select_from(HistoryEntry))
    run_backtest(backtest_id)
    assert sorted(map(tuple, db.session.execute(everything))) == before
    assert db.session.scalar(select(func.count()).select_from(HistoryEntry)) == history
