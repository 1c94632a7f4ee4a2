"""The service and headquarters work on complaints; the site takes them down (D.10, CX-5, DS-4.5 to 4.7)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.models import Complaint, Finding, db
from portal.services import complaints
from portal.services.complaints import Statement
from tests.caring import answered_complaint
from tests.fixtures import People, csrf_of
from tests.pages import assert_page
from tests.send import send

Browse = Callable[..., FlaskClient]
NEW = "/hq/complaints/new"
TAKEN = {
    "channel": "phone",
    "name": "周女士",
    "phone": "138 0000 0001",
    "about": "distributor",
    "distributor": "D-0001",
    "who": "甲渠道的小陈",
    "project": "YQ",
    "facts": "约好十点带看，等到十二点没有人",
    "wish": "换一位经纪人",
}


def post(client: FlaskClient, address: str, page: str, **data: Any) -> Any:
    return client.post(address, data=data | {"csrf_token": csrf_of(client, page)})


def take_down(client: FlaskClient, **data: Any) -> Any:
    return post(client, NEW, NEW, **(TAKEN | {"submission_key": str(uuid4())} | data))


def the_complaint(app: Flask) -> Complaint:
    with app.app_context():
        return db.session.scalars(db.select(Complaint).order_by(Complaint.seq.desc())).first()


@pytest.fixture
def page(app: Flask, browse: Browse) -> str:
    """The page of a complaint that Rui took down."""
    assert take_down(browse("rui")).status_code == 201
    return f"/hq/complaints/{the_complaint(app).reference}"


def accept(client: FlaskClient, page: str) -> None:
    assert post(client, f"{page}/acceptance", page, gravity="ordinary", distributor="D-0001").status_code == 303


@pytest.mark.parametrize("who", ["rui", "bo", "lin", "kit", "hua"])
def test_whoever_hears_it_takes_it_down_and_hands_over_number_and_code(app: Flask, browse: Browse, who: str) -> None:
    shown = assert_page(take_down(browse(who)), 201)
    made = the_complaint(app)
    assert made.reference in shown and "查询码" in shown
    assert (made.channel, made.state, made.name, made.phone) == ("phone", "received", "周女士", "+8613800000001")


def test_the_same_form_twice_is_one_complaint(app: Flask, browse: Browse) -> None:
    rui, key = browse("rui"), str(uuid4())
    first, again = (take_down(rui, submission_key=key) for _time in range(2))
    codes = {answer.text.split("查询码</dt><dd", 1)[1].split("</b>", 1)[0] for answer in (first, again)}
    assert len(codes) == 1
    with app.app_context():
        assert db.session.query(Complaint).count() == 1


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"facts": ""}, "请写明何时、何地、发生了什么"),
        ({"about": ""}, "请选择其中一项"),
        ({"channel": "online"}, "请选择其中一项"),
        ({"phone": "12"}, "号码读不懂"),
        ({"project": "XX"}, "没有这个项目"),
        ({"facts": "<script>"}, "网页代码"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    app: Flask, browse: Browse, wrong: dict[str, str], words: str
) -> None:
    shown = assert_page(take_down(browse("kit"), **wrong), 422)
    assert words in shown and "换一位经纪人" in shown
    assert the_complaint(app) is None


def test_it_is_worked_on_step_by_step_and_closed(app: Flask, browse: Browse, page: str) -> None:
    kit = browse("kit")
    assert page in assert_page(kit.get("/hq/complaints"))
    assert "受理，由我办理" in assert_page(kit.get(page))
    accept(kit, page)
    assert "开始调查" in assert_page(kit.get(page))
    assert post(kit, f"{page}/inquiry", page).status_code == 303
    assert "给出结论" in assert_page(kit.get(page))
    found = {"inquiry": "问过经纪人和前台", "outcome": "upheld", "answer": "已换人并道歉", "partner_note": "请守时"}
    assert post(kit, f"{page}/outcome", page, **found).status_code == 303
    assert post(kit, f"{page}/answer", page, by="phone").status_code == 303
    shown = assert_page(kit.get(page))
    assert "现在不能" in shown and "记下投诉人的评价" in shown
    assert post(kit, f"{page}/closing", page).status_code == 409
    again = post(kit, f"{page}/rating", page, satisfaction="2", settled="no", opinion="还没有新的人联系我")
    assert again.status_code == 303 and "不满意，重新办理" in assert_page(kit.get(page))
    assert post(kit, f"{page}/inquiry", page).status_code == 303
    assert post(kit, f"{page}/outcome", page, **found).status_code == 303
    assert post(kit, f"{page}/answer", page, by="message").status_code == 303
    assert post(kit, f"{page}/rating", page, satisfaction="5", settled="yes").status_code == 303
    assert post(kit, f"{page}/closing", page).status_code == 303
    assert page in kit.get("/hq/complaints?show=learn").text
    measures = {"cause": "partner", "cause_note": "经纪人撞期", "measures": "系统提前一小时提醒经纪人，陈工，四月底"}
    assert post(kit, f"{page}/cause", page, **measures).status_code == 303
    assert "第 2 次调查" in assert_page(kit.get(page)) and "系统提前一小时提醒" in kit.get(page).text
    assert page in assert_page(kit.get("/hq/complaints?show=done"))
    report = assert_page(kit.get("/hq/complaints/causes"))
    assert "分销商行为" in report and "系统提前一小时提醒" in report


def test_a_step_out_of_turn_is_refused_and_a_form_not_filled_is_shown_again(browse: Browse, page: str) -> None:
    kit = browse("kit")
    assert post(kit, f"{page}/inquiry", page).status_code == 409
    accept(kit, page)
    assert post(kit, f"{page}/acceptance", page, gravity="ordinary").status_code == 409
    post(kit, f"{page}/inquiry", page)
    answer = post(kit, f"{page}/outcome", page, inquiry="问过经纪人", outcome="knowingly_false", answer="不属实")
    assert "问过经纪人" in assert_page(answer, 409) and "客户的投诉不作" in answer.text
    empty = assert_page(post(kit, f"{page}/outcome", page, inquiry="问过经纪人"), 422)
    assert "请写明结论和解决办法" in empty and "问过经纪人" in empty


def test_it_is_handed_to_a_colleague(browse: Browse, page: str, people: People) -> None:
    kit = browse("kit")
    accept(kit, page)
    assert post(kit, f"{page}/owner", page, owner=str(people.users["hua"])).status_code == 303
    assert post(kit, f"{page}/owner", page, owner=str(people.users["ana"])).status_code == 422
    assert "由您办理" in browse("hua").get("/notices").text


def test_a_case_of_breach_is_made_of_it_with_what_was_said(app: Flask, browse: Browse, page: str) -> None:
    kit = browse("kit")
    accept(kit, page)
    assert "约好十点带看" in kit.get(page).text.split('id="case"', 1)[1]
    case = {"kind": "poaching", "case_project": "YQ", "summary": "劝客户换人带看"}
    assert post(kit, f"{page}/case", page, **case).status_code == 303
    assert post(kit, f"{page}/case", page, **case).status_code == 409
    with app.app_context():
        finding = db.session.query(Finding).one()
        assert finding.reference in kit.get(page).text
    assert finding.reference in browse("hua").get("/hq/findings").text


def test_the_number_is_masked_until_a_reason_is_given(browse: Browse, page: str) -> None:
    kit = browse("kit")
    assert "138****0001" in kit.get(page).text and "13800000001" not in kit.get(page).text.replace(" ", "")
    assert post(kit, f"{page}/reveal", page).status_code == 422
    shown = post(kit, f"{page}/reveal", page, reason="contact")
    assert "13800000001" in shown.text.replace(" ", "")
    assert "查看投诉人的完整资料" in kit.get(page).text


def test_there_is_nothing_to_show_where_no_number_was_given(app: Flask, browse: Browse) -> None:
    assert take_down(browse("kit"), phone="").status_code == 201
    page = f"/hq/complaints/{the_complaint(app).reference}"
    assert post(browse("kit"), f"{page}/reveal", page, reason="contact").status_code == 404


def test_the_complainant_may_be_named_once_and_for_good(app: Flask, browse: Browse, page: str) -> None:
    kit = browse("kit")
    assert post(kit, f"{page}/leave", page).status_code == 303
    assert post(kit, f"{page}/leave", page).status_code == 409
    assert the_complaint(app).disclosed


def test_knowingly_false_is_shown_as_a_breach_of_the_distributor(app: Flask, browse: Browse, people: People) -> None:
    with app.app_context():
        complaint = answered_complaint(people)
        complaint.rounds[-1].outcome = "knowingly_false"
        db.session.commit()
        address = f"/hq/complaints/{complaint.reference}"
    assert "明知不实的投诉是违约" in assert_page(browse("hua").get(address))


def test_the_auditor_reads_and_changes_nothing(browse: Browse, page: str) -> None:
    aud = browse("aud")
    for address in (page, "/hq/complaints", "/hq/complaints/causes"):
        assert "<form" not in assert_page(aud.get(address)).split("<main", 1)[1].split("</main>", 1)[0]
    for deed in ("acceptance", "closing", "reveal"):
        assert post(aud, f"{page}/{deed}", "/me", reason="contact").status_code == 403


@pytest.mark.parametrize("who", ["ana", "olga", "rui", "bo", "cai", "fin", "ada"])
def test_nobody_else_reads_complaints(browse: Browse, page: str, who: str) -> None:
    client = browse(who)
    assert client.get(page).status_code == 403 and client.get("/hq/complaints").status_code == 403


@pytest.mark.parametrize("who", ["ana", "olga", "cai", "fin", "ada", "aud"])
def test_nobody_else_takes_them_down(browse: Browse, who: str) -> None:
    assert browse(who).get(NEW).status_code == 403


def test_what_is_not_there_is_a_404(browse: Browse) -> None:
    kit = browse("kit")
    for address in ("/hq/complaints/TS-0000-000000", "/hq/complaints?show=nothing"):
        assert kit.get(address).status_code == 404


def test_how_far_a_complex_complaint_is_can_be_read_outside(app: Flask, browse: Browse, people: People) -> None:
    """Told by the service, read by the distributor that complained; an ordinary one has no such form."""
    with app.app_context():
        made = complaints.receive(
            actor=people.get("olga"),
            channel="partner",
            statement=Statement(about="staff", facts="前台让客户等了一个小时"),
            submission_key="00000000-0000-4000-8000-00000000aa01",
        )
        complaints.accept(actor=people.get("kit"), complaint=made.complaint, gravity="complex")
        db.session.commit()
        reference = made.reference
    kit, where = browse("kit"), f"/hq/complaints/{reference}"
    assert "复杂的投诉每 5 个工作日至少告知一次" in assert_page(kit.get(where))
    assert_page(send(kit, f"{where}/progress", where, words="", by="page"), 422)
    assert send(kit, f"{where}/progress", where, words="已调取监控", by="page").status_code == 303
    assert "已调取监控" in assert_page(kit.get(where))
    assert "已调取监控" in assert_page(browse("olga").get(f"/distributor/complaints/{reference}"))
