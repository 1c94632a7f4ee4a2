"""Headquarters works on prospects: works, invalid, wrong role, twice."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.models import Prospect, db
from tests.fixtures import People
from tests.pages import assert_page
from tests.send import send

Browse = Callable[..., FlaskClient]
NEW = {
    "name": "远帆渠道有限公司",
    "source": "fair",
    "contact_name": "陆远",
    "contact": "lu@example.cn",
    "remark": "春季展会认识",
}


def note(client: FlaskClient, **changes: str) -> str:
    """The page of the new prospect."""
    answer = send(client, "/hq/care/prospects/new", "/hq/care/prospects/new", **(NEW | changes))
    assert answer.status_code == 303, answer.text[-2000:]
    return str(answer.location)


def test_from_the_list_to_the_invitation(app: Flask, browse: Browse, people: People) -> None:
    hua = browse("hua")
    assert "这里还没有公司" in assert_page(hua.get("/hq/care/prospects"))
    where = note(hua)
    html = assert_page(hua.get(where))
    assert "l****@example.cn" in html and "lu@example.cn" not in html and "联系过以后可以邀请申请" in html
    assert send(hua, f"{where}/contacts", where, kind="in_person", needs="想代理云栖府").status_code == 303
    html = assert_page(hua.get(where))
    assert "想代理云栖府" in html and "填写客户评估表以后可以邀请申请" in html
    form = {"market": "80", "reputation": "75.5", "willingness": "101", "reasons": "有三十名经纪人"}
    assert "请评 0 到 100 分" in assert_page(send(hua, f"{where}/evaluation", where, **form), 422)
    assert send(hua, f"{where}/evaluation", where, **(form | {"willingness": "90"})).status_code == 303
    assert "75.5" in assert_page(hua.get(where))
    assert send(hua, f"{where}/invitation", where).status_code == 303
    assert "已邀请申请" in assert_page(hua.get(where))
    assert_page(send(hua, f"{where}/invitation", where), 409)
    assert "远帆渠道有限公司" in assert_page(hua.get("/hq/care/prospects"))
    assert 'href="/hq/care/prospects"' in assert_page(hua.get("/hq/care"))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"name": ""}, "请填写公司全称或姓名"),
        ({"source": "elsewhere"}, "请选择其中一项"),
        ({"contact": "lu@"}, "邮箱"),
        ({"name": "字" * 81}, "最多 80 个字符"),
    ],
)
def test_a_mistake_is_said_at_its_field(browse: Browse, people: People, changes: dict[str, str], says: str) -> None:
    html = assert_page(send(browse("hua"), "/hq/care/prospects/new", "/hq/care/prospects/new", **(NEW | changes)), 422)
    assert says in html


def test_who_is_dropped_moves_to_the_other_list(app: Flask, browse: Browse, people: People) -> None:
    hua = browse("hua")
    where = note(hua)
    assert_page(send(hua, f"{where}/end", where, reason=""), 422)
    assert send(hua, f"{where}/end", where, reason="区域已满").status_code == 303
    assert "区域已满" in assert_page(hua.get(where))
    assert NEW["name"] in assert_page(hua.get("/hq/care/prospects?show=dropped"))
    with app.app_context():
        assert db.session.query(Prospect).one().contact is None


def test_the_auditor_reads_and_changes_nothing(browse: Browse, people: People) -> None:
    where = note(browse("hua"))
    aud = browse("aud")
    assert 'action="' not in assert_page(aud.get(where)).split('id="contacts"')[1]
    assert send(aud, f"{where}/contacts", "/me", kind="phone", needs="x").status_code == 403
    assert browse("olga").get("/hq/care/prospects").status_code == 403
