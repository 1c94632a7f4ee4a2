"""Headquarters takes cases up, identifies parties, hands over, settles, opens cases on alerts, and fetches the letters."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal import clock
from portal.addresses import hidden
from portal.models import Alert, Document, Finding, Sanction, db
from portal.services import alerts, breaches, printing, records, tips
from portal.services.findings import Report
from tests.clashes import DAY, START
from tests.fixtures import People, Stage
from tests.hq.test_findings import confirmed, hal, post, report, the_case  # noqa: F401
from tests.send import send_read

Browse = Callable[..., FlaskClient]


@pytest.fixture(autouse=True)
def today() -> Any:
    with clock.set_to(START) as now:
        yield now


def key_of(client: FlaskClient, page: str = "/hq/findings/new") -> str:
    found = re.search(r'name="submission_key"[^>]*value="([^"]+)"', client.get(page).text)
    assert found is not None
    return found[1]


def print_all(app: Flask) -> None:
    """As the worker does."""
    with app.app_context():
        for number in db.session.scalars(db.select(Document.id).where(Document.state == "waiting")).all():
            printing.print_now(document_id=number, now=clock.now())
        db.session.commit()


def dumped(app: Flask, people: People) -> str:
    """The page of a case of the own people that is found."""
    with app.app_context():
        facts = Report(kind="staff_dumping", summary="把自然到访改成渠道", team="一组", persons="周某")
        project = people.project()
        found = breaches.report_breach(actor=people.get("kit"), project=project, report=facts)
        breaches.decide_breach(
            actor=people.get("hua"), finding=found, project=project, confirmed=True, reason="门岗记录一致"
        )
        db.session.commit()
        return f"/hq/findings/{found.reference}"


def test_a_report_sent_twice_is_one_case(app: Flask, browse: Browse) -> None:
    kit = browse("kit")
    key = key_of(kit)
    assert [report(kit, submission_key=key).status_code for _ in range(2)] == [303, 303]
    with app.app_context():
        assert db.session.query(Finding).count() == 1
    assert report(kit, submission_key="no key").status_code == 422


def test_a_case_is_taken_up_by_name_once(app: Flask, browse: Browse) -> None:
    report(browse("kit"))
    page, hua = f"/hq/findings/{the_case(app).reference}", browse("hua")
    assert f"{page}/taken-up" in hua.get(page).text
    assert post(hua, f"{page}/taken-up", page).status_code == 303
    shown = hua.get(page).text
    assert f"{page}/taken-up" not in shown and "受理人" in shown and "调查中" in shown
    assert post(hua, f"{page}/taken-up", page).status_code == 409


def test_a_nameless_report_is_identified_before_it_can_be_decided(app: Flask, browse: Browse, people: People) -> None:
    with app.app_context():
        tips.send_tip(
            actor=None,
            project=people.project(),
            kind="interception",
            about="穿橘色工服的",
            summary="在地铁口拦人",
            contact=None,
            evidence=(),
            submission_key="6a1f0b1e-0000-4000-8000-000000000000",
        )
        db.session.commit()
    page, hua = f"/hq/findings/{the_case(app).reference}", browse("hua")
    assert "还没有查明是谁" in hua.get(page).text and "穿橘色工服的" in hua.get("/hq/findings").text
    assert post(hua, f"{page}/verdict", page, decision="yes", reason="查实").status_code == 409
    party = {"kind": "interception", "distributor": "", "place": "30.27535, 120.15676"}
    assert post(hua, f"{page}/party", f"{page}/party", **party).status_code == 422
    assert send_read(hua, f"{page}/party", **(party | {"distributor": "D-0001"})).status_code == 303
    shown = hua.get(page).text
    assert "甲渠道" in shown and "212 米" in shown and "¥50,000.00" in shown
    assert send_read(hua, page, "/verdict", decision="yes", reason="查实").status_code == 303


def test_a_handover_needs_a_second_person_and_prints_the_package(
    app: Flask,
    browse: Browse,
    people: People,
    hal: str,  # noqa: F811
) -> None:
    page, hua, second = dumped(app, people), browse("hua"), browse(hal)
    assert post(hua, f"{page}/handover", page, grounds=" ").status_code == 422
    assert post(hua, f"{page}/handover", page, grounds="收取财物；法务意见：建议移送").status_code == 303
    decision = f"{page}/sanctions/authorities/decision"
    assert "由另一位同事决定" in hua.get(page).text
    assert post(hua, decision, page, decision="yes", reason="同意").status_code == 409
    assert post(second, decision, page, decision="yes", reason="同意移送").status_code == 303
    print_all(app)
    with app.app_context():
        number = db.session.scalars(db.select(Sanction.reference).where(Sanction.kind == "authorities")).one()
    answer = hua.get(f"{page}/letters/{number}.pdf")
    assert answer.mimetype == "application/pdf" and answer.data.startswith(b"%PDF")


def test_each_confirmed_sanction_has_its_letter(app: Flask, browse: Browse, people: People) -> None:
    page, hua = dumped(app, people), browse("hua")
    for kind in ("dismissal", "exclude_unit", "warning"):
        assert post(hua, f"{page}/sanctions/{kind}/decision", page, decision="yes", reason="属实").status_code == 303
    assert "正在打印" in hua.get(page).text
    print_all(app)
    with app.app_context():
        kinds = db.session.scalars(db.select(Document.kind).order_by(Document.id)).all()
        assert kinds == ["staff_letter", "staff_letter"]
    assert hua.get(page).text.count("案场人员处理函 PDF") == 2
    assert hua.get(f"{page}/letters/YQ-N0000-000000.pdf").status_code == 404


def test_a_distributor_fetches_what_is_written_to_it_and_nothing_else(
    app: Flask, browse: Browse, people: People
) -> None:
    report(browse("kit"))
    number = the_case(app).reference
    page, own, hua = f"/hq/findings/{number}", f"/distributor/findings/{number}", browse("hua")
    assert post(hua, f"{page}/question", page, question="请说明当天的经过").status_code == 303
    print_all(app)
    olga = browse("olga")
    assert "说明通知书 PDF" in olga.get(own).text
    with clock.set_to(START + 5 * DAY):
        hua, olga = browse("hua"), browse("olga")
        assert send_read(hua, page, "/verdict", decision="yes", reason="录像一致").status_code == 303
        assert post(hua, f"{page}/sanctions/fine/decision", page, decision="yes", reason="第一次").status_code == 303
        print_all(app)
        assert "处罚通知书 PDF" in olga.get(own).text
        with app.app_context():
            letter = db.session.scalars(db.select(Sanction.reference)).one()
        answer = olga.get(f"{own}/letters/{letter}.pdf")
        assert answer.data.startswith(b"%PDF") and answer.status_code == 200
        assert browse("ben").get(f"{own}/letters/{letter}.pdf").status_code in (403, 404)
        assert browse("ana").get(f"{own}/letters/{letter}.pdf").status_code == 403


def test_what_was_paid_is_put_on_record_once(app: Flask, browse: Browse) -> None:
    page, hua = confirmed(app, browse), browse("hua")
    settlement = f"{page}/sanctions/fine/settlement"
    assert post(hua, settlement, page).status_code == 409
    assert post(hua, f"{page}/sanctions/fine/decision", page, decision="yes", reason="第一次").status_code == 303
    assert "登记已办结" in hua.get(page).text
    assert [post(hua, settlement, page).status_code for _ in range(2)] == [303, 409]
    assert "已办结" in hua.get(page).text


@pytest.fixture
def alert(app: Flask, people: People, stage: Stage) -> int:
    """A customer on the company's record whom Ana filed a minute later."""
    with app.app_context():
        customer, project = stage.customer(), people.project()
        with clock.set_to(START - timedelta(minutes=10)):
            records.record_customer(actor=people.get("rui"), project=project, source="natural", customer=customer)
        with clock.set_to(START - timedelta(minutes=9)):
            stage.file("ana", customer)
        alerts.sweep(START)
        db.session.commit()
        return db.session.scalars(db.select(Alert.id)).one()


def test_an_alert_becomes_a_case_with_its_facts(app: Flask, browse: Browse, alert: int) -> None:
    hua = browse("hua")
    page = hua.get("/hq/alerts").text
    assert "到访在前、报备在后" in page and "王若楠" in page and "甲渠道" in page and "RE-7.2" in page
    begun = hua.get(f"/hq/findings/new?alert={hidden(alert)}").text
    assert "公司登记自然到访" in begun and 'value="王若楠"' in begun
    facts = {
        "alert": hidden(alert),
        "kind": "staff_dumping",
        "distributor": "",
        "team": "前台",
        "persons": "王若楠",
        "place": "",
        "happened_at": "",
    }
    assert report(hua, **facts).status_code == 303
    assert report(hua, **facts).status_code == 409
    number = the_case(app).reference
    assert number not in hua.get("/hq/alerts").text and number in hua.get("/hq/alerts?show=closed").text


def test_an_alert_is_set_aside_with_a_reason(app: Flask, browse: Browse, alert: int) -> None:
    hua, aud = browse("hua"), browse("aud")
    address = f"/hq/alerts/{hidden(alert)}/set-aside"
    assert post(hua, address, "/hq/alerts", reason=" ").status_code == 422
    assert aud.get("/hq/alerts").status_code == 200
    assert post(aud, address, "/me", reason="没有问题").status_code == 403
    assert [post(hua, address, "/hq/alerts", reason="已核对").status_code for _ in range(2)] == [303, 409]
    assert "已核对" in aud.get("/hq/alerts?show=closed").text
    assert hua.get("/hq/alerts?show=all").status_code == 404


@pytest.mark.parametrize("who", ["ana", "olga", "rui", "bo", "lin", "kit", "fin"])
def test_nobody_else_reads_alerts_or_prefilled_reports(browse: Browse, alert: int, who: str) -> None:
    client = browse(who)
    assert client.get("/hq/alerts").status_code == 403
    assert "王若楠" not in client.get(f"/hq/findings/new?alert={hidden(alert)}").text or who == "rui"
