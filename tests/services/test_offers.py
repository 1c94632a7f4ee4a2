"""What is offered is what the command would take: filing again is judged by the contract and the policy of today."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from portal import clock
from portal.models import Contract, Registration, db
from portal.rules.policies import preset, with_parameters
from portal.rules.refusal import Refusal
from portal.services import policies
from portal.services.customers import customer_of
from portal.services.offers import offers_for
from tests.fixtures import People, Stage

FILED = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture
def lapsed(session, stage: Stage) -> Registration:
    with clock.set_to(FILED):
        return stage.file("ana")


def refused_again(registration: Registration) -> tuple[str, str | None] | None:
    """Reason and clause of the offer to file again."""
    refusal = offers_for(registration, clock.now()).file_again
    return None if refusal is None else (refusal.reason, refusal.clause)


def test_what_has_lapsed_may_be_filed_again_from_that_second(lapsed: Registration) -> None:
    with clock.set_to(lapsed.hold_ends_at - SECOND):
        assert refused_again(lapsed) == ("already_filed", "RE-2.8")
    with clock.set_to(lapsed.hold_ends_at):
        assert refused_again(lapsed) is None


def test_not_without_a_contract_that_covers_the_project(lapsed: Registration, stage: Stage) -> None:
    with clock.set_to(lapsed.hold_ends_at):
        db.session.execute(update(Contract).values(ended_at=clock.now()))
        with pytest.raises(Refusal) as refused:
            stage.file("ana", customer_of(lapsed))
        assert refused_again(lapsed) == (refused.value.reason, refused.value.clause) == ("no_contract", "DM-3.1")


def test_not_in_a_project_that_takes_no_filings(lapsed: Registration, stage: Stage) -> None:
    lapsed.project.is_open = False
    with clock.set_to(lapsed.hold_ends_at):
        with pytest.raises(Refusal) as refused:
            stage.file("ana", customer_of(lapsed))
        expected = "project_takes_no_filings", "RE-1.4"
        assert refused_again(lapsed) == (refused.value.reason, refused.value.clause) == expected


def test_not_during_a_cooling_off_that_a_later_policy_brought(lapsed: Registration, people: People) -> None:
    strict = policies.publish(actor=None, document=with_parameters(preset("RE"), {"refiling.cooling_off_days": 2}))
    with clock.set_to(FILED + SECOND):
        policies.bind(actor=None, project=people.project(), policy=strict, effective_from=clock.now())
    for later, expected in ((timedelta(days=2) - SECOND, ("cooling_off", "RE-Q8")), (timedelta(days=2), None)):
        with clock.set_to(lapsed.hold_ends_at + later):
            assert refused_again(lapsed) == expected
