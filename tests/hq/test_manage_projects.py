"""Projects: opened under a policy, changed, bound to a policy from a moment on; and the permission table."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal import access, clock
from portal.models import Policy, Project, ProjectPolicy, db
from portal.services import policies
from portal.wording.permissions import GROUPS
from tests.fixtures import People
from tests.pages import assert_page
from tests.send import send, send_read

Browse = Callable[..., FlaskClient]
NEW = {
    "code": "qf",
    "name": "青枫园",
    "group_name": "青岚置业集团",
    "city_code": "310100",
    "address": "枫林路 1 号",
    "latitude": "31.2",
    "longitude": "121.5000001",
    "opens_at": "09:30",
    "closes_at": "21:00",
    "bulk_criterion": "三套以上",
    "is_open": "y",
    "policy_id": "1",
}
ZONE_AHEAD = timedelta(hours=8)


def test_a_project_is_opened_under_a_policy(browse: Browse, app: Flask) -> None:
    ada = browse("ada")
    assert_page(ada.get("/hq/projects/new"))
    assert send(ada, "/hq/projects/new", **NEW).location == "/hq/projects/QF"
    html = assert_page(ada.get("/hq/projects/QF"))
    for word in ("青枫园", "上海市 310100", "31.200000, 121.500000", "09:30–21:00", "三套以上", "RE-1"):
        assert word in html
    with app.app_context():
        project = db.session.query(Project).filter_by(code="QF").one()
        assert policies.in_force(project.id, clock.now()).code == "RE"


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("code", "", "请填写项目代码"),
        ("code", "TOOLONG", "2 到 6 个"),
        ("code", "青枫", "2 到 6 个"),
        ("code", "YQ", "项目代码已有"),
        ("name", "", "请填写项目名称"),
        ("name", "<b>云</b>", "网页代码"),
        ("group_name", "云😀", "打印不出来"),
        ("name", "云栖府", "已有同名的项目"),
        ("city_code", "", "请选项目所在的城市"),
        ("city_code", "999999", "请选项目所在的城市"),
        ("latitude", "", "-90 到 90"),
        ("latitude", "north", "-90 到 90"),
        ("latitude", "91", "-90 到 90"),
        ("latitude", "NaN", "-90 到 90"),
        ("longitude", "1e999999", "-180 到 180"),
        ("opens_at", "dawn", "09:00 的写法"),
        ("closes_at", "09:30", "须晚于开门时间"),
        ("policy_id", "", "已发布的规则版本"),
        ("policy_id", "999", "已发布的规则版本"),
        ("policy_id", "9" * 30, "已发布的规则版本"),
        ("address", "长" * 121, "最多 120 个字符"),
        ("bulk_criterion", "a\x07b", "控制字符"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(browse: Browse, app: Flask, field: str, value: str, says: str) -> None:
    html = assert_page(send(browse("ada"), "/hq/projects/new", **(NEW | {field: value})), 422)
    assert says in html
    with app.app_context():
        assert db.session.query(Project).count() == 2


def test_opened_twice_there_is_one(browse: Browse, app: Flask) -> None:
    ada = browse("ada")
    assert [send(ada, "/hq/projects/new", **NEW).status_code for _ in range(2)] == [303, 422]
    with app.app_context():
        project = db.session.query(Project).filter_by(code="QF").one()
        assert db.session.query(ProjectPolicy).filter_by(project_id=project.id).count() == 1


def test_particulars_change_but_the_code_stays(browse: Browse, app: Flask) -> None:
    ada = browse("ada")
    assert_page(ada.get("/hq/projects/YQ/change"))
    fields = {key: value for key, value in NEW.items() if key not in {"is_open", "policy_id"}}
    assert send_read(ada, "/hq/projects/YQ/change", **fields).location == "/hq/projects/YQ"
    html = assert_page(ada.get("/hq/projects/YQ"))
    assert "青枫园" in html
    assert "不接受报备" in html


def test_the_site_staff_is_listed_by_role(browse: Browse) -> None:
    html = assert_page(browse("ada").get("/hq/projects/YQ"))
    assert "王若楠" in html
    assert "席德" not in html


def test_a_policy_rules_from_the_moment_it_is_bound(browse: Browse, app: Flask, people: People) -> None:
    ada = browse("ada")
    with app.app_context():
        now = clock.now()
        document = db.session.get_one(Policy, 1).document
        second = policies.publish(actor=None, document=document | {"title": "another"}).id
        db.session.commit()
    local = (now + timedelta(days=1) + ZONE_AHEAD).strftime("%Y-%m-%dT%H:%M")
    address = "/hq/projects/YQ/policies"
    assert send(ada, address, policy_id=second, effective_from=local).location == "/hq/projects/YQ"
    html = assert_page(ada.get("/hq/projects/YQ"))
    assert "已安排" in html
    assert "已安排了另一个版本" in assert_page(send(ada, address, policy_id=second, effective_from=local), 422)
    with app.app_context():
        start = datetime.strptime(local, "%Y-%m-%dT%H:%M").replace(tzinfo=UTC) - ZONE_AHEAD
        assert policies.in_force(people.project_id, start - timedelta(seconds=1)).id == 1
        assert policies.in_force(people.project_id, start).id == second


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"policy_id": "1", "effective_from": "2020-02-02T00:00"}, "已经过去"),
        ({"policy_id": "1", "effective_from": "soon"}, "请填写日期和时间"),
        ({"policy_id": "1", "effective_from": "0001-01-01T00:00"}, "请填写日期和时间"),
        ({"policy_id": "1", "effective_from": "9999-12-31T23:59"}, "请填写日期和时间"),
        ({"policy_id": "77", "effective_from": "2036-02-02T00:00"}, "已发布的规则版本"),
    ],
)
def test_a_policy_cannot_be_bound_backwards_or_to_nothing(browse: Browse, fields: dict, says: str) -> None:
    assert says in assert_page(send(browse("ada"), "/hq/projects/YQ/policies", **fields), 422)


@pytest.mark.parametrize("who", ["ana", "lin", "hua", "aud"])
def test_nobody_else_manages_projects(browse: Browse, who: str) -> None:
    client = browse(who)
    assert client.get("/hq/projects").status_code == 403
    assert send(client, "/hq/projects/new", **NEW).status_code == 403


def test_a_project_that_is_none_is_not_found(browse: Browse) -> None:
    assert browse("ada").get("/hq/projects/NONE").status_code == 404


@pytest.mark.parametrize("who", ["ada", "aud"])
def test_the_permission_table_shows_what_the_code_checks(browse: Browse, who: str) -> None:
    html = assert_page(browse(who).get("/hq/permissions"))
    ticks = html.count('class="visually-hidden">可以<')
    assert ticks == sum(len(held) for held in access.PERMISSIONS.values())


def test_every_permission_has_words_once() -> None:
    named = [permission for _, rows in GROUPS for permission, _ in rows]
    assert sorted(named) == sorted(access.Permission)
