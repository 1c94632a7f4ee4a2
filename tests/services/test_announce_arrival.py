"""RE-3.1: the distributor announces the arrival on the day; the notice protects nothing and is kept once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from portal import clock
from portal.models import ArrivalNotice
from portal.rules.refusal import Refusal
from portal.services import arrival_notices, partnership
from tests.fixtures import People, Stage

MORNING = datetime(2026, 3, 5, 1, 0, tzinfo=UTC)


def test_an_announcement_is_one_notice_however_often_it_is_sent(session, stage: Stage, people: People) -> None:
    with clock.set_to(MORNING):
        registration = stage.file()
        for _ in range(2):
            arrival_notices.announce_arrival(
                actor=people.get("ana"), registration=registration, expected_at=MORNING + timedelta(hours=3)
            )
    assert session.scalar(select(func.count()).select_from(ArrivalNotice)) == 1
    assert registration.planned_visit_at == MORNING + timedelta(hours=3)


@pytest.mark.parametrize(
    ("expected", "clause"),
    [
        (timedelta(0), None),
        (timedelta(seconds=-1), "RE-3.1"),
        (datetime(2026, 3, 12, 15, 59, 59, tzinfo=UTC) - MORNING, None),
        (datetime(2026, 3, 12, 16, 0, 0, tzinfo=UTC) - MORNING, "RE-2.9"),
    ],
)
def test_the_time_announced_is_to_come_and_inside_the_hold(
    session, stage: Stage, people: People, expected: timedelta, clause: str | None
) -> None:
    with clock.set_to(MORNING):
        registration = stage.file()
        refused = None
        try:
            arrival_notices.announce_arrival(
                actor=people.get("ana"), registration=registration, expected_at=MORNING + expected
            )
        except Refusal as refusal:
            refused = refusal.clause
    assert refused == clause


def test_nothing_is_announced_for_what_no_longer_runs(session, stage: Stage, people: People) -> None:
    with clock.set_to(MORNING):
        registration = stage.file()
    with clock.set_to(registration.hold_ends_at), pytest.raises(Refusal) as refused:
        arrival_notices.announce_arrival(
            actor=people.get("ana"), registration=registration, expected_at=registration.hold_ends_at
        )
    assert refused.value.clause == "RE-3.1"


def test_a_blacklisted_distributor_announces_nobody(session, stage: Stage, people: People) -> None:
    registration = stage.file()
    partnership.blacklist(actor=people.get("hua"), distributor=people.distributor(), reason="截客")
    with pytest.raises(Refusal) as refused:
        arrival_notices.announce_arrival(
            actor=people.get("ana"), registration=registration, expected_at=clock.now() + timedelta(hours=1)
        )
    assert refused.value.clause == "RE-5.4"
