"""Headquarters and applications: who sees what, who may do what, papers and numbers on record."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.addresses import hidden
from portal.models import Application, HistoryEntry, OutgoingMessage, PartnerPaper, db
from tests.applying import picture, reach, values
from tests.fixtures import People
from tests.pages import assert_page
from tests.send import send

Browse = Callable[..., FlaskClient]


@pytest.fixture
def applied(app: Flask, people: People) -> str:
    with app.app_context():
        return reach(people, "applied", **values(601)).reference


def test_it_is_listed_shown_and_taken_up(app: Flask, browse: Browse, applied: str) -> None:
    hua = browse("hua")
    assert applied in assert_page(hua.get("/hq/applications"))
    html = assert_page(hua.get(f"/hq/applications/{applied}"))
    assert "受理" in html
    assert "136****0601" in html and "13600000601" not in html
    assert send(hua, f"/hq/applications/{applied}/take-up").status_code == 303
    assert "这一步" in assert_page(send(hua, f"/hq/applications/{applied}/take-up"), 409)


def test_a_return_without_a_remark_is_refused_and_one_with_it_waits_outside(browse: Browse, applied: str) -> None:
    hua = browse("hua")
    send(hua, f"/hq/applications/{applied}/take-up")
    assert send(hua, f"/hq/applications/{applied}/return").status_code == 409
    assert send(hua, f"/hq/applications/{applied}/return", bank_name="写明支行").status_code == 303
    assert applied in assert_page(hua.get("/hq/applications?show=outside"))
    assert "写明支行" in assert_page(hua.get(f"/hq/applications/{applied}"))


def test_numbers_are_shown_whole_for_a_reason_once(app: Flask, browse: Browse, applied: str) -> None:
    hua = browse("hua")
    assert send(hua, f"/hq/applications/{applied}/reveal").status_code == 422
    html = assert_page(send(hua, f"/hq/applications/{applied}/reveal", reason="check_identity"))
    assert "+8613600000601" in html
    assert "+8613600000601" not in hua.get(f"/hq/applications/{applied}").text
    with app.app_context():
        assert db.session.query(HistoryEntry).filter_by(verb="partner_file.revealed").count() == 1


def test_a_paper_is_opened_here_alone_and_on_record(app: Flask, browse: Browse, applied: str) -> None:
    with app.app_context():
        paper = db.session.query(PartnerPaper).order_by(PartnerPaper.id).limit(1).one()
        number, file_id = paper.id, paper.file_id
    hua = browse("hua")
    answer = send(hua, f"/hq/papers/{hidden(number)}")
    assert answer.mimetype == "image/png" and "attachment" in answer.headers["Content-Disposition"]
    assert hua.get(f"/files/{hidden(file_id)}").status_code == 404
    with app.app_context():
        assert db.session.query(HistoryEntry).filter_by(verb="paper.opened").count() == 1


@pytest.mark.parametrize(
    ("who", "act"),
    [
        ("dan", "take-up"),
        ("kit", "take-up"),
        ("hua", "signature"),
        ("fin", "signature"),
        ("dan", "scores"),
        ("hua", "opinion"),
        ("dan", "override"),
        ("hua", "override"),
    ],
)
def test_everybody_keeps_to_their_part(browse: Browse, applied: str, who: str, act: str) -> None:
    assert send(browse(who), f"/hq/applications/{applied}/{act}").status_code == 403


@pytest.mark.parametrize("who", ["ana", "olga", "rui", "bo", "lin", "ada"])
def test_others_see_no_applications(browse: Browse, applied: str, who: str) -> None:
    client = browse(who)
    assert client.get("/hq/applications").status_code == 403
    assert client.get(f"/hq/applications/{applied}").status_code == 403


def test_a_number_that_is_none_is_not_found(browse: Browse) -> None:
    assert browse("hua").get("/hq/applications/SQ-2604-000000").status_code == 404
    assert browse("hua").get("/hq/applications?show=secrets").status_code == 404


def test_an_invitation_leaves_as_a_message_that_nobody_here_reads(app: Flask, browse: Browse, people: People) -> None:
    hua = browse("hua")
    answer = send(hua, "/hq/applications/invite", name="西湖分销", contact="xihu@example.cn")
    html = assert_page(hua.get(answer.location))
    with app.app_context():
        message = db.session.query(OutgoingMessage).filter_by(kind="application_invited").one()
        link = json.loads(message.facts or "{}")["link"]
    assert "西湖分销" in html and link.rsplit("/", 1)[1] not in html
    assert "邮箱地址不对" in assert_page(send(hua, "/hq/applications/invite", name="x", contact="a@"), 422)
    guest = browse()
    path = link.split("localhost", 1)[1]
    assert "西湖分销" in assert_page(guest.get(path))
    assert send(guest, path, path).location == "/apply/form/company"
    assert "已经用过" in assert_page(browse().get(path))


def test_messages_are_the_administrators_and_read_for_a_reason(app: Flask, browse: Browse, people: People) -> None:
    with app.app_context():
        reach(people, "approved")
        message = db.session.query(OutgoingMessage).filter_by(kind="owner_account").one()
        number, password = message.id, json.loads(message.facts or "{}")["password"]
    ada = browse("ada")
    html = assert_page(ada.get("/hq/messages"))
    assert "负责人账号" in html and password not in html
    assert send(ada, f"/hq/messages/{hidden(number)}/reveal").status_code == 303
    assert password in assert_page(send(ada, f"/hq/messages/{hidden(number)}/reveal", reason="pass_on"))
    assert browse("hua").get("/hq/messages").status_code == 403


def test_the_file_stays_when_the_application_is_over(app: Flask, browse: Browse, people: People) -> None:
    with app.app_context():
        reach(people, "approved")
        assert db.session.query(Application).one().state == "approved"
    html = assert_page(browse("hua").get("/hq/distributors/D-0003/file"))
    assert "营业执照" in html and "****" in html
    assert "还没有档案" in assert_page(browse("hua").get("/hq/distributors/D-0001/file"))
    assert "只有签好合同" in assert_page(browse("hua").get("/hq/distributors/D-0003/entry"))


def test_the_owner_renews_a_paper_of_its_own_company(app: Flask, browse: Browse, people: People) -> None:
    olga = browse("olga")
    upload = (BytesIO(picture(9)), "licence.png")
    fields = {"kind": "licence", "paper": upload, "valid_until": "2030-01-31"}
    assert send(olga, "/distributor/company/papers", **fields).status_code == 303
    assert "2030-01-31" in assert_page(olga.get("/distributor/company/papers"))
    with app.app_context():
        paper = db.session.query(PartnerPaper).one().id
    hua = browse("hua")
    address = f"/hq/distributors/D-0001/file/papers/{hidden(paper)}"
    refused = assert_page(send(hua, address, decision="yes", remark="章盖得不清楚"), 409)
    assert "公章" in refused and 'value="章盖得不清楚"' in refused, "what was typed is kept"
    assert send(hua, address, decision="yes", sealed="y").status_code == 303
    assert send(hua, f"/hq/distributors/D-0002/file/papers/{hidden(paper)}", decision="yes").status_code == 404
    assert browse("ana").get("/distributor/company/papers").status_code == 403
