"""Jobs over many rows: one that fails is undone alone, those behind it are done, the job then fails with where and why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from rq.timeouts import JobTimeoutException
from sqlalchemy import select, text

from portal import clock
from portal.models import Application, Distributor, Exit, HistoryEntry
from portal.one_by_one import SomeFailed, each, the_others_go_on
from portal.services import exits
from portal.transaction import after_commit, transaction
from tests.applying import begin
from tests.fixtures import People
from worker.context import JobFailed
from worker.jobs import applications as application_jobs
from worker.jobs import exits as exit_jobs

START = datetime(2026, 3, 1, 2, tzinfo=UTC)
END = datetime(2026, 3, 31, 16, tzinfo=UTC)


@pytest.fixture
def leaving(session: Any, people: People) -> list[int]:
    """Exits of three distributors, approved to the same instant, in the order in which they are carried out."""
    third = Distributor(reference="D-0003", name="丙渠道", name_pinyin="bing", status="active", status_since=START)
    third.created_at = START
    session.add(third)
    session.flush()
    made = []
    with clock.set_to(START):
        for who, number in (("ana", None), ("ben", None), ("abe", third.id)):
            person = people.get(who)
            person.distributor_id = number or person.distributor_id
            asked = exits.ask_exit(actor=person, reason="转做其他业务", last_day=date(2026, 3, 31))
            exits.decide_exit(actor=people.get("hua"), ending=asked, approved=True, reason="手续齐全")
            made.append(asked.id)
        session.commit()
    return made


def states(session: Any, numbers: list[int]) -> list[str]:
    session.expire_all()
    found = dict(session.execute(select(Exit.id, Exit.state).where(Exit.id.in_(numbers))).all())
    return [found[number] for number in numbers]


def broken(session: Any, row: str, number: int, column: str) -> Callable[[], None]:
    """Make a sealed value of one row unreadable, as a restored backup with another key would; gives what mends it."""
    kept = session.execute(text(f"SELECT {column} FROM {row} WHERE id = :id"), {"id": number}).scalar_one()
    change = text(f"UPDATE {row} SET {column} = :value WHERE id = :id")
    session.execute(change, {"value": b"nothing that was sealed", "id": number})
    session.commit()

    def mend() -> None:
        session.rollback()
        session.execute(change, {"value": bytes(kept), "id": number})
        session.commit()

    return mend


def test_an_exit_that_fails_does_not_stop_those_behind_it(session: Any, leaving: list[int]) -> None:
    mend = broken(session, "exits", leaving[1], "reason")
    with clock.set_to(END):
        with pytest.raises(JobFailed, match=rf"^exits {leaving[1]}: SealBroken in \w+ \(crypto.py:\d+\)$"):
            exit_jobs.take_effect()
        assert states(session, leaving) == ["in_force", "approved", "in_force"]
        # Once mended it runs again, and does what is left and nothing twice.
        mend()
        exit_jobs.take_effect()
        exit_jobs.take_effect()
    assert states(session, leaving) == ["in_force"] * 3
    told = select(HistoryEntry.id).where(HistoryEntry.verb == "distributor.exited")
    assert len(session.scalars(told).all()) == 3


def test_data_that_cannot_be_erased_does_not_keep_that_of_others(session: Any) -> None:
    numbers = []
    for hour in range(3):
        with clock.set_to(START + timedelta(hours=hour)):
            numbers.append(begin().id)
    mend = broken(session, "applications", numbers[1], "contact")
    erased = select(Application.id).where(Application.erased_at.is_not(None)).order_by(Application.id)
    with clock.set_to(START + timedelta(days=400)):
        with pytest.raises(JobFailed, match=rf"^applications {numbers[1]}: SealBroken in "):
            application_jobs.erase_expired()
        assert session.scalars(erased).all() == [numbers[0], numbers[2]]
        mend()
        application_jobs.erase_expired()
    assert session.scalars(erased).all() == numbers


def test_what_fails_is_undone_with_what_it_had_put_off_and_told_without_its_values(
    session: Any, people: People
) -> None:
    left: list[str] = []

    def rename(one: Distributor) -> int:
        after_commit(lambda: left.append(one.reference))
        one.registration_code, one.name = "91330106MA06DFFWDX", f"新{one.name}"
        session.flush()
        return 1

    rows = session.scalars(select(Distributor).order_by(Distributor.id)).all()
    with pytest.raises(SomeFailed) as failure, the_others_go_on(), transaction():
        # The code is one company's: the second row breaks the rule of the table.
        assert each([*rows, rows[0]], rename) == 2
    assert str(failure.value).startswith(f"distributors {rows[1].id}: IntegrityError in ")
    assert "91330106MA06DFFWDX" not in str(failure.value)
    session.expire_all()
    assert [one.name for one in rows] == ["新新甲渠道", "乙渠道"] and left == ["D-0001", "D-0001"]


def test_where_nobody_said_that_others_go_on_a_failure_comes_out_at_once(session: Any, people: People) -> None:
    done: list[str] = []

    def refuse(one: Distributor) -> int:
        done.append(one.reference)
        raise ValueError

    with pytest.raises(ValueError):
        each(session.scalars(select(Distributor).order_by(Distributor.id)), refuse)
    assert len(done) == 1


def test_that_the_time_of_a_job_is_over_is_no_rows_failure(session: Any, people: People) -> None:
    def dawdle(one: Distributor) -> int:
        raise JobTimeoutException

    with pytest.raises(JobTimeoutException), the_others_go_on(), transaction():
        each(session.scalars(select(Distributor)), dawdle)
