"""A distributor's owner and the accounts of its brokers, of its own company and no other."""

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
from portal.models import RoleGrant, User, db
from tests.fixtures import People, password_hash
from tests.pages import assert_page
from tests.send import send, send_read, try_to_sign_in

Browse = Callable[..., FlaskClient]
NEW = {"name": "新经纪", "login": "18300001122", "phone": ""}
ROOM = "/distributor/brokers"


def address_of(people: People, name: str) -> str:
    return f"{ROOM}/{hidden(people.users[name])}"


def test_the_owner_sees_the_brokers_of_her_company(browse: Browse) -> None:
    html = assert_page(browse("olga").get(ROOM))
    assert "安娜" in html
    assert "安贝" in html
    assert "本恩" not in html
    assert "欧佳</b></a>" not in html


def test_a_new_broker_signs_in_and_belongs_to_the_company(browse: Browse, app: Flask, people: People) -> None:
    olga = browse("olga")
    assert_page(olga.get(f"{ROOM}/new"))
    html = assert_page(send(olga, f"{ROOM}/new", **NEW), 201)
    password = re.search(r"[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}", html)
    assert password
    assert try_to_sign_in(browse(), "183 0000 1122", password[0]).status_code == 303
    with app.app_context():
        user = db.session.query(User).filter_by(login="18300001122").one()
        assert user.roles == {"broker"}
        assert user.distributor_id == people.distributors["甲渠道"]


def test_roles_and_company_cannot_be_smuggled_in(browse: Browse, app: Flask, people: People) -> None:
    smuggled = {"grants": ["owner", "administrator"], "distributor_id": people.distributors["乙渠道"]}
    assert send(browse("olga"), f"{ROOM}/new", **NEW, **smuggled).status_code == 201
    with app.app_context():
        user = db.session.query(User).filter_by(login="18300001122").one()
        assert (user.roles, user.distributor_id) == ({"broker"}, people.distributors["甲渠道"])


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"name": ""}, "请填写姓名"),
        ({"login": "ben"}, "已有人使用"),
        ({"login": "!"}, "2 到 50"),
        ({"phone": "1390000111"}, "11 位"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(browse: Browse, fields: dict, says: str) -> None:
    assert says in assert_page(send(browse("olga"), f"{ROOM}/new", **(NEW | fields)), 422)


def password_in(answer: Any) -> str:
    found = re.search(r"[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}", assert_page(answer, 201))
    assert found
    return found[0]


def test_pressed_twice_there_is_one_account_and_the_password_shown_last_counts(
    browse: Browse, app: Flask, people: People
) -> None:
    olga = browse("olga")
    first = password_in(send(olga, f"{ROOM}/new", **NEW))
    again = send(olga, f"{ROOM}/new", **NEW)
    assert "前一次显示的密码已作废" in again.text
    assert try_to_sign_in(browse(), NEW["login"], first).status_code != 303
    assert try_to_sign_in(browse(), NEW["login"], password_in(again)).status_code == 303
    with app.app_context():
        assert db.session.query(User).filter_by(login=NEW["login"]).count() == 1


@pytest.mark.parametrize("change", [{"name": "另一位"}, {"phone": "13900001111"}], ids=str)
def test_another_person_under_the_login_is_refused(browse: Browse, change: dict[str, str]) -> None:
    olga = browse("olga")
    assert send(olga, f"{ROOM}/new", **NEW).status_code == 201
    assert "已有人使用" in assert_page(send(olga, f"{ROOM}/new", **(NEW | change)), 422)


def test_once_somebody_has_come_in_the_form_changes_nothing(browse: Browse) -> None:
    olga = browse("olga")
    first = password_in(send(olga, f"{ROOM}/new", **NEW))
    assert try_to_sign_in(browse(), NEW["login"], first).status_code == 303
    assert "已有人使用" in assert_page(send(olga, f"{ROOM}/new", **NEW), 422)
    assert try_to_sign_in(browse(), NEW["login"], first).status_code == 303


def test_long_after_the_form_changes_nothing(browse: Browse, app: Flask) -> None:
    olga = browse("olga")
    assert send(olga, f"{ROOM}/new", **NEW).status_code == 201
    with app.app_context():
        later = clock.now() + timedelta(minutes=11)
    with clock.set_to(later):
        assert "已有人使用" in assert_page(send(olga, f"{ROOM}/new", **NEW), 422)


def test_a_company_suspended_meanwhile_gets_no_new_password(browse: Browse, app: Flask, people: People) -> None:
    olga = browse("olga")
    assert send(olga, f"{ROOM}/new", **NEW).status_code == 201
    with app.app_context():
        people.distributor().status = "suspended"
        db.session.commit()
    assert "DM-12.1" in assert_page(send(olga, f"{ROOM}/new", **NEW), 409)


def test_a_suspended_company_gets_no_new_people(browse: Browse, app: Flask, people: People) -> None:
    with app.app_context():
        people.distributor().status = "suspended"
        db.session.commit()
    html = assert_page(send(browse("olga"), f"{ROOM}/new", **NEW), 409)
    assert "DM-12.1" in html
    assert 'value="新经纪"' in html


def test_a_broker_is_changed_closed_opened_and_given_a_new_password(browse: Browse, people: People) -> None:
    olga, ana, at = browse("olga"), browse("ana"), address_of(people, "ana")
    assert_page(olga.get(at))
    assert_page(olga.get(f"{at}/change"))
    send_read(olga, f"{at}/change", name="安娜娜", phone="13900001111")
    assert "安娜娜" in assert_page(olga.get(at))
    send(olga, f"{at}/disable")
    assert ana.get("/me").status_code == 303
    send(olga, f"{at}/enable")
    assert try_to_sign_in(ana, "ana").status_code == 303
    send(olga, f"{at}/end-sessions")
    assert ana.get("/me").status_code == 303
    assert_page(send(olga, f"{at}/reset-password"))
    assert try_to_sign_in(ana, "ana").status_code == 422


@pytest.mark.parametrize("name", ["ben", "olga", "rui", "ada"])
@pytest.mark.parametrize("step", ["", "/change", "/disable", "/enable", "/end-sessions", "/unlock", "/reset-password"])
def test_accounts_of_others_do_not_exist(browse: Browse, app: Flask, people: People, name: str, step: str) -> None:
    olga = browse("olga")
    address = f"{address_of(people, name)}{step}"
    if step in {"", "/change"}:
        assert olga.get(address).status_code == 404
    if step:
        assert send(olga, address, name="x", phone="").status_code == 404
    with app.app_context():
        user = people.get(name)
        assert user.disabled_at is None
        assert user.name != "x"


def test_a_second_owner_is_out_of_the_first_ones_reach(browse: Browse, app: Flask, people: People) -> None:
    with app.app_context():
        other = User(
            login="otto",
            name="奥托",
            password_hash=password_hash(),
            distributor_id=people.distributors["甲渠道"],
            created_at=clock.now(),
            grants=[RoleGrant(role="owner"), RoleGrant(role="broker")],
        )
        db.session.add(other)
        db.session.commit()
        number = other.id
    assert browse("olga").get(f"{ROOM}/{number}").status_code == 404


@pytest.mark.parametrize("who", ["ana", "hua", "ada"])
def test_nobody_else_manages_brokers(browse: Browse, who: str) -> None:
    client = browse(who)
    assert client.get(ROOM).status_code == 403
    assert send(client, f"{ROOM}/new", **NEW).status_code == 403
