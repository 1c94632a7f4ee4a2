"""No contract in force, no filing (DM-3.1, CH-5.1): to the second, for the project that the contract names."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from portal import clock
from portal.models import Contract, Registration, db
from portal.rules.refusal import Refusal
from portal.services import contracts
from tests.fixtures import People, Stage

STARTS = datetime(2026, 3, 1, 16, 0, tzinfo=UTC)
ENDS = datetime(2027, 3, 1, 16, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def only_contract(people: People, *, elsewhere: bool = False, ended_at: datetime | None = None) -> None:
    """Ana's company has one contract, from ``STARTS`` to ``ENDS``; about the other project when ``elsewhere``."""
    for contract in db.session.scalars(select(Contract).where(Contract.distributor_id == people.distributor().id)):
        db.session.delete(contract)
    db.session.flush()
    project = people.project() if not elsewhere else db.session.get(type(people.project()), people.other_project_id)
    assert project is not None
    contract = contracts.carry_over(
        actor=None, distributor=people.distributor(), now=STARTS, starts_at=STARTS, ends_at=ENDS, projects=(project,)
    )
    contract.ended_at = ended_at
    db.session.flush()


@pytest.mark.parametrize(
    ("at", "accepted"), [(STARTS - SECOND, False), (STARTS, True), (ENDS - SECOND, True), (ENDS, False)]
)
def test_filing_within_the_term(session, stage: Stage, people: People, at: datetime, accepted: bool) -> None:
    only_contract(people)
    with clock.set_to(at):
        if accepted:
            assert stage.file("ana").filed_at == at
            return
        with pytest.raises(Refusal) as refused:
            stage.file("ana")
    assert (refused.value.reason, refused.value.clause) == ("no_contract", "DM-3.1")
    assert session.scalar(select(func.count()).select_from(Registration)) == 0


def test_a_contract_about_another_project_does_not_help(session, stage: Stage, people: People) -> None:
    only_contract(people, elsewhere=True)
    with clock.set_to(STARTS), pytest.raises(Refusal, match="no_contract"):
        stage.file("ana")


@pytest.mark.parametrize(("after", "accepted"), [(-SECOND, True), (timedelta(0), False)])
def test_a_contract_ended_before_its_time(
    session, stage: Stage, people: People, after: timedelta, accepted: bool
) -> None:
    ended = STARTS + timedelta(days=30)
    only_contract(people, ended_at=ended)
    with clock.set_to(ended + after):
        if accepted:
            assert stage.file("ana").id
        else:
            with pytest.raises(Refusal, match="no_contract"):
                stage.file("ana")


def test_a_contract_that_one_side_has_not_signed_is_none(session, stage: Stage, people: People) -> None:
    only_contract(people)
    contract = session.scalars(select(Contract).where(Contract.distributor_id == people.distributor().id)).one()
    contract.signed_at, contract.state = None, "draft"
    session.flush()
    with clock.set_to(STARTS), pytest.raises(Refusal, match="no_contract"):
        stage.file("ana")


def test_the_rival_keeps_its_own(session, stage: Stage, people: People) -> None:
    only_contract(people, elsewhere=True)
    with clock.set_to(STARTS):
        assert stage.file("ben").distributor_id == people.distributor("乙渠道").id
