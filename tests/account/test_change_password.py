"""Changing one's password."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.models import HistoryEntry, db
from tests.fixtures import PASSWORD, People
from tests.pages import assert_page
from tests.send import send, try_to_sign_in

Browse = Callable[..., FlaskClient]
NEW = "绿色-turtle-sings-9"


def change(client: FlaskClient, present: str = PASSWORD, new: str = NEW, again: str | None = None) -> TestResponse:
    return send(
        client,
        "/me/password",
        "/me/password",
        present_password=present,
        new_password=new,
        new_password_again=new if again is None else again,
    )


def test_the_new_password_counts_and_other_browsers_are_signed_out(browse: Browse, app: Flask) -> None:
    here, there = browse("ana"), browse("ana")
    assert change(here).location == "/me"
    assert here.get("/me").status_code == 200
    assert there.get("/me").status_code == 303
    assert try_to_sign_in(browse(), "ana").status_code == 422
    assert try_to_sign_in(browse(), "ana", NEW).status_code == 303
    with app.app_context():
        verbs = db.session.scalars(db.select(HistoryEntry.verb)).all()
    assert "user.password_changed" in verbs


def test_after_the_first_change_one_begins_at_home(browse: Browse, app: Flask, people: People) -> None:
    with app.app_context():
        people.get("ana").must_change_password = True
        db.session.commit()
    client = browse("ana")
    assert client.get("/").location == "/me/password"
    assert change(client).location == "/"
    assert client.get("/me").status_code == 200


@pytest.mark.parametrize(
    ("new", "says"),
    [
        ("short-one", "至少 10 个字符"),
        ("x1Y2" * 33, "最多 128 个字符"),
        ("1234567890", "太常见"),
        ("aaaabbbbcc", "太常见"),
        (PASSWORD, "和现在的一样"),
        ("", "请填写新密码"),
    ],
)
def test_a_weak_password_is_refused_with_the_reason(browse: Browse, new: str, says: str) -> None:
    client = browse("ana")
    assert says in assert_page(change(client, new=new), 422)
    assert try_to_sign_in(browse(), "ana").status_code == 303


def test_the_login_is_no_password(browse: Browse, app: Flask, people: People) -> None:
    with app.app_context():
        people.get("ana").login = "ana.long.login"
        people.users["ana.long.login"] = people.users["ana"]
        db.session.commit()
    assert "不能是登录名" in assert_page(change(browse("ana.long.login"), new="Ana.Long.Login1"), 422)


def test_the_present_password_must_be_right(browse: Browse) -> None:
    assert "现在的密码不正确" in assert_page(change(browse("ana"), present="wrong"), 422)


def test_both_new_passwords_must_be_the_same(browse: Browse) -> None:
    html = assert_page(change(browse("ana"), again=NEW + "x"), 422)
    assert "不一样" in html
    assert NEW not in html


def test_nobody_changes_a_password_without_signing_in(browse: Browse) -> None:
    assert browse().get("/me/password").location == "/sign-in?next=/me/password"


def test_sent_twice_it_is_changed_once(browse: Browse, app: Flask) -> None:
    client = browse("ana")
    assert change(client).status_code == 303
    assert "现在的密码不正确" in change(client).text
    with app.app_context():
        count = db.session.query(HistoryEntry).filter_by(verb="user.password_changed").count()
    assert count == 1
