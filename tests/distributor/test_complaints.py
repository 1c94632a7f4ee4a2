"""A distributor complains, rates the answer, and reads what came of complaints about it (DM-12.4, DM-Q2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.models import Complaint, db
from portal.services import complaint_cases, complaints
from portal.services.complaints import Statement
from tests.caring import FACTS, answered_complaint
from tests.fixtures import People, csrf_of
from tests.pages import assert_page

Browse = Callable[..., FlaskClient]
NEW = "/distributor/complaints/new"


def complain(client: FlaskClient, **data: Any) -> Any:
    values = {"about": "staff", "who": "置业顾问", "project": "YQ", "facts": FACTS, "submission_key": str(uuid4())}
    return client.post(NEW, data=values | {"csrf_token": csrf_of(client)} | data)


@pytest.fixture
def about_us(app: Flask, people: People) -> str:
    """The number of a complaint about Ana's company by Mrs Zhou, resolved with a word for the company."""
    with app.app_context():
        kit = people.get("kit")
        said = Statement(about="distributor", distributor=people.distributor(), facts="没有按约到场", name="周女士")
        one = complaints.receive(actor=kit, channel="phone", statement=said, submission_key=str(uuid4())).complaint
        complaints.accept(actor=kit, complaint=one, gravity="ordinary", distributor=people.distributor())
        complaints.investigate(actor=kit, complaint=one, members=[])
        complaints.resolve(
            actor=kit, complaint=one, inquiry="问过", outcome="partly", answer="已提醒", partner_note="请按约定时间到场"
        )
        db.session.commit()
        return one.reference


def test_it_is_sent_listed_and_read(app: Flask, browse: Browse) -> None:
    ana = browse("ana")
    sent = complain(ana)
    assert sent.status_code == 303
    page = assert_page(ana.get(sent.headers["Location"]))
    assert FACTS in page and "已收到，等受理" in page and "置业顾问" in page
    assert FACTS in assert_page(ana.get("/distributor/complaints"))


def test_what_is_wrong_is_said_and_what_was_typed_stays(app: Flask, browse: Browse) -> None:
    page = assert_page(complain(browse("ana"), about=""), 422)
    assert "请选择其中一项" in page and FACTS in page
    with app.app_context():
        assert db.session.query(Complaint).count() == 0


def test_twice_is_once(app: Flask, browse: Browse) -> None:
    ana, key = browse("ana"), str(uuid4())
    places = {complain(ana, submission_key=key).headers["Location"] for _time in range(2)}
    assert len(places) == 1


def test_the_answer_is_rated_and_not_settled_begins_it_anew(app: Flask, browse: Browse, people: People) -> None:
    with app.app_context():
        reference = answered_complaint(people).reference
        db.session.commit()
    ana, page = browse("ana"), f"/distributor/complaints/{reference}"
    shown = assert_page(ana.get(page))
    assert "已加派一名前台" in shown and "看了监控" not in shown
    assert "已答复" in ana.get("/notices").text
    token = {"csrf_token": csrf_of(ana)}
    assert ana.post(f"{page}/rating", data=token | {"satisfaction": "2"}).status_code == 422
    again = token | {"satisfaction": "2", "settled": "no", "opinion": "今天又等了四十分钟"}
    assert ana.post(f"{page}/rating", data=again).status_code == 303
    assert "重新办理中" in ana.get(page).text
    assert ana.post(f"{page}/rating", data=again).status_code == 409


def test_who_reads_it(app: Flask, browse: Browse, people: People) -> None:
    with app.app_context():
        reference = answered_complaint(people).reference
        db.session.commit()
    page = f"/distributor/complaints/{reference}"
    assert {who: browse(who).get(page).status_code for who in ("ana", "olga", "abe", "ben")} == {
        "ana": 200,
        "olga": 200,
        "abe": 404,
        "ben": 404,
    }


def test_the_company_reads_the_outcome_and_never_who_complained(app: Flask, browse: Browse, about_us: str) -> None:
    olga, page = browse("olga"), f"/distributor/complaints/{about_us}"
    shown = assert_page(olga.get(page))
    assert "请按约定时间到场" in shown and "未公开" in shown
    company = assert_page(olga.get("/distributor/company"))
    assert about_us in company
    for text in (shown, company, olga.get("/notices").text, olga.get("/distributor/complaints").text):
        assert "周女士" not in text and "没有按约到场" not in text
    assert browse("ben").get(page).status_code == 404


def test_a_complainant_who_agreed_is_named(app: Flask, browse: Browse, people: People, about_us: str) -> None:
    with app.app_context():
        complaint = db.session.query(Complaint).one()
        complaint_cases.disclose(actor=people.get("kit"), complaint=complaint)
        db.session.commit()
    assert "周女士" in browse("olga").get(f"/distributor/complaints/{about_us}").text


def test_nothing_is_seen_before_something_was_written_for_the_company(
    app: Flask, browse: Browse, people: People
) -> None:
    with app.app_context():
        said = Statement(about="distributor", distributor=people.distributor(), facts="没有按约到场")
        made = complaints.receive(actor=people.get("kit"), channel="box", statement=said, submission_key=str(uuid4()))
        db.session.commit()
        reference = made.reference
    assert browse("olga").get(f"/distributor/complaints/{reference}").status_code == 404
    assert reference not in browse("olga").get("/distributor/company").text


@pytest.mark.parametrize("who", ["rui", "kit", "hua", "ada"])
def test_the_companys_people_have_their_own_room(browse: Browse, who: str) -> None:
    assert browse(who).get(NEW).status_code == 403
    assert browse(who).get("/distributor/company").status_code == 403


def test_a_broker_has_no_company_page(browse: Browse) -> None:
    assert browse("ana").get("/distributor/company").status_code == 403
    assert "还没有定级" in assert_page(browse("olga").get("/distributor/company"))
