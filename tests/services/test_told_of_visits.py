"""The broker is told what a visit came to, once, with the clause that decided (RE-2.4, RE-2.9, RE-3.3, RE-4.1, RE-5.4)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from portal import clock
from portal.models import Notice, Registration
from portal.services import partnership, records, visit_flow
from tests.fixtures import Stage

FILED = datetime(2026, 3, 5, 1, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def late(stage: Stage, registration: Registration) -> None:
    with clock.set_to(FILED + HOUR / 2):
        stage.arrive(registration)


def lapsed(stage: Stage, registration: Registration) -> None:
    with clock.set_to(FILED + 9 * DAY):
        stage.arrive(registration)


def brought_by_a_blacklisted_one(stage: Stage, registration: Registration) -> None:
    with clock.set_to(FILED + DAY):
        hua, distributor = stage.people.get("hua"), stage.people.distributor()
        partnership.blacklist(actor=hua, distributor=distributor, reason="第二次认定")
        stage.arrive(registration)


def not_passed(stage: Stage, registration: Registration) -> None:
    with clock.set_to(FILED + DAY):
        visit = stage.sign(stage.arrive(registration))
        visit_flow.audit_visit(actor=stage.people.get("bo"), visit=visit, passed=False, reason="身份不符")


def excused(stage: Stage, registration: Registration) -> None:
    with clock.set_to(FILED + HOUR / 2):
        visit = stage.sign(stage.arrive(registration))
        visit_flow.excuse_late_filing(actor=stage.people.get("lin"), visit=visit, reason="前台系统故障")


def entered(stage: Stage, registration: Registration) -> None:
    with clock.set_to(FILED + DAY):
        stage.complete(stage.sign(stage.arrive(registration)))


@pytest.mark.parametrize(
    ("happens", "kind", "clause"),
    [
        (late, "visit.natural", "RE-2.4"),
        (lapsed, "visit.natural", "RE-2.9"),
        (brought_by_a_blacklisted_one, "visit.refused", "RE-5.4"),
        (not_passed, "visit.audit_failed", "RE-3.3"),
        (excused, "visit.excused", "RE-2.4"),
        (entered, "visit.protected", "RE-2.10"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_the_broker_is_told_once_with_the_clause(
    session, stage: Stage, happens: Callable[[Stage, Registration], None], kind: str, clause: str
) -> None:
    with clock.set_to(FILED):
        registration = stage.file("ana")
    happens(stage, registration)
    told = session.scalars(select(Notice).where(Notice.kind == kind)).one()
    assert (told.user_id, told.clause, told.facts["reference"]) == (
        registration.broker_id,
        clause,
        registration.reference,
    )


def test_an_older_record_is_told_without_naming_it(session, stage: Stage) -> None:
    customer = stage.customer()
    with clock.set_to(FILED - DAY):
        rui, project = stage.people.get("rui"), stage.people.project()
        records.record_customer(actor=rui, project=project, source="call", customer=customer)
    with clock.set_to(FILED):
        registration = stage.file("ana", customer)
    with clock.set_to(FILED + DAY):
        visit = stage.sign(stage.arrive(registration))
        visit_flow.audit_visit(actor=stage.people.get("bo"), visit=visit, passed=True)
    told = session.scalars(select(Notice).where(Notice.kind == "visit.audit_failed")).one()
    assert (told.user_id, told.clause) == (registration.broker_id, "RE-4.1")
    assert told.facts == {"reference": registration.reference}
