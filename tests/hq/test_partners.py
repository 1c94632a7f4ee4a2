"""The channel department suspends, blacklists, takes back: first what follows, then the deed, then what happened."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.models import Distributor, Extension, HistoryEntry, Registration, db
from portal.services import partnership
from tests.fixtures import People, Stage
from tests.hq.conftest import visited
from tests.pages import assert_page, text_of
from tests.send import send

Browse = Callable[..., FlaskClient]
Asked = Callable[..., str]
AT = "/hq/distributors/D-0001"


@pytest.fixture
def running(app: Flask, stage: Stage, asked: Asked) -> None:
    """Of Ana's company: two holds, one protection, one more with an extension asked for; one hold of Ben's."""
    asked()
    with app.app_context():
        visited(stage, days=3)
        for who in ("ana", "ana", "ben"):
            stage.file(who)
        db.session.commit()


def status(app: Flask) -> str:
    with app.app_context():
        return db.session.query(Distributor).filter_by(reference="D-0001").one().status


def test_the_list_says_what_runs(browse: Browse, running: None) -> None:
    html = assert_page(browse("hua").get("/hq/distributors"))
    row = html.split("<b>甲渠道</b>")[1].split("</tr>")[0]
    assert "报备保护 </span>2</td>" in row and "保护期 </span>2</td>" in row


def test_what_follows_is_said_with_numbers_before_anything_is_done(browse: Browse, running: None, app: Flask) -> None:
    hua = browse("hua")
    says = "作废 2 份报备保护、2 份保护期"
    assert says in text_of(assert_page(hua.get(f"{AT}/blacklist")))
    confirm = assert_page(send(hua, f"{AT}/blacklist", reason="第二次认定截客"))
    assert says in text_of(confirm) and "确认列入黑名单" in confirm and "第二次认定截客" in confirm
    assert "3 个账号的登录立刻结束" in text_of(confirm) and "1 份未决的延期申请失效" in text_of(confirm)
    assert status(app) == "active"


def test_a_confirmed_blacklisting_does_what_was_said_and_says_what_happened(
    browse: Browse, running: None, app: Flask
) -> None:
    hua, ana = browse("hua"), browse("ana")
    answer = send(hua, f"{AT}/blacklist", reason="第二次认定截客", confirmed="yes")
    assert (answer.status_code, answer.location) == (303, AT)
    page = text_of(assert_page(hua.get(AT)))
    assert "列入黑名单；作废登记 4 件" in page
    assert "第二次认定截客" in page
    with app.app_context():
        voided = db.session.query(Registration).filter_by(outcome="void").all()
        assert {row.distributor_id for row in voided} == {1} and len(voided) == 4
        assert db.session.query(Extension).one().state == "lapsed"
    assert ana.get("/distributor/customers").status_code in (302, 303, 403)


def test_a_suspension_voids_nothing_and_is_lifted_again(browse: Browse, running: None, app: Flask) -> None:
    hua = browse("hua")
    send(hua, f"{AT}/suspend", reason="核查", confirmed="yes")
    assert status(app) == "suspended"
    page = text_of(assert_page(hua.get(AT)))
    assert "暂停合作；进行中的登记" in page
    assert "核查" in page
    with app.app_context():
        assert db.session.query(Registration).filter_by(outcome="void").count() == 0
    send(hua, f"{AT}/reinstate", reason="已整改", confirmed="yes")
    assert status(app) == "active"
    page = text_of(assert_page(hua.get(AT)))
    assert "恢复合作。" in page
    assert "已整改" in page


def test_back_from_the_confirmation_the_reason_is_still_there(browse: Browse, running: None, app: Flask) -> None:
    html = assert_page(send(browse("hua"), f"{AT}/suspend", reason="写了很久的理由", back="yes"))
    assert "写了很久的理由</textarea>" in html
    assert status(app) == "active"


@pytest.mark.parametrize("reason", ["", "   ", "长" * 501, "<b>x</b>", "👍", "好\x00", "好\x07", "\u202e好"])
@pytest.mark.parametrize("confirmed", ["", "yes"])
def test_a_bad_reason_is_said_and_nothing_is_done(
    browse: Browse, people: People, app: Flask, reason: str, confirmed: str
) -> None:
    assert_page(send(browse("hua"), f"{AT}/blacklist", reason=reason, confirmed=confirmed), 422)
    assert status(app) == "active"


def test_done_twice_is_done_once(browse: Browse, people: People, app: Flask) -> None:
    hua = browse("hua")
    assert send(hua, f"{AT}/blacklist", reason="第二次", confirmed="yes").status_code == 303
    html = assert_page(send(hua, f"{AT}/blacklist", reason="第二次", confirmed="yes"), 409)
    assert "已在黑名单" in html
    with app.app_context():
        assert db.session.query(HistoryEntry).filter_by(verb="distributor.blacklisted").count() == 1


@pytest.mark.parametrize("who", ["ana", "olga", "ben", "rui", "bo", "lin", "ada", "aud", "fin", "kit", "sid"])
@pytest.mark.parametrize("step", ["suspend", "blacklist", "reinstate"])
def test_nobody_else_changes_a_status(browse: Browse, people: People, app: Flask, who: str, step: str) -> None:
    client = browse(who)
    assert client.get(f"{AT}/{step}").status_code == 403
    assert send(client, f"{AT}/{step}", reason="x", confirmed="yes").status_code == 403
    assert status(app) == "active"


def test_an_unknown_distributor_or_step_is_not_found(browse: Browse, people: People) -> None:
    assert browse("hua").get("/hq/distributors/D-9999/suspend").status_code == 404
    assert browse("hua").get(f"{AT}/promote").status_code == 404


def test_what_its_people_can_still_do_stands_beside_their_names(app: Flask, browse: Browse, people: People) -> None:
    hua = browse("hua")
    assert "可用" in _staff(hua)
    with app.app_context():
        partnership.suspend(actor=people.get("hua"), distributor=people.distributor(), reason="待查")
        db.session.commit()
    assert _staff(hua).count("只能查看") == 3 and "起暂停合作。 人员可以登录查看" in _staff(hua)
    assert "只能查看" in text_of(assert_page(browse("olga").get("/distributor/brokers")))
    with app.app_context():
        partnership.blacklist(actor=people.get("hua"), distributor=people.distributor(), reason="第二次认定截客")
        db.session.commit()
    assert _staff(hua).count("不能登录") == 4 and "可用" not in _staff(hua) and "RE-5.4" in _staff(hua)
    # The contract is in force until the file is begun.
    assert "合同在建立清退档案时终止" in text_of(assert_page(hua.get(AT)))


def _staff(browser: FlaskClient) -> str:
    return text_of(assert_page(browser.get(AT))).split("人员", 1)[1].split("合作记录")[0]
