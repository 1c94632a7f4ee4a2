"""Enforcements by real workers: killed in the middle, taken up by the next, whole and nothing twice (RE-Q34)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from redis import Redis
from rq import Queue
from sqlalchemy import func, select, text

from portal import clock, jobs
from portal.models import Enforcement, EnforcementEffect, EnforcementStep, HistoryEntry, Notice, db
from portal.services import enforcement_steps, partnership
from portal.transaction import transaction
from tests.fixtures import People, Stage
from tests.worker.processes import kill, running, wait_until
from worker.jobs.enforcements import carry_out, take_up

WORKER = "worker.main"
FILED = 12


@pytest.fixture
def queue(redis_url: str) -> Iterator[Redis]:
    """The run's Redis, empty, and emptied afterwards."""
    with Redis.from_url(redis_url) as connection:
        connection.flushdb()
        yield connection
        connection.flushdb()


@pytest.fixture
def blacklisted(app: Flask, stage: Stage, people: People, queue: Redis) -> int:
    """Ana's company, a dozen of whose customers Ben has filed behind her; the id of the enforcement, not worked yet."""
    with app.app_context(), transaction():
        for _ in range(FILED):
            customer = stage.customer()
            stage.file("ana", customer)
            stage.file("ben", customer)
        partnership.blacklist(actor=people.get("hua"), distributor=people.distributor(), reason="第二次认定")
        return db.session.scalars(select(Enforcement.id)).one()


def state() -> dict[str, Any]:
    """Everything that an enforcement leaves behind, without the instants."""
    db.session.rollback()
    effects = select(EnforcementEffect.effect, EnforcementEffect.registration_id, EnforcementEffect.rank_after)
    told = select(Notice.kind, Notice.user_id, func.count()).group_by(Notice.kind, Notice.user_id)
    verbs = select(HistoryEntry.verb, func.count()).where(HistoryEntry.verb.like("enforcement%"))
    return {
        "effects": sorted(map(tuple, db.session.execute(effects)), key=str),
        "told": sorted(map(tuple, db.session.execute(told.where(Notice.kind != "registration.ending")))),
        "verbs": dict(map(tuple, db.session.execute(verbs.group_by(HistoryEntry.verb)))),
        "steps": dict(map(tuple, db.session.execute(select(EnforcementStep.step, EnforcementStep.count)))),
        "finished": db.session.scalar(select(func.count()).where(Enforcement.finished_at.is_not(None))),
    }


def check_whole(seen: dict[str, Any], people: People) -> None:
    moved = [effect for effect, *_ in seen["effects"]].count("moved_up")
    assert moved == seen["verbs"]["enforcement.moved_up"] == seen["steps"]["move_up"] == FILED
    assert [effect for effect, *_ in seen["effects"]].count("voided") == FILED
    assert seen["verbs"]["enforcement.finished"] == seen["finished"] == 1
    partner = [("distributor.blacklisted", people.users[name], 1) for name in ("ana", "olga", "abe")]
    site = [("partner.blacklist", people.users[name], 1) for name in ("bo", "lin")]
    assert seen["told"] == sorted(partner + site)


def test_a_worker_killed_in_the_middle_leaves_whole_batches_and_the_next_goes_on(
    app: Flask,
    people: People,
    queue: Redis,
    blacklisted: int,
    tmp_path: Path,
    database_owner_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    log = tmp_path / "processes.log"
    held = db.create_engine(database_owner_url.replace("postgresql://", "postgresql+psycopg://"))
    done = text("SELECT count(*) FROM enforcement_steps WHERE done_at IS NOT NULL")
    at_work = text(
        "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database"
        " WHERE datname = current_database() AND NOT granted AND relation = 'notices'::regclass"
    )
    try:
        # The lock stops the worker in the middle: it has moved up who moves up, and is about to tell.
        with held.begin() as lock, running(WORKER, log) as worker:
            lock.execute(text("LOCK TABLE notices IN ACCESS EXCLUSIVE MODE"))
            wait_until("at work", lambda: lock.execute(at_work).scalar_one() == 1, log)
            assert lock.execute(done).scalar_one() == 7
            kill(worker)
    finally:
        held.dispose()
    with app.app_context():
        assert state()["finished"] == 0
        _asked_earlier(blacklisted)
        # Redis lost its memory too.
        queue.flushdb()
        take_up()
        with running(WORKER, log), running(WORKER, log):
            wait_until("finished", lambda: state()["finished"] == 1, log)
        check_whole(state(), people)


def test_killed_within_a_step_the_next_begins_behind_the_last_whole_batch(
    app: Flask, people: People, blacklisted: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(enforcement_steps, "BATCH", 5)
    with app.app_context():
        with transaction():
            assert enforcement_steps.go_on(enforcement_id=blacklisted, now=clock.now())
        step = db.session.scalars(select(EnforcementStep).where(EnforcementStep.step == "move_up")).one()
        assert (step.count, step.done_at is None) == (5, True)
        # Half a batch more, and the power goes: nothing of it is kept.
        enforcement_steps.go_on(enforcement_id=blacklisted, now=clock.now())
        db.session.rollback()
        assert state()["verbs"] == {"enforcement.moved_up": 5}
        carry_out(blacklisted)
        check_whole(state(), people)


def test_run_again_it_does_nothing_twice(app: Flask, people: People, blacklisted: int) -> None:
    with app.app_context():
        carry_out(blacklisted)
        first = state()
        carry_out(blacklisted)
        assert state() == first
        check_whole(first, people)


def test_its_job_carries_the_number_only_and_the_sweep_asks_once(
    app: Flask, people: People, queue: Redis, blacklisted: int
) -> None:
    def asked() -> list[tuple[Any, ...]]:
        return [
            (job.func_name, job.args)
            for job in Queue(jobs.PROMPT_QUEUE, connection=queue).jobs
            if job.func_name == jobs.ENFORCE
        ]

    assert asked() == [(jobs.ENFORCE, (blacklisted,))]
    queue.flushdb()
    with app.app_context():
        with clock.set_to(db.session.get_one(Enforcement, blacklisted).asked_at):
            take_up()
        assert asked() == [], "a fresh one is left to its own job"
        _asked_earlier(blacklisted)
        take_up()
        take_up()
        assert asked() == [(jobs.ENFORCE, (blacklisted,))]
        carry_out(blacklisted)
        queue.flushdb()
        take_up()
        assert asked() == []


def _asked_earlier(enforcement_id: int) -> None:
    db.session.get_one(Enforcement, enforcement_id, populate_existing=True).asked_at = clock.now() - timedelta(
        minutes=5
    )
    db.session.commit()
