"""Who hears that a customer bought: those whose lock was good at that instant, each of its own number only (RE-Q28)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.models import Notice, Registration
from tests.clashes import BOUGHT_AT, DAY, HOUR, WRONG_PHONE, Clash
from tests.fixtures import Stage

NOTHING = timedelta(0)


@pytest.fixture
def clash(session: Any, stage: Stage) -> Clash:
    """Ana's customer has come; nobody has bought."""
    clash = Clash(stage)
    clash.bring("ana", NOTHING)
    return clash


def told(session: Any) -> set[tuple[int, str | None, str]]:
    """Who was told, by which clause, of which number."""
    rows = session.scalars(select(Notice).where(Notice.kind == "deal.recorded"))
    return {(row.user_id, row.clause, row.facts["reference"]) for row in rows}


def line(registration: Registration) -> tuple[int, str, str]:
    return registration.broker_id, "RE-8.1", registration.reference


def test_both_hear_of_it_when_both_locks_are_good_whoever_leads(session: Any, clash: Clash) -> None:
    rival = clash.bring("ben", HOUR)
    clash.buy()
    assert told(session) == {line(clash.filed["ana"]), line(rival)}


@pytest.mark.parametrize("brought", [{"visit": False}, {"phone": WRONG_PHONE}], ids=["not visited", "a wrong number"])
def test_whoever_has_no_lock_hears_nothing(session: Any, clash: Clash, brought: dict[str, Any]) -> None:
    clash.bring("ben", HOUR, **brought)
    clash.buy()
    assert told(session) == {line(clash.filed["ana"])}


def test_nobody_hears_once_the_protection_has_ended(session: Any, clash: Clash) -> None:
    clash.buy(at=BOUGHT_AT + 60 * DAY)
    assert told(session) == set()
