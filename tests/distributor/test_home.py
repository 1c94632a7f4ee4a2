"""A broker's first page: what waits, until when, the most urgent first."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from portal import clock
from portal.models import db
from portal.queries import contracts
from portal.services import breaches, classification
from portal.services.breaches import Report
from tests import contracting
from tests.caring import answered_complaint
from tests.distributor.conftest import words_of

HOME = "/distributor/"


def _todos(answer) -> list[str]:
    return re.findall(r'<article class="todo">.*?<h3><a[^>]*>([^<]+)</a>', answer.get_data(as_text=True), re.DOTALL)


def _answers(answer) -> list[str]:
    """The addresses under 等您答复."""
    panel = answer.get_data(as_text=True).partition("等您答复</h2>")[2].partition("</section>")[0]
    return re.findall(r'<a href="([^"]+)"', panel)


def test_an_empty_day_says_what_to_do(browse) -> None:
    answer = browse("ana").get(HOME)
    assert answer.status_code == 200 and "还没有报备过客户" in words_of(answer)


def test_the_most_urgent_stands_first(app, browse, stage) -> None:
    with app.app_context():
        now = clock.now()
        with clock.set_to(now - timedelta(days=6)):
            stage.file(customer=stage.customer(name="快到期"))
        with clock.set_to(now - timedelta(hours=3)):
            stage.file(customer=stage.customer(name="今天来"), planned_visit_at=now + timedelta(hours=1))
        with clock.set_to(now - timedelta(days=42)):
            bulk = stage.file(customer=stage.customer(name="大宗户"))
        with clock.set_to(now - timedelta(days=41)):
            stage.complete(stage.sign(stage.arrive(bulk)))
            classification.classify(actor=stage.people.get("bo"), registration=bulk, bulk=True, reason="整层")
        with clock.set_to(now - timedelta(hours=5)):
            waiting = stage.file(customer=stage.customer(name="审核中"))
        with clock.set_to(now - timedelta(hours=2)):
            stage.sign(stage.arrive(waiting))
        stage.file(who="ben", customer=stage.customer(name="对手的"))
        stage.file(who="abe", customer=stage.customer(name="同事的"))
        db.session.commit()
    answer = browse("ana").get(HOME)
    assert _todos(answer) == ["今天来", "快到期", "大宗户"]
    words = words_of(answer)
    assert "去申请延期" in words and "审核中 · 到访流程" in words
    assert "对手的" not in words and "同事的" not in words


def test_a_hold_that_ends_soon_says_so_though_a_visit_is_planned(app, browse, stage) -> None:
    with app.app_context():
        now = clock.now()
        with clock.set_to(now - timedelta(days=6)):
            stage.file(planned_visit_at=now + timedelta(hours=1))
        db.session.commit()
    words = words_of(browse("ana").get(HOME))
    assert "到期不能延长" in words and "起到访有效" not in words


@pytest.mark.parametrize("name", ["bo", "rui", "hua", "ada"])
def test_nobody_else_has_this_page(browse, name: str) -> None:
    assert browse(name).get(HOME).status_code == 403


def test_a_broker_begins_here(browse) -> None:
    assert browse("ana").get("/").headers["Location"].endswith(HOME)


def test_the_owner_is_told_of_a_contract_to_sign_until_it_is_signed(app, browse, people) -> None:
    with app.app_context():
        contract = contracting.open_to_sign(people)
        db.session.commit()
        reference = contract.reference
    olga = browse("olga")
    assert _answers(olga.get(HOME)) == [f"/distributor/contracts/{reference}"]
    assert _answers(browse("ana").get(HOME)) == []
    with app.app_context():
        contracting.sign_partner(people, contracts.find(reference))
        db.session.commit()
    assert _answers(olga.get(HOME)) == []


def test_the_owner_is_told_what_to_explain_and_by_when(app, browse, people) -> None:
    with app.app_context():
        hua, about = people.get("hua"), people.distributor("甲渠道")
        report = Report(kind="interception", summary="客户李某举报", distributor=about)
        case = breaches.report_breach(actor=people.get("kit"), project=people.project(), report=report)
        breaches.ask_explanation(actor=hua, finding=case, project=people.project(), question="请说明当天经过")
        db.session.commit()
        reference = case.reference
    answer = browse("olga").get(HOME)
    assert _answers(answer) == [f"/distributor/findings/{reference}"]
    assert "违规认定 · 截客" in words_of(answer) and "还剩" in words_of(answer)
    assert _answers(browse("ana").get(HOME)) == []


def test_whose_complaint_was_answered_is_asked_to_rate_it(app, browse, people) -> None:
    with app.app_context():
        reference = answered_complaint(people).reference
        db.session.commit()
    assert _answers(browse("ana").get(HOME)) == [f"/distributor/complaints/{reference}"]
