"""The page of delegations: named, seen, taken back; the signature by a deputy names both (DO-Q2)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal import clock
from portal.models import Delegation, db
from portal.rules.periods import local_date
from portal.wording.times import PORTAL_ZONE
from tests.applying import reach
from tests.fixtures import People
from tests.pages import assert_page
from tests.send import send

Browse = Callable[..., FlaskClient]
NEW = "/hq/delegations/new"


def form(app: Flask, **changes: str) -> dict[str, str]:
    with app.app_context():
        today = local_date(clock.now(), PORTAL_ZONE)
    days = {"first_day": today.isoformat(), "last_day": (today + timedelta(days=2)).isoformat()}
    return {"place": "department_signature:dan", "deputy": "kit", "reason": "出差", **days, **changes}


def test_named_seen_used_and_taken_back(browse: Browse, app: Flask, people: People) -> None:
    with app.app_context():
        reference = reach(people, "examined").reference
    dan, kit, at = browse("dan"), browse("kit"), f"/hq/applications/{reference}"
    assert_page(dan.get(NEW))
    assert "以谁的名义签" not in assert_page(kit.get(at))
    assert send(dan, NEW, **form(app)).status_code == 303
    assert "康洁" in assert_page(dan.get("/hq/delegations"))
    assert "出差" in assert_page(kit.get("/hq/delegations"))
    with app.app_context():
        number = db.session.scalars(select(Delegation.reference)).one()
    assert "康洁（代 丁楠）" in assert_page(kit.get(at))
    assert send(kit, f"{at}/signature", decision="yes", reason="同意", delegation="DQ-0000-000000").status_code == 422
    assert send(kit, f"{at}/signature", decision="yes", reason="同意").status_code == 409
    assert send(kit, f"{at}/signature", decision="yes", reason="同意", delegation=number).status_code == 303
    page = assert_page(browse("aud").get(at))
    assert page.count("康洁（代 丁楠）") == 2
    assert f"授权 {number}" in page
    assert send(kit, f"/hq/delegations/{number}/end").status_code == 403
    assert send(dan, f"/hq/delegations/{number}/end").status_code == 303
    assert send(dan, f"/hq/delegations/{number}/end").status_code == 409
    assert "已收回" in assert_page(dan.get("/hq/delegations"))
    assert send(kit, f"{at}/signature", decision="yes", reason="同意").status_code == 403


@pytest.mark.parametrize(
    ("changes", "status", "says"),
    [
        ({"reason": ""}, 422, "请写明事由"),
        ({"first_day": "soon"}, 422, "2026-03-01"),
        ({"last_day": "2020-01-01"}, 422, "不能早于第一天"),
        ({"deputy": "ana"}, 422, ""),
        ({"place": "general_signature:gia"}, 422, ""),
        ({"deputy": "dan"}, 409, "不能授权给本人"),
    ],
)
def test_what_cannot_be_is_said(
    browse: Browse, app: Flask, people: People, changes: dict[str, str], status: int, says: str
) -> None:
    assert says in assert_page(send(browse("dan"), NEW, **form(app, **changes)), status)


def test_pressed_twice_it_is_one(browse: Browse, app: Flask, people: People) -> None:
    dan = browse("dan")
    assert send(dan, NEW, **form(app)).status_code == 303
    assert "已经授权了代理人" in assert_page(send(dan, NEW, **form(app)), 422)


def test_the_administrator_names_for_anybody_and_sees_all(browse: Browse, app: Flask, people: People) -> None:
    ada = browse("ada")
    assert send(ada, NEW, **form(app, place="general_signature:gia")).status_code == 303
    assert "葛嘉" in assert_page(ada.get("/hq/delegations"))
    assert "葛嘉" in assert_page(browse("aud").get("/hq/delegations"))
    assert "还没有授权" in assert_page(browse("dan").get("/hq/delegations"))


@pytest.mark.parametrize("who", ["ana", "lin", "leo", "rui"])
def test_others_have_no_business_there(browse: Browse, people: People, who: str) -> None:
    assert browse(who).get("/hq/delegations").status_code == 403
    assert browse(who).get(NEW).status_code == 403
