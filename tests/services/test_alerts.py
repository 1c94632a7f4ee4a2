"""Patterns that look like customers thrown to a distributor (RE-7.2): each found once, with its two instants and whose act."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from portal import clock
from portal.models import Alert, Finding, HistoryEntry, db
from portal.rules.refusal import Refusal
from portal.services import alerts, corrections, records, reveals, visit_flow
from portal.services.alerts import ARRIVAL_WINDOW, LOOK_BACK, LOOKUP_WINDOW
from tests.clashes import START
from tests.fixtures import Stage

MINUTE = timedelta(minutes=1)


def found(kind: str, now: datetime | None = None) -> list[Alert]:
    """The alerts of one kind after a sweep; a second sweep finds nothing more."""
    present = now or clock.now()
    alerts.sweep(present)
    assert alerts.sweep(present) == 0
    return list(db.session.scalars(db.select(Alert).where(Alert.kind == kind).order_by(Alert.id)))


def record(stage: Stage, customer: Any, source: str = "natural") -> Any:
    project = stage.people.project()
    return records.record_customer(actor=stage.people.get("rui"), project=project, source=source, customer=customer)


def look(stage: Stage, subject: Any, who: str = "cai") -> None:
    show = reveals.reveal_record if subject.__tablename__ == "company_records" else reveals.reveal_registration
    name = "record" if subject.__tablename__ == "company_records" else "registration"
    facts: dict[str, Any] = {name: subject, "fields": ("phone",), "reason": "contact", "now": clock.now()}
    show(actor=stage.people.get(who), **facts)


@pytest.mark.parametrize(("later", "expected"), [(MINUTE, 1), (LOOKUP_WINDOW, 1), (LOOKUP_WINDOW + MINUTE, 0)])
def test_a_filing_minutes_after_a_look_up(session: Any, stage: Stage, later: timedelta, expected: int) -> None:
    customer = stage.customer()
    with clock.set_to(START):
        kept = record(stage, customer, "call")
        look(stage, kept)
    with clock.set_to(START + later):
        registration = stage.file("ana", customer)
        hits = found("after_lookup")
    assert [(hit.registration_id, hit.staff_id, hit.before_at, hit.happened_at) for hit in hits] == [
        (registration.id, stage.people.users["cai"], START, START + later)
    ] * expected


def test_a_rival_filing_after_a_look_at_a_registration_but_never_one_s_own_again(session: Any, stage: Stage) -> None:
    customer = stage.customer()
    with clock.set_to(START):
        first = stage.file("ana", customer)
        look(stage, first, "bo")
        look(stage, first, "ana")
    with clock.set_to(START + 5 * MINUTE):
        second = stage.file("ben", customer)
        hits = found("after_lookup")
    assert [(hit.registration_id, hit.staff_id) for hit in hits] == [(second.id, stage.people.users["bo"])]


def test_filing_again_what_one_had_filed_oneself_points_at_nobody(session: Any, stage: Stage) -> None:
    customer = stage.customer()
    with clock.set_to(START):
        first = stage.file("ana", customer)
    with clock.set_to(START + 61 * MINUTE):
        visit = stage.sign(stage.arrive(first))
        visit_flow.audit_visit(actor=stage.people.get("bo"), visit=visit, passed=False, reason="身份不符")
        look(stage, first, "bo")
    with clock.set_to(START + 63 * MINUTE):
        stage.file("ana", customer)
        assert found("after_lookup") == []


def test_two_looks_of_one_person_are_one_alert_with_the_last_of_them(session: Any, stage: Stage) -> None:
    customer = stage.customer()
    with clock.set_to(START):
        kept = record(stage, customer, "call")
        look(stage, kept)
    with clock.set_to(START + 4 * MINUTE):
        look(stage, kept)
    with clock.set_to(START + 9 * MINUTE):
        stage.file("ana", customer)
        assert [hit.before_at for hit in found("after_lookup")] == [START + 4 * MINUTE]


@pytest.mark.parametrize(
    ("source", "later", "expected"),
    [
        ("natural", MINUTE, 1),
        ("natural", ARRIVAL_WINDOW, 1),
        ("natural", ARRIVAL_WINDOW + MINUTE, 0),
        ("call", MINUTE, 0),
    ],
)
def test_a_filing_after_the_arrival(session: Any, stage: Stage, source: str, later: timedelta, expected: int) -> None:
    customer = stage.customer()
    with clock.set_to(START):
        record(stage, customer, source)
    with clock.set_to(START + later):
        registration = stage.file("ana", customer)
        hits = found("after_arrival")
    assert [(hit.registration_id, hit.before_at, hit.happened_at) for hit in hits] == [
        (registration.id, START, START + later)
    ] * expected


def test_a_filing_before_the_arrival_is_none(session: Any, stage: Stage) -> None:
    customer = stage.customer()
    with clock.set_to(START):
        stage.file("ana", customer)
    with clock.set_to(START + MINUTE):
        record(stage, customer)
        assert found("after_arrival") == []


def test_a_natural_visit_that_became_a_channel_s(session: Any, stage: Stage) -> None:
    with clock.set_to(START):
        registration = stage.file("ana")
    with clock.set_to(START + MINUTE):
        visit = stage.sign(stage.arrive(registration))
        assert visit.result == "natural" and found("remarked") == []
    with clock.set_to(START + 20 * MINUTE):
        visit_flow.excuse_late_filing(actor=stage.people.get("lin"), visit=visit, reason="电话已确认")
        (hit,) = found("remarked")
    assert (hit.registration_id, hit.staff_id) == (registration.id, stage.people.users["lin"])
    assert (hit.before_at, hit.happened_at) == (START + MINUTE, START + 20 * MINUTE)


def test_data_changed_after_the_entry_but_not_before(session: Any, stage: Stage) -> None:
    with clock.set_to(START):
        registration = stage.file("ana")
    with clock.set_to(START + timedelta(hours=2)):
        visit = stage.sign(stage.arrive(registration))
        _correct(stage, registration, "李四")
    with clock.set_to(START + timedelta(hours=3)):
        stage.complete(visit)
        assert found("changed_after_entry") == []
    with clock.set_to(START + timedelta(hours=4)):
        _correct(stage, registration, "王五")
        (hit,) = found("changed_after_entry")
    assert (hit.before_at, hit.happened_at) == (START + timedelta(hours=3), START + timedelta(hours=4))
    assert hit.staff_id == stage.people.users["bo"]


def test_a_worker_that_was_away_for_weeks_misses_nothing(session: Any, stage: Stage) -> None:
    customer = stage.customer()
    with clock.set_to(START):
        record(stage, customer)
    with clock.set_to(START + MINUTE):
        stage.file("ana", customer)
    assert len(found("after_arrival", START + LOOK_BACK - MINUTE)) == 1


def test_it_is_set_aside_with_a_reason_or_becomes_a_case_once(session: Any, stage: Stage) -> None:
    customer, hua = stage.customer(), stage.people.get("hua")
    with clock.set_to(START):
        record(stage, customer)
    with clock.set_to(START + MINUTE):
        stage.file("ana", customer)
        (hit,) = found("after_arrival")
        with pytest.raises(Refusal, match="needs_a_reason"):
            alerts.set_aside(actor=hua, alert=hit, reason=" ")
        alerts.set_aside(actor=hua, alert=hit, reason="客户自己先到，经纪人随后报备，已核对")
        with pytest.raises(Refusal, match="alert_decided"):
            alerts.make_a_case(actor=hua, alert=hit, finding=Finding(id=1, reference="x"))
        assert found("after_arrival") == [hit] and hit.state == "set_aside"
    entry = db.session.query(HistoryEntry).filter_by(verb="alert.set_aside").one()
    assert entry.facts["kind"] == "after_arrival" and entry.clause == "RE-7.2"


def _correct(stage: Stage, registration: Any, name: str) -> None:
    corrections.correct_customer(
        actor=stage.people.get("bo"), registration=registration, changes={"name": name}, reason="身份证核对"
    )
