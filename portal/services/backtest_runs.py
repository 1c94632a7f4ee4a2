"""A back-test from the question to its answer: asked by a person, run by one worker at a time, stopped, finished, told."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select, text, update
from sqlalchemy.orm import joinedload

from portal import audit, clock, jobs
from portal.models import Backtest, Project, User, db
from portal.models.backtests import OPEN_STATES
from portal.models.base import event_order
from portal.rules.policies import Policy as Terms
from portal.rules.policies import PolicyError
from portal.rules.policy_parameters import check_document
from portal.rules.refusal import Refusal
from portal.services import backtests, notices
from portal.services.backtests import Report
from portal.services.references import reference
from portal.services.unacceptable import Unacceptable

#: How often a run is begun before it is given up.
MOST_ATTEMPTS = 3
#: How many a person may have waiting or running.
MOST_OPEN = 3
LONGEST_DAYS = 3660
#: The sweep leaves a run to its own job for so long.
LEFT_TO_ITS_JOB = timedelta(seconds=30)
#: Seconds between two notes of progress.
NOTE_SECONDS = 0.3
_ALONE = text("SELECT pg_try_advisory_lock(hashtextextended('backtest', :id))")
_LEAVE = text("SELECT pg_advisory_unlock(hashtextextended('backtest', :id))")


class Stopped(Exception):
    """Somebody stopped the run while it was at work."""


def ask_backtest(
    *,
    actor: User,
    project_id: int,
    document: Mapping[str, Any],
    name: str,
    first_day: date,
    last_day: date,
    submission_key: str,
) -> Backtest:
    """Have ``document`` tried on what happened in a project from ``first_day`` to ``last_day``, days of its own zone.

    The same ``submission_key`` again is the run that it made. Raises Unacceptable for the field that is wrong, Refusal when
    the person has as many runs open as anybody may have.
    """
    db.session.execute(select(User.id).where(User.id == actor.id).with_for_update())
    sent = Backtest.asked_by_id == actor.id, Backtest.submission_key == submission_key
    before = db.session.scalar(select(Backtest).where(*sent))
    if before is not None:
        return before
    now = clock.now()
    project = db.session.get(Project, project_id)
    if project is None:
        raise Unacceptable("project_id", "project_unknown")
    terms = _terms(document)
    _check_days(first_day, last_day, now.astimezone(project.zone).date())
    _check_open(actor)
    run = _new(actor, project, first_day, last_day, now)
    run.document, run.name, run.submission_key = dict(document), name, submission_key
    db.session.add(run)
    db.session.flush()
    days: dict[str, Any] = {"first_day": str(first_day), "last_day": str(last_day)}
    policy = name or terms.code
    audit.record("backtest.asked", run, actor=actor, now=now, reference=run.reference, policy=policy, **days)
    jobs.enqueue_after_commit(jobs.RUN_BACKTEST, run.id)
    return run


def stop_backtest(*, actor: User, backtest: Backtest) -> bool:
    """Stop one's own run, waiting or at work; what it had done is not kept. False when it was over already."""
    now = clock.now()
    if not _set_if(OPEN_STATES, backtest.id, state="stopped", finished_at=now):
        return False
    audit.record("backtest.stopped", backtest, actor=actor, now=now, reference=backtest.reference)
    return True


class Line:
    """A connection beside the rehearsal's own: what it notes is seen by others at once."""

    def __init__(self, connection: Connection, backtest_id: int) -> None:
        self._connection = connection
        self._id = backtest_id
        self._share = -1
        self._noted_at = float("-inf")

    def note(self, done: int, total: int) -> None:
        """Note how far the run is, at each hundredth and now and then. Raises Stopped when it was stopped."""
        share, due = 100 * done // max(total, 1), time.monotonic() - self._noted_at >= NOTE_SECONDS
        if share == self._share and not due:
            return
        changed = update(Backtest).where(Backtest.id == self._id, Backtest.state == "running")
        if self._connection.execute(changed.values(done=done, total=total)).rowcount == 0:
            raise Stopped
        self._share, self._noted_at = share, time.monotonic()


@contextmanager
def alone(backtest_id: int) -> Iterator[Line | None]:
    """The line of the one worker that is at this run; None for every other. The lock ends with the worker's connection."""
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not connection.execute(_ALONE, {"id": backtest_id}).scalar_one():
            yield None
            return
        try:
            yield Line(connection, backtest_id)
        finally:
            connection.execute(_LEAVE, {"id": backtest_id})


def begin(*, backtest_id: int, now: datetime) -> bool:
    """Count an attempt; False when there is nothing to do. Only whoever is ``alone`` with the run may ask.

    A run whose worker was killed over and over is given up here, since nobody was left to say so.
    """
    counted = (
        update(Backtest)
        .where(Backtest.id == backtest_id, Backtest.state.in_(OPEN_STATES))
        .values(
            state="running",
            attempts=Backtest.attempts + 1,
            started_at=func.coalesce(Backtest.started_at, now),
            done=0,
            total=None,
        )
        .returning(Backtest.attempts)
        .execution_options(synchronize_session=False)
    )
    attempts = db.session.execute(counted).scalar_one_or_none()
    if attempts is not None and attempts > MOST_ATTEMPTS:
        note_failure(backtest_id=backtest_id, reason="the worker ended while at work", now=now)
        return False
    return attempts is not None


def rehearse_asked(backtest_id: int, progress: backtests.Progress) -> Report:
    """The report of a run. Reads only; to be called inside a snapshot."""
    run = db.session.get_one(Backtest, backtest_id, options=[joinedload(Backtest.project)], populate_existing=True)
    return backtests.rehearse(run.project, Terms.from_document(run.document), run.starts_at, run.ends_at, progress)


def finish(*, backtest_id: int, report: Report, now: datetime) -> None:
    """Keep the report and tell the person, unless the run was stopped meanwhile."""
    if _set_if(("running",), backtest_id, state="done", finished_at=now, result=report.plain(), failure=None):
        _tell(backtest_id, "backtest.done", now)


def note_failure(*, backtest_id: int, reason: str, now: datetime) -> None:
    """Remember why an attempt failed; after the last one the run has failed and the person is told.

    ``reason`` is a type and a place, never a value.
    """
    run = db.session.get_one(Backtest, backtest_id, populate_existing=True)
    if run.attempts < MOST_ATTEMPTS:
        _set_if(("running",), backtest_id, state="waiting", failure=reason)
    elif _set_if(("running",), backtest_id, state="failed", finished_at=now, failure=reason):
        _tell(backtest_id, "backtest.failed", now)


def unfinished(*, now: datetime) -> Sequence[int]:
    """The runs, oldest first, that are open although their own job has had its time."""
    left = Backtest.asked_at < now - LEFT_TO_ITS_JOB
    return db.session.scalars(
        select(Backtest.id).where(Backtest.finished_at.is_(None), left).order_by(Backtest.id)
    ).all()


def _new(actor: User, project: Project, first_day: date, last_day: date, now: datetime) -> Backtest:
    seq = db.session.scalar(event_order.next_value()) or 0
    return Backtest(
        seq=seq,
        reference=reference("backtest", project, seq, now),
        project_id=project.id,
        starts_at=_midnight(first_day, project),
        ends_at=_midnight(last_day + timedelta(days=1), project),
        asked_by_id=actor.id,
        asked_at=now,
        state="waiting",
    )


def _midnight(day: date, project: Project) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=project.zone).astimezone(UTC)


def _terms(document: Mapping[str, Any]) -> Terms:
    try:
        return check_document(document)
    except PolicyError:
        raise Unacceptable("document", "policy_document") from None


def _check_days(first_day: date, last_day: date, today: date) -> None:
    if last_day < first_day:
        raise Unacceptable("last_day", "days_backwards")
    if last_day > today:
        raise Unacceptable("last_day", "day_to_come")
    if (last_day - first_day).days > LONGEST_DAYS:
        raise Unacceptable("first_day", "days_too_many")


def _check_open(actor: User) -> None:
    running = select(func.count()).where(Backtest.asked_by_id == actor.id, Backtest.finished_at.is_(None))
    if (db.session.scalar(running) or 0) >= MOST_OPEN:
        raise Refusal("backtests_open", most=MOST_OPEN)


def _set_if(was: Sequence[str], backtest_id: int, **values: Any) -> bool:
    changed = (
        update(Backtest)
        .where(Backtest.id == backtest_id, Backtest.state.in_(was))
        .values(**values)
        .returning(Backtest.id)
        .execution_options(synchronize_session=False)
    )
    return db.session.execute(changed).scalar_one_or_none() is not None


def _tell(backtest_id: int, kind: str, now: datetime) -> None:
    run = db.session.get_one(Backtest, backtest_id, populate_existing=True)
    notices.tell([run.asked_by_id], kind, run, f"backtest:{run.id}", facts={"reference": run.reference}, now=now)
