"""Ends are noted once, with history and notice; ends to come are announced on the days of the policy."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text

from portal import clock
from portal.audit import entry_digest
from portal.models import HistoryEntry, Notice, Registration
from portal.rules.standing import expiry_clause, stage_of
from portal.services import protections
from portal.services.bulk_history import written_by
from tests.fixtures import People, Stage
from tests.plenty import fill
from worker.jobs.protections import note_ends
from worker.jobs.protections import remind as remind_job

MORNING = datetime(2026, 3, 5, 1, 0, tzinfo=UTC)
DAY = timedelta(days=1)
COLUMNS = [column.name for column in HistoryEntry.__table__.columns if column.name != "digest"]


def filed(stage: Stage, at: datetime = MORNING, **values: Any) -> Registration:
    with clock.set_to(at):
        return stage.file(**values)


def protected(stage: Stage, at: datetime = MORNING) -> Registration:
    registration = filed(stage, at)
    with clock.set_to(at + timedelta(hours=3)):
        stage.complete(stage.sign(stage.arrive(registration)))
    return registration


def noted(session: Any, now: datetime) -> int:
    session.flush()
    return protections.note_ended(now=now, limit=100)


def reminded(session: Any, now: datetime) -> list[tuple[str, int]]:
    """Sweep as the job does, and say what this sweep has told: reference and days."""
    session.flush()
    before = session.scalar(select(func.coalesce(func.max(Notice.id), 0)))
    while protections.remind(now=now, limit=100):
        continue
    fresh = select(Notice).where(Notice.kind == "registration.ending", Notice.id > before).order_by(Notice.id)
    return [(notice.facts["reference"], notice.facts["days"]) for notice in session.scalars(fresh)]


def entries(session: Any, verb: str) -> list[HistoryEntry]:
    return list(session.scalars(select(HistoryEntry).where(HistoryEntry.verb == verb).order_by(HistoryEntry.id)))


def test_a_hold_that_ran_out_is_noted_once(session, stage: Stage, people: People) -> None:
    registration = filed(stage)
    end = registration.hold_ends_at
    assert [noted(session, end - timedelta(seconds=1)), noted(session, end), noted(session, end)] == [0, 1, 0]
    entry = entries(session, "registration.ended")[0]
    assert (entry.subject_id, entry.clause, entry.facts["stage"]) == (registration.id, "RE-2.9", "hold")
    notice = session.scalars(select(Notice).where(Notice.kind == "registration.ended")).one()
    assert (notice.user_id, notice.facts["reference"]) == (people.users["ana"], registration.reference)


def test_the_clause_and_stage_are_those_of_the_rules(session, stage: Stage) -> None:
    held, visited, extended = filed(stage), protected(stage), protected(stage)
    extended.extension_ends_at = extended.visit_ends_at + 45 * DAY
    assert noted(session, MORNING + 200 * DAY) == 3
    written = {
        entry.subject_id: (entry.facts["stage"], entry.clause) for entry in entries(session, "registration.ended")
    }
    for registration in (held, visited, extended):
        facts = registration.facts()
        assert written[registration.id] == (stage_of(facts), expiry_clause(facts))


def test_the_digest_is_the_one_that_python_computes(session, stage: Stage) -> None:
    filed(stage)
    reminded(session, MORNING + 6 * DAY)
    noted(session, MORNING + 20 * DAY)
    for entry in session.scalars(select(HistoryEntry)):
        assert entry.digest == entry_digest({name: getattr(entry, name) for name in COLUMNS}), entry.verb


def test_refused_void_and_frozen_registrations_are_left_alone(session, stage: Stage) -> None:
    void, frozen = filed(stage), protected(stage)
    void.outcome, void.outcome_at, void.outcome_clause = "void", MORNING + DAY, "RE-5.4"
    frozen.frozen_at = MORNING + 10 * DAY
    assert noted(session, MORNING + 200 * DAY) == 0


def test_an_end_that_was_put_off_is_noted_when_it_comes(session, stage: Stage) -> None:
    registration = protected(stage)
    first_end = registration.visit_ends_at
    assert noted(session, first_end) == 1
    registration.extension_ends_at = first_end + 45 * DAY
    session.flush()
    assert noted(session, first_end + DAY) == 0
    assert noted(session, first_end + 46 * DAY) == 1
    assert [entry.clause for entry in entries(session, "registration.ended")] == ["RE-2.10", "RE-2.12"]


def test_an_undecided_extension_holds_the_customer(session, stage: Stage) -> None:
    registration = protected(stage)
    registration.pending_until = registration.visit_ends_at + 45 * DAY
    assert noted(session, registration.visit_ends_at + DAY) == 0
    assert reminded(session, registration.visit_ends_at - timedelta(hours=1)) == []
    assert reminded(session, registration.pending_until - timedelta(hours=1)) == []


def test_a_hold_is_announced_two_and_one_days_before(session, stage: Stage) -> None:
    registration = filed(stage)
    end, name = registration.hold_ends_at, registration.reference
    assert reminded(session, end - 2 * DAY - timedelta(seconds=1)) == []
    assert reminded(session, end - 2 * DAY) == [(name, 2)]
    assert reminded(session, end - 2 * DAY) == []
    assert reminded(session, end - DAY) == [(name, 1)]
    assert reminded(session, end) == []
    assert [entry.facts["days"] for entry in entries(session, "registration.reminded")] == [2, 1]


def test_a_protection_is_announced_fifteen_seven_and_one_days_before(session, stage: Stage) -> None:
    registration = protected(stage)
    days = (20, 15, 10, 7, 3, 1)
    told = [reminded(session, registration.visit_ends_at - ahead * DAY) for ahead in days]
    assert [[number for _, number in one] for one in told] == [[], [15], [], [7], [], [1]]


def test_after_a_time_without_worker_only_the_nearest_reminder_is_sent(session, stage: Stage) -> None:
    registration = protected(stage)
    assert reminded(session, registration.visit_ends_at - timedelta(hours=6)) == [(registration.reference, 1)]


def test_what_has_ended_is_not_announced_any_more(session, stage: Stage) -> None:
    filed(stage)
    assert reminded(session, MORNING + 15 * DAY) == []


def test_a_bulk_customer_is_offered_the_extension(session, stage: Stage) -> None:
    registration = protected(stage)
    registration.is_bulk = True
    reminded(session, registration.visit_ends_at - 7 * DAY)
    notice = session.scalars(select(Notice).where(Notice.kind == "registration.ending")).one()
    assert notice.facts["extendable"] is True


def test_the_jobs_may_run_twice(session, stage: Stage) -> None:
    filed(stage, MORNING), filed(stage, MORNING)
    session.commit()
    for _ in range(2):
        note_ends()
        remind_job()
    assert session.scalar(select(func.count()).select_from(Notice)) == 2
    assert len(entries(session, "registration.ended")) == 2


@pytest.mark.parametrize("verb", ["registration.ended", "registration.reminded"])
def test_the_statements_find_their_rows_by_index(session, stage: Stage, owner_connection, verb: str) -> None:
    """Among many, nearly all of them noted long ago, what is due is found through the index of what is not noted."""
    filed(stage)
    session.commit()
    ends = "hold_ends_at - n * interval '1 hour'"
    noted_all_but_a_few = f"CASE WHEN n % 1000 = 0 THEN NULL ELSE {ends} + interval '1 minute' END"
    changes = {
        "filed_at": "filed_at - n * interval '1 hour'",
        "hold_ends_at": ends,
        "end_noted_at": noted_all_but_a_few,
    }
    fill(owner_connection, 20_000, changes)
    statement = {"registration.ended": protections._NOTE_ENDED, "registration.reminded": protections._REMIND}[verb]
    given = written_by(None, MORNING) | {"limit": 10}
    if verb == "registration.reminded":
        given |= {"policy_id": 1, "holds": True, "days": "2", "after": MORNING, "by": MORNING + DAY}
    plan = "\n".join(session.execute(text(f"EXPLAIN {statement.text}"), given).scalars())
    assert "ix_registrations_end_due" in plan, plan
    assert "Seq Scan on registrations" not in plan, plan
