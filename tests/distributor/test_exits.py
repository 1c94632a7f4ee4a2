"""The owner asks to leave, takes it back, signs; after the end reads and answers, nothing else; strangers see nothing."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image, ImageDraw

from portal import clock, sessions
from portal.models import Distributor, Exit, ExitSignature, Registration, db
from portal.rules.exits import earliest_day
from portal.services import exit_duties, exits
from portal.wording.times import PORTAL_ZONE
from tests.fixtures import STROKES, People, Stage
from tests.pages import assert_page, form_values, text_of
from tests.send import send, send_read, try_to_sign_in

Browse = Callable[..., FlaskClient]
UNREAD = "您打开这一页之后，这里的内容又改过一次。"
ONCE = "3f1c2a5e-0d5b-4f0e-9b52-6f6f0f1d2c3b"


def first_day(app: Flask) -> date:
    with app.app_context():
        return earliest_day(clock.now(), PORTAL_ZONE)


def state(app: Flask) -> str:
    with app.app_context():
        return db.session.query(Exit.state).scalar() or ""


def signature() -> dict[str, str]:
    """What the pad of the page would send."""
    picture, content = Image.new("RGBA", (300, 120)), io.BytesIO()
    ImageDraw.Draw(picture).line((10, 60, 240, 80), fill="black", width=3)
    picture.save(content, "PNG")
    image = "data:image/png;base64," + base64.b64encode(content.getvalue()).decode()
    return {"who": "owner", "strokes": json.dumps(STROKES["strokes"]), "width": "300", "height": "120", "image": image}


@pytest.fixture
def asked(browse: Browse, people: People, app: Flask) -> str:
    """Olga's request through the form; its number."""
    day = first_day(app)
    answer = send(browse("olga"), "/distributor/exit", last_day=day.isoformat(), reason="转做其他业务")
    assert answer.status_code == 303
    return answer.location.rsplit("/", 1)[1]


@pytest.fixture
def left(app: Flask, people: People, asked: str, stage: Stage) -> str:
    """In force, with a settlement to be signed and one customer running."""
    with app.app_context():
        ending, hua = db.session.query(Exit).one(), people.get("hua")
        stage.file("ana")
        exits.decide_exit(actor=hua, ending=ending, approved=True, reason="手续齐全")
        ending.ends_at = clock.now()
        assert exits.take_effect(ending=ending)
        exit_duties.settle_up(actor=hua, ending=ending)
        db.session.commit()
    return asked


def test_it_is_asked_for_with_a_day_and_a_reason(browse: Browse, people: People, app: Flask) -> None:
    olga, day = browse("olga"), first_day(app)
    page = text_of(assert_page(olga.get("/distributor/exit")))
    assert f"最后一天最早是 {day.isoformat()}" in page
    answer = send(olga, "/distributor/exit", last_day=day.isoformat(), reason="转做其他业务", submission_key=ONCE)
    assert answer.status_code == 303
    again = send(olga, "/distributor/exit", last_day=day.isoformat(), reason="转做其他业务", submission_key=ONCE)
    assert again.location == answer.location
    assert olga.get("/distributor/exit").location == answer.location
    page = text_of(assert_page(olga.get(answer.location)))
    assert "待公司决定" in page and "撤回申请" in page and "未尽事项" in page


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"last_day": ""}, 422),
        ({"last_day": "下个月"}, 422),
        ({"last_day": "2026-02-30"}, 422),
        ({"last_day": "0001-01-01"}, 422),
        ({"last_day": "9999-12-31"}, 422),
        ({"reason": ""}, 422),
        ({"reason": "<b>走</b>"}, 422),
        ({"reason": "长" * 501}, 422),
        ({"last_day": "tomorrow"}, 409),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(
    browse: Browse, people: People, app: Flask, fields: dict[str, str], code: int
) -> None:
    day = first_day(app)
    if fields.get("last_day") == "tomorrow":
        fields = {"last_day": (day - timedelta(days=1)).isoformat()}
    sent = {"last_day": day.isoformat(), "reason": "转做其他业务"} | fields
    html = assert_page(send(browse("olga"), "/distributor/exit", **sent), code)
    assert state(app) == ""
    if "reason" not in fields:
        assert "转做其他业务" in html


@pytest.mark.parametrize("key", ["a\x00b", "one", "x" * 10_000])
def test_a_key_that_no_page_made_is_none(browse: Browse, people: People, app: Flask, key: str) -> None:
    sent = {"last_day": first_day(app).isoformat(), "reason": "转做其他业务", "submission_key": key}
    assert send(browse("olga"), "/distributor/exit", **sent).status_code == 303
    with app.app_context():
        assert db.session.query(Exit.submission_key).scalar() is None


def test_it_is_taken_back_once(browse: Browse, asked: str, app: Flask) -> None:
    olga, at = browse("olga"), f"/distributor/exits/{asked}/take-back"
    assert send(olga, at).status_code == 303
    assert state(app) == "taken_back"
    assert_page(send(olga, at), 409)
    assert "上一次：" in text_of(assert_page(olga.get("/distributor/exit")))


@pytest.mark.parametrize("who", ["ana", "abe", "ben", "hua", "ada", "rui"])
def test_only_the_owner_asks(browse: Browse, people: People, app: Flask, who: str) -> None:
    client = browse(who)
    assert client.get("/distributor/exit").status_code == 403
    assert send(client, "/distributor/exit", last_day="2030-01-01", reason="x").status_code == 403
    assert state(app) == ""


def test_a_rival_owner_sees_nothing(browse: Browse, asked: str, app: Flask, people: People) -> None:
    with app.app_context():
        rival = db.session.query(Distributor).filter_by(name="乙渠道").one()
        people.get("olga").distributor_id = rival.id
        db.session.commit()
    olga = browse("olga")
    for way in ("", "/take-back", "/release", "/settlement"):
        answer = send(olga, f"/distributor/exits/{asked}{way}") if way else olga.get(f"/distributor/exits/{asked}")
        assert answer.status_code == 404


def test_a_proposed_termination_is_not_shown(browse: Browse, people: People, app: Flask) -> None:
    with app.app_context():
        proposed = exits.propose_termination(
            actor=people.get("hua"), distributor=people.distributor(), clause="DM-12.2", reason="私刻公章"
        )
        db.session.commit()
        reference = proposed.reference
    olga = browse("olga")
    assert olga.get(f"/distributor/exits/{reference}").status_code == 404
    assert reference not in assert_page(olga.get("/distributor/company"))


def test_customers_are_given_up_with_a_signature(
    browse: Browse, asked: str, app: Flask, people: People, stage: Stage
) -> None:
    olga, at = browse("olga"), f"/distributor/exits/{asked}"
    assert_page(send(olga, f"{at}/release", **signature()), 409)
    with app.app_context():
        mine, kept = stage.file("ana").reference, stage.file("ana").reference
        exit_duties.hand_over(
            actor=people.get("hua"), ending=db.session.query(Exit).one(), choice="release", references=[mine]
        )
        db.session.commit()
    page = text_of(assert_page(olga.get(at)))
    assert "公司请贵司移交 1 份客户" in page and kept in page
    for broken in ({"strokes": ""}, {"image": ""}, {"who": "customer"}, {"strokes": "[[[1,1,0]]]"}):
        assert_page(send(olga, f"{at}/release", **(signature() | broken)), 422)
    read = form_values(olga.get(at).text, "seen", "/release")["seen"]
    with app.app_context():
        ending = db.session.query(Exit).one()
        exit_duties.hand_over(actor=people.get("hua"), ending=ending, choice="release", references=[kept])
        db.session.commit()
    for mark in ({"seen": read}, {"seen": ""}, {}):
        assert UNREAD in assert_page(send(olga, f"{at}/release", **signature(), **mark), 409), (
            "more was asked for since"
        )
    with app.app_context():
        assert db.session.query(ExitSignature).count() == 0
    assert send_read(olga, at, "/release", **signature()).status_code == 303
    assert_page(send(olga, f"{at}/release", **signature()), 409)
    with app.app_context():
        assert db.session.query(ExitSignature).filter_by(paper="release").count() == 1


# after the end


def test_the_owner_signs_the_settlement_and_reads_on(browse: Browse, left: str, app: Flask, people: People) -> None:
    olga, at = browse("olga"), f"/distributor/exits/{left}"
    assert olga.get("/").location == "/distributor/exit"
    page = text_of(assert_page(olga.get(at)))
    assert "不是可靠电子签名" in page
    read = form_values(olga.get(at).text, "seen", "/settlement")["seen"]
    with app.app_context():
        hua, ending = people.get("hua"), db.session.query(Exit).one()
        exit_duties.tick_duty(actor=hua, ending=ending, kind="papers", done=True, note="")
        exit_duties.settle_up(actor=hua, ending=ending)
        db.session.commit()
    for mark in ({"seen": read}, {"seen": ""}, {}):
        assert UNREAD in assert_page(send(olga, f"{at}/settlement", **signature(), **mark), 409), "put up anew since"
    assert send_read(olga, at, "/settlement", **signature()).status_code == 303
    assert_page(send(olga, f"{at}/settlement", **signature()), 409)
    for read in ("/distributor/customers", "/distributor/findings", "/distributor/company", "/notices", "/me"):
        assert_page(olga.get(read))


def test_the_owner_writes_nothing_else(browse: Browse, left: str, app: Flask) -> None:
    olga = browse("olga")
    with app.app_context():
        mine = db.session.query(Registration.reference).filter_by(distributor_id=1).scalar()
    for way in ("filings/new", f"customers/{mine}/reveal", f"customers/{mine}/arrival", "brokers/new", "claims/new"):
        answer = send(olga, f"/distributor/{way}", reason="x")
        assert answer.status_code == 403 and "只能查看" in answer.get_data(as_text=True)


def test_brokers_are_out_from_the_instant(browse: Browse, asked: str, app: Flask, people: People) -> None:
    ana = browse("ana")
    assert_page(ana.get("/distributor/customers"))
    with app.app_context():
        ending = db.session.query(Exit).one()
        exits.decide_exit(actor=people.get("hua"), ending=ending, approved=True, reason="手续齐全")
        # The worker has not come: the instant on the distributor decides.
        people.distributor().leaves_at = clock.now()
        db.session.commit()
    answer = ana.get("/distributor/customers")
    assert answer.status_code == 403 and "经纪人的账号不能再登录" in answer.get_data(as_text=True)
    assert "经纪人的账号不能再登录" in try_to_sign_in(browse(), "ana").get_data(as_text=True)
    assert_page(browse("olga").get("/distributor/customers"))


def test_nobody_comes_in_once_the_file_is_closed(browse: Browse, left: str, app: Flask, people: People) -> None:
    olga = browse("olga")
    with app.app_context():
        people.distributor().status = "closed"
        db.session.commit()
    answer = olga.get("/distributor/company")
    assert answer.status_code == 403 and "账号都已关闭" in answer.get_data(as_text=True)
    assert "账号都已关闭" in try_to_sign_in(browse(), "olga").get_data(as_text=True)


def test_every_way_left_open_exists(app: Flask) -> None:
    assert set(app.view_functions) >= sessions.SENT_AFTER_THE_END
