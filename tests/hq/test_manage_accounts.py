"""The administrator's accounts: create, change, disable, reset; and what an administrator cannot do."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.addresses import hidden
from portal.models import HistoryEntry, RoleGrant, User, db
from portal.rules.refusal import Refusal
from portal.rules.roles import HQ_ROLES
from portal.services import accounts
from portal.services.unacceptable import Unacceptable
from tests.fixtures import People, csrf_of, search
from tests.pages import assert_page
from tests.send import send, send_read, try_to_sign_in

Browse = Callable[..., FlaskClient]
NEW = {"name": "周宁", "login": "zhou", "phone": "138 0000 1234", "grants": ["hq_channel"]}


def create(client: FlaskClient, **fields: Any) -> Any:
    return send(client, "/hq/accounts/new", "/hq/accounts/new", **(NEW | fields))


def verbs_of(app: Flask, login: str) -> list[str]:
    with app.app_context():
        user = db.session.query(User).filter_by(login=login).one()
        found = db.select(HistoryEntry.verb).filter_by(subject_type="users", subject_id=user.id)
        return list(db.session.scalars(found.order_by(HistoryEntry.id)))


def first_password(html: str) -> str:
    found = re.search(r"[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}", html)
    assert found
    return found[0]


def test_a_new_account_gets_a_first_password_shown_once(browse: Browse, app: Flask) -> None:
    ada = browse("ada")
    assert_page(ada.get("/hq/accounts/new"))
    html = assert_page(create(ada), 201)
    password = first_password(html)
    person = browse()
    assert try_to_sign_in(person, "zhou", password).status_code == 303
    assert person.get("/").location == "/me/password"
    assert verbs_of(app, "zhou") == ["user.created", "user.granted", "user.signed_in"]
    for page in ("/hq/accounts", f"/hq/accounts/{hidden(15)}"):
        assert password not in assert_page(ada.get(page))


def test_site_roles_are_held_by_project(browse: Browse, app: Flask, people: People) -> None:
    grants = [f"reception@{people.project_id}", f"back_office@{people.other_project_id}"]
    assert create(browse("ada"), grants=grants).status_code == 201
    with app.app_context():
        user = db.session.query(User).filter_by(login="zhou").one()
        assert {(grant.role, grant.project_id) for grant in user.grants} == {
            ("reception", people.project_id),
            ("back_office", people.other_project_id),
        }


def test_people_of_a_distributor_belong_to_it(browse: Browse, app: Flask, people: People) -> None:
    company = people.distributors["乙渠道"]
    assert create(browse("ada"), grants=["owner"], distributor_id=company).status_code == 201
    with app.app_context():
        assert db.session.query(User).filter_by(login="zhou").one().distributor_id == company


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"name": ""}, "请填写姓名"),
        ({"name": "  "}, "请填写姓名"),
        ({"name": "字" * 41}, "最多 40 个字符"),
        ({"name": "周\x00宁"}, "控制字符"),
        ({"login": ""}, "请填写登录名"),
        ({"login": "周宁"}, "2 到 50 个字符"),
        ({"login": "a b"}, "2 到 50 个字符"),
        ({"login": "x"}, "2 到 50 个字符"),
        ({"login": "😀😀😀"}, "2 到 50 个字符"),
        ({"login": "ANA"}, "已有人使用"),
        ({"phone": "138****1234"}, "被遮住的数字"),
        ({"phone": "1380000123"}, "11 位"),
        ({"name": "<b>粗</b>"}, "网页代码"),
        ({"name": "粗😀"}, "打印不出来"),
        ({"phone": "<b>"}, "不是电话号码"),
        ({"grants": []}, "至少选一个岗位"),
        ({"grants": ["king"]}, "至少选一个岗位"),
        ({"grants": ["reception"]}, "至少选一个岗位"),
        ({"grants": ["reception@999999"]}, "至少选一个岗位"),
        ({"grants": ["broker"]}, "须选所属分销商"),
        ({"grants": ["broker"], "distributor_id": "99999999999999999999999"}, "须选所属分销商"),
        ({"grants": ["broker", "hq_channel"], "distributor_id": "1"}, "不能由同一人担任"),
        ({"grants": ["hq_channel"], "distributor_id": "1"}, "不能由同一人担任"),
        ({"grants": ["administrator", "auditor"]}, "管理员和审计不能由同一人担任"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_kept(
    browse: Browse, app: Flask, people: People, fields: dict, says: str
) -> None:
    html = assert_page(create(browse("ada"), **fields), 422)
    assert says in html
    if "name" not in fields:
        assert 'value="周宁"' in html
    with app.app_context():
        assert db.session.query(User).count() == len(people.users)


def test_what_is_typed_comes_back_as_text(browse: Browse) -> None:
    html = assert_page(create(browse("ada"), name="<b>粗</b>", login=""), 422)
    assert "&lt;b&gt;粗" in html
    assert "<b>粗" not in html


def test_the_field_just_left_is_checked_alone(browse: Browse) -> None:
    ada = browse("ada")
    html = send(ada, "/hq/accounts/new/check", login="", name="")
    assert html.status_code == 400
    answer = ada.post(
        "/hq/accounts/new/check",
        data={"login": "", "name": "", "csrf_token": csrf_of(ada, "/me")},
        headers={"HX-Request": "true", "HX-Trigger-Name": "login"},
    )
    assert "请填写登录名" in assert_page(answer, fragment=True)
    assert "请填写姓名" not in answer.text


def test_created_twice_there_is_one(browse: Browse, app: Flask) -> None:
    ada = browse("ada")
    assert [create(ada).status_code, create(ada).status_code] == [201, 201]
    assert create(ada, name="别人").status_code == 422
    with app.app_context():
        assert db.session.query(User).filter_by(login="zhou").count() == 1


def test_created_in_the_same_moment_there_is_one(app: Flask, people: People) -> None:
    def one(_: int) -> str:
        with app.app_context():
            try:
                accounts.create_account(actor=people.get("ada"), login="zhou", name="周宁", grants=[("finance", None)])
                db.session.commit()
            except Unacceptable as problem:
                db.session.rollback()
                return problem.reason
            return "created"

    with ThreadPoolExecutor(6) as pool:
        answers = sorted(pool.map(one, range(6)))
    assert answers == ["created"] + ["login_taken"] * 5
    assert verbs_of(app, "zhou") == ["user.created", "user.granted"]


def test_roles_change_at_once(browse: Browse, app: Flask, people: People) -> None:
    ada, kit = browse("ada"), browse("kit")
    address = f"/hq/accounts/{hidden(people.users['kit'])}"
    assert kit.get("/hq/permissions").status_code == 403
    assert_page(ada.get(f"{address}/change"))
    answer = send_read(ada, f"{address}/change", name="康洁", phone="", grants=["auditor"])
    assert answer.location == address
    assert kit.get("/hq/permissions").status_code == 200
    assert verbs_of(app, "kit")[-2:] == ["user.revoked", "user.granted"]


@pytest.mark.parametrize("role", HQ_ROLES)
def test_every_role_of_the_group_can_be_given_and_stays_when_the_name_is_mended(
    browse: Browse, app: Flask, role: str
) -> None:
    ada = browse("ada")
    assert f'value="{role}"' in assert_page(ada.get("/hq/accounts/new"))
    assert create(ada, grants=[role]).status_code == 201
    with app.app_context():
        number = db.session.query(User).filter_by(login="zhou").one().id
    page = f"/hq/accounts/{hidden(number)}/change"
    drawn = re.findall(r'name="grants" value="([^"]+)" checked', assert_page(ada.get(page)))
    assert send_read(ada, page, name="周宁宁", phone="138 0000 1234", grants=drawn).status_code == 303
    with app.app_context():
        user = db.session.get_one(User, number)
        assert (user.name, [grant.role for grant in user.grants]) == ("周宁宁", [role])


def test_saved_unchanged_nothing_is_written(browse: Browse, app: Flask, people: People) -> None:
    fields = {"name": "康洁", "phone": "", "grants": ["customer_service"]}
    send_read(browse("ada"), f"/hq/accounts/{hidden(people.users['kit'])}/change", **fields)
    assert "user.changed" not in verbs_of(app, "kit")


def test_a_disabled_account_is_outside_and_an_enabled_one_inside(browse: Browse, app: Flask, people: People) -> None:
    ada, kit = browse("ada"), browse("kit")
    address = f"/hq/accounts/{hidden(people.users['kit'])}"
    for _ in range(2):
        assert send(ada, f"{address}/disable").location == address
    assert kit.get("/me").status_code == 303
    assert try_to_sign_in(browse(), "kit").status_code == 403
    send(ada, f"{address}/enable")
    assert kit.get("/me").status_code == 303
    assert try_to_sign_in(browse(), "kit").status_code == 303
    assert [verb for verb in verbs_of(app, "kit") if "abled" in verb] == ["user.disabled", "user.enabled"]


def test_a_reset_password_replaces_the_old_one_and_lifts_the_lock(browse: Browse, people: People) -> None:
    ada, kit = browse("ada"), browse("kit")
    for _ in range(5):
        try_to_sign_in(browse(), "kit", "wrong")
    address = f"/hq/accounts/{hidden(people.users['kit'])}"
    assert "已锁定" in assert_page(ada.get(address))
    password = first_password(assert_page(send(ada, f"{address}/reset-password")))
    assert kit.get("/me").status_code == 303
    assert try_to_sign_in(browse(), "kit").status_code == 422
    assert try_to_sign_in(browse(), "kit", password).status_code == 303


def test_a_lock_can_be_lifted_alone(browse: Browse, app: Flask, people: People) -> None:
    for _ in range(5):
        try_to_sign_in(browse(), "kit", "wrong")
    send(browse("ada"), f"/hq/accounts/{hidden(people.users['kit'])}/unlock")
    assert try_to_sign_in(browse(), "kit").status_code == 303
    assert "user.unlocked" in verbs_of(app, "kit")


def test_sessions_of_others_can_be_ended(browse: Browse, people: People) -> None:
    kit = browse("kit")
    send(browse("ada"), f"/hq/accounts/{hidden(people.users['kit'])}/end-sessions")
    assert kit.get("/me").status_code == 303


def test_an_administrator_does_not_disable_herself(browse: Browse, people: People) -> None:
    ada = browse("ada")
    address = f"/hq/accounts/{hidden(people.users['ada'])}"
    assert "停用账号、重置密码" in assert_page(ada.get(address))
    assert send(ada, f"{address}/disable").status_code == 409
    assert send(ada, f"{address}/reset-password").status_code == 409
    assert ada.get("/me").status_code == 200


def test_the_last_administrator_stays_one(browse: Browse, people: People) -> None:
    fields = {"name": "阿达", "phone": "", "grants": ["finance"]}
    html = assert_page(send_read(browse("ada"), f"/hq/accounts/{hidden(people.users['ada'])}/change", **fields), 422)
    assert "最后一位可用的管理员" in html


def test_two_administrators_who_remove_each_other_leave_one(app: Flask, people: People) -> None:
    with app.app_context():
        db.session.add(RoleGrant(user_id=people.users["hua"], role="administrator"))
        db.session.commit()

    def remove(pair: tuple[str, str]) -> str:
        actor, other = pair
        with app.app_context():
            try:
                accounts.disable(actor=people.get(actor), user_id=people.users[other])
                db.session.commit()
            except Refusal as refusal:
                db.session.rollback()
                return refusal.reason
            return "disabled"

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(remove, [("ada", "hua"), ("hua", "ada")]))
    assert answers == ["disabled", "last_administrator_stays"]


def test_the_list_is_searched_narrowed_and_paged(browse: Browse, app: Flask, people: People) -> None:
    with app.app_context():
        ada = people.get("ada")
        # Straight into the table: nobody signs in with these, and a password takes a tenth of a second to hash.
        for number in range(35):
            person = User(
                login=f"fin{number:02}", name=f"财务{number:02}", password_hash="-", created_at=ada.created_at
            )
            person.grants = [RoleGrant(role="finance")]
            db.session.add(person)
        db.session.commit()
    ada_browser = browse("ada")
    html = assert_page(ada_browser.get("/hq/accounts"))
    following = re.search(r'rel="next" href="([^"]+)"', html)
    assert following
    rest = assert_page(ada_browser.get(following[1].replace("&amp;", "&")))
    assert "财务34" in html
    assert "安娜" not in html
    assert "安娜" in rest
    assert "安娜" in assert_page(search(ada_browser, "/hq/accounts", "甲渠道", room="distributor"))
    assert "没有找到" in assert_page(search(ada_browser, "/hq/accounts", "%", state="disabled", before=hidden(1)))


@pytest.mark.parametrize(
    "address", ["/hq/accounts/999", "/hq/accounts/0", "/hq/accounts/99999999999999999999", "/hq/accounts/x"]
)
def test_an_account_that_is_none_is_not_found(browse: Browse, address: str) -> None:
    assert browse("ada").get(address).status_code == 404


@pytest.mark.parametrize("query", ["s=%00", "before=99999999999999999999999", "before=-1", "room=x&state=y"])
def test_odd_searches_do_no_harm(browse: Browse, query: str) -> None:
    assert browse("ada").get(f"/hq/accounts?{query}").status_code == 200


@pytest.mark.parametrize("who", ["ana", "olga", "rui", "lin", "hua", "aud"])
def test_nobody_else_manages_accounts(browse: Browse, who: str) -> None:
    client = browse(who)
    assert client.get("/hq/accounts").status_code == 403
    assert send(client, "/hq/accounts/new", **NEW).status_code == 403
