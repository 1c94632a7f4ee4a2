"""Anybody complains without a sign-in and reads the answer with number and code (CX-5.1, DS-4.7)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.models import Complaint, HistoryEntry, db
from portal.services import complaints
from tests.fixtures import People, csrf_of
from tests.pages import assert_page

Browse = Callable[..., FlaskClient]
SAID = {
    "about": "staff",
    "who": "前台",
    "project": "YQ",
    "facts": "等了一个小时",
    "name": "周女士",
    "phone": "13800000001",
}


def send(client: FlaskClient, **data: Any) -> Any:
    values = SAID | {"submission_key": str(uuid4()), "csrf_token": csrf_of(client, "/complain")} | data
    return client.post("/complain", data=values)


def look_up(client: FlaskClient, reference: str, code: str, **data: Any) -> Any:
    token = csrf_of(client, "/complain/answer")
    return client.post("/complain/answer", data={"reference": reference, "code": code, "csrf_token": token} | data)


def handed_over(answer: Any) -> tuple[str, str]:
    """Number and code as they stand on the page."""
    page = assert_page(answer, 201, personal=False)
    reference = re.search(r"TS-\d{4}-[0-9A-Z]{6}", page)
    code = re.search(r"[A-Z2-7]{4}-[A-Z2-7]{4}-[A-Z2-7]{4}", page)
    assert reference and code
    return reference[0], code[0]


def work(app: Flask, people: People, outcome: str = "upheld", *, tell: bool = True) -> None:
    """Kit takes the one complaint up, resolves it and tells the answer."""
    with app.app_context():
        kit, one = people.get("kit"), db.session.query(Complaint).one()
        if one.state == "received":
            complaints.accept(actor=kit, complaint=one, gravity="ordinary")
        complaints.investigate(actor=kit, complaint=one, members=[])
        complaints.resolve(actor=kit, complaint=one, inquiry="问过前台主管", outcome=outcome, answer="已加派一名前台")
        if tell:
            complaints.tell(actor=kit, complaint=one, by="page")
        db.session.commit()


def test_the_answer_is_behind_number_and_code_and_may_be_refused_as_often_as_need_be(
    app: Flask, browse: Browse, people: People
) -> None:
    client = browse()
    reference, code = handed_over(send(client))
    first = assert_page(look_up(client, reference, code), personal=False)
    assert "已收到，等受理" in first and "受理期限" in first
    work(app, people, tell=False)
    assert "已加派一名前台" not in look_up(client, reference, code).text
    with app.app_context():
        complaints.tell(actor=people.get("kit"), complaint=db.session.query(Complaint).one(), by="page")
        db.session.commit()
    told = assert_page(look_up(client, reference.lower(), code.lower()), personal=False)
    assert "已加派一名前台" in told and "您满意吗" in told and "问过前台主管" not in told
    for _again in range(2):
        rated = look_up(client, reference, code, rate="yes", satisfaction="1", settled="no", opinion="还是等了很久")
        assert "还会重新调查" in assert_page(rated, personal=False)
        work(app, people)
    done = look_up(client, reference, code, rate="yes", satisfaction="5", settled="yes")
    assert "已记下您的评价" in assert_page(done, personal=False) and "5 很满意" in done.text
    once = look_up(client, reference, code, rate="yes", satisfaction="1", settled="yes")
    assert once.status_code in (200, 409)


def test_a_rating_without_what_is_needed_comes_back(app: Flask, browse: Browse, people: People) -> None:
    client = browse()
    reference, code = handed_over(send(client))
    work(app, people)
    page = assert_page(look_up(client, reference, code, rate="yes", settled="no"), 422, personal=False)
    assert "请选择其中一项" in page and "请写明还有什么没解决" in page


@pytest.mark.parametrize("wrong", ["AAAA-BBBB-CCCC", "", "x" * 39])
def test_a_wrong_code_and_a_wrong_number_get_the_same_words(browse: Browse, wrong: str) -> None:
    client = browse()
    reference, code = handed_over(send(client))
    page = assert_page(look_up(client, reference, wrong), 422, personal=False)
    assert "等了一个小时" not in page
    if wrong:
        other = look_up(client, "TS-2603-AAAAAA", code).text
        assert "编号或查询码不对" in page and "编号或查询码不对" in other


def test_a_distributors_complaint_has_no_code(app: Flask, browse: Browse, people: People) -> None:
    with app.app_context():
        one = complaints.Statement(about="other", facts="x")
        key = str(uuid4())
        made = complaints.receive(actor=people.get("ana"), channel="partner", statement=one, submission_key=key)
        db.session.commit()
        reference = made.reference
    assert look_up(browse(), reference, "AAAA-BBBB-CCCC").status_code == 422


def test_what_is_wrong_is_said_and_what_was_typed_stays(app: Flask, browse: Browse) -> None:
    page = assert_page(send(browse(), facts="", phone="1"), 422, personal=False)
    assert "请写明何时" in page and "号码读不懂" in page and 'value="周女士"' in page
    with app.app_context():
        assert db.session.query(Complaint).count() == 0


def test_name_and_number_need_not_be_given(app: Flask, browse: Browse) -> None:
    handed_over(send(browse(), name="", phone=""))
    with app.app_context():
        one = db.session.query(Complaint).one()
        assert (one.name, one.phone, one.recorded_by_id, one.channel) == (None, None, None, "online")
        entry = db.session.query(HistoryEntry).filter_by(verb="complaint.received").one()
        assert entry.actor_id is None


def test_sent_twice_it_is_one_and_shows_the_same_code(browse: Browse) -> None:
    client, key = browse(), str(uuid4())
    assert handed_over(send(client, submission_key=key)) == handed_over(send(client, submission_key=key))


def test_whoever_is_signed_in_stays_out_of_it(app: Flask, browse: Browse) -> None:
    handed_over(send(browse("ana")))
    with app.app_context():
        one = db.session.query(Complaint).one()
        assert one.recorded_by_id is None and one.complaining_id is None
