"""Cases of breach, alerts and half-year sheets wait at headquarters for whoever may do their next step, and for nobody else."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal import clock
from portal.models import Alert, Finding, db
from portal.queries import inbox
from portal.services import alerts, assessments, breaches, findings, records, sanctions
from portal.services.findings import Report
from tests.caring import SCORES, after_the_half_year, opened_sheet, second_of_the_department
from tests.clashes import START
from tests.fixtures import People, Stage
from tests.pages import assert_page

Browse = Callable[..., FlaskClient]
EVERYBODY = ("hua", "hal", "kit", "gia", "leo", "dan", "fin", "aud")


@pytest.fixture
def department(session: Any, people: People) -> People:
    """Hua and Hal of the channel department."""
    second_of_the_department(people)
    session.commit()
    return people


def waits_for(people: People, kind: str, number: int | None = None) -> dict[str, str]:
    """For whom something of the kind, or the one with this number, waits, and with which step."""
    pages = {who: inbox.page_of(people.get(who), "all", clock.now()) for who in EVERYBODY}
    found = [(who, item) for who, page in pages.items() for item in page.items if item.kind == kind]
    return {who: item.step for who, item in found if number in (None, item.number)}


def reported(people: People, who: str) -> Finding:
    report = Report(kind="interception", summary="在路口拦下客户", distributor=people.distributor())
    made = breaches.report_breach(actor=people.get(who), project=people.project(), report=report)
    db.session.commit()
    return made


def test_whoever_reported_a_case_is_not_asked_to_decide_it(department: People) -> None:
    with clock.set_to(START):
        reported(department, "hua")
        assert waits_for(department, "finding") == {"hal": "take_up"}
        reported(department, "kit")
        assert waits_for(department, "finding") == {"hua": "take_up", "hal": "take_up"}


def test_a_case_waits_again_once_the_distributor_has_answered(department: People) -> None:
    people, both = department, {"hua": "find", "hal": "find"}
    with clock.set_to(START):
        finding = reported(people, "kit")
        findings.take_up(actor=people.get("hua"), finding=finding)
        assert waits_for(people, "finding") == both
        breaches.ask_explanation(actor=people.get("hua"), finding=finding, project=people.project(), question="请说明")
        assert waits_for(people, "finding") == {}
        breaches.answer_explanation(actor=people.get("olga"), finding=finding, answer="接人")
        assert waits_for(people, "finding") == both


def test_a_silent_distributor_has_its_time_to_the_second(department: People) -> None:
    people = department
    with clock.set_to(START):
        finding = reported(people, "kit")
        project = people.project()
        asked = breaches.ask_explanation(actor=people.get("hua"), finding=finding, project=project, question="请说明")
    with clock.set_to(asked.due_at - timedelta(seconds=1)):
        assert waits_for(people, "finding") == {}
    with clock.set_to(asked.due_at):
        assert waits_for(people, "finding") == {"hua": "find", "hal": "find"}


def test_sanctions_and_appeals_wait_for_those_who_may_decide_them(department: People) -> None:
    people = department
    with clock.set_to(START):
        finding = reported(people, "kit")
        decided = {"actor": people.get("hua"), "confirmed": True, "reason": "属实"}
        breaches.decide_breach(finding=finding, project=people.project(), **decided)
        assert waits_for(people, "finding") == {"hua": "sanction", "hal": "sanction"}
        sanctions.decide_sanction(sanction=finding.sanctions[0], **decided)
        assert waits_for(people, "finding") == {}
        sanctions.confirm_receipt(actor=people.get("olga"), finding=finding)
        sanctions.appeal(actor=people.get("olga"), sanction=finding.sanctions[0], statement="没有这回事")
        assert waits_for(people, "finding") == {"hal": "appeal", "gia": "appeal"}
        judge = people.get("gia")
        sanctions.decide_appeal(actor=judge, sanction=finding.sanctions[0], upheld=True, reason="录像清楚")
        assert waits_for(people, "finding") == {}


def test_an_alert_waits_until_somebody_has_looked_into_it(department: People, stage: Stage) -> None:
    (alert,) = found_alerts(stage, 1)
    with clock.set_to(START + timedelta(minutes=5)):
        assert waits_for(department, "alert") == {"hua": "look_into", "hal": "look_into"}
        alerts.set_aside(actor=department.get("hua"), alert=alert, reason="客户自己先到，已核对")
        assert waits_for(department, "alert") == {}


def test_whoever_scored_a_sheet_is_not_asked_to_confirm_it(department: People) -> None:
    people, sheet = department, opened_sheet(department)
    with clock.set_to(after_the_half_year(clock.now())):
        assert waits_for(people, "assessment", sheet.id) == {"hua": "scheduled", "hal": "scheduled"}
        assessments.score(actor=people.get("hua"), assessment=sheet, scores=SCORES, judgement="带客稳定")
        assert waits_for(people, "assessment", sheet.id) == {"hal": "scored"}
        assessments.confirm(actor=people.get("hal"), assessment=sheet, letter="B", reason="业绩平稳")
        assert waits_for(people, "assessment", sheet.id) == {"hua": "confirmed", "hal": "confirmed"}
        assessments.publish(actor=people.get("hua"), assessment=sheet)
        assert waits_for(people, "assessment", sheet.id) == {}
    with clock.set_to(sheet.due_at):
        assert waits_for(people, "assessment", sheet.id) == {}


def test_the_rows_lead_to_where_each_thing_is_decided(
    app: Flask, department: People, stage: Stage, browse: Browse
) -> None:
    """An alert has no page of its own: its row opens the list where the alert leads, however many came after it."""
    with clock.set_to(START):
        case = reported(department, "kit").reference
        first, _second = (one.registration.reference for one in found_alerts(stage, 2))
        html = assert_page(browse("hua").get("/hq/inbox"))
        assert f'href="/hq/findings/{case}"' in html and "待查实" in html
        rows = re.findall(r'href="(/hq/alerts[^"]+)"', html)
        page = assert_page(browse("hua").get(rows[0]))
        assert len(rows) == 2 and first in page and _second not in page


def found_alerts(stage: Stage, number: int) -> list[Alert]:
    """Filings of customers who had come by themselves a minute before."""
    for place in range(number):
        customer = stage.customer()
        with clock.set_to(START + timedelta(minutes=2 * place)):
            project = stage.people.project()
            records.record_customer(actor=stage.people.get("rui"), project=project, source="natural", customer=customer)
        with clock.set_to(START + timedelta(minutes=2 * place + 1)):
            stage.file("ana", customer)
            alerts.sweep(clock.now())
    db.session.commit()
    return list(db.session.scalars(db.select(Alert).options(db.joinedload(Alert.registration)).order_by(Alert.id)))
