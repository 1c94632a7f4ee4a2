"""Distributors: taken in and changed by the administrator."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from flask.testing import FlaskClient
from stdnum.cn import uscc

from portal.models import Distributor, HistoryEntry, db
from portal.services import distributors
from portal.services.unacceptable import Unacceptable
from tests.fixtures import People, search
from tests.pages import assert_page
from tests.send import send, send_read

Browse = Callable[..., FlaskClient]
BASE = "91330106MA2AX1234"
CODE = BASE + uscc.calc_check_digit(BASE)
NEW = {"name": "星梯找房（杭州）有限公司", "registration_code": CODE}


def test_a_distributor_is_taken_in_and_has_no_contract_yet(browse: Browse, app: Flask) -> None:
    ada = browse("ada")
    assert_page(ada.get("/hq/distributors/new"))
    answer = send(ada, "/hq/distributors/new", **NEW)
    html = assert_page(ada.get(answer.location))
    assert "合作中" not in html
    assert "还没有合同" in html and "/contracts/paper" in html
    assert CODE in html
    with app.app_context():
        entry = db.session.query(HistoryEntry).filter_by(verb="distributor.created").one()
        assert answer.location == f"/hq/distributors/{entry.facts['reference']}#contracts"
    for words in ("星梯", "xingti", "xtzf", CODE[-6:], "D-0003"):
        assert "星梯找房" in assert_page(search(ada, "/hq/distributors", words))


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"name": ""}, "公司全称"),
        ({"name": "字" * 81}, "最多 80 个字符"),
        ({"name": "<b>甲</b>渠道"}, "网页代码"),
        ({"name": "甲渠道"}, "已有同名的分销商"),
        ({"registration_code": "91330106MA2AX12340"}, "有误"),
        ({"registration_code": "123"}, "有误"),
        ({"registration_code": "😀"}, "有误"),
        ({"registration_code": "9" * 41}, "最多 40 个字符"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(browse: Browse, app: Flask, fields: dict, says: str) -> None:
    html = assert_page(send(browse("ada"), "/hq/distributors/new", **(NEW | fields)), 422)
    assert says in html
    with app.app_context():
        assert db.session.query(Distributor).count() == 2


def test_a_code_is_read_in_any_spelling(browse: Browse, app: Flask) -> None:
    send(browse("ada"), "/hq/distributors/new", **(NEW | {"registration_code": f" {CODE[:8]} {CODE[8:].lower()} "}))
    with app.app_context():
        assert db.session.query(Distributor).filter_by(registration_code=CODE).count() == 1


def test_a_blacklisted_company_does_not_come_back_under_another_name(
    browse: Browse, app: Flask, people: People
) -> None:
    with app.app_context():
        people.distributor("乙渠道").status = "blacklisted"
        people.distributor("乙渠道").registration_code = CODE
        db.session.commit()
    assert "已属于另一家分销商" in send(browse("ada"), "/hq/distributors/new", **NEW).text


def test_taken_in_at_the_same_moment_there_is_one(app: Flask, people: People) -> None:
    def one(_: int) -> str:
        with app.app_context():
            try:
                distributors.create_distributor(actor=people.get("ada"), **NEW)
                db.session.commit()
            except Unacceptable:
                db.session.rollback()
                return "taken"
            return "created"

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(one, range(4))) == ["created", "taken", "taken", "taken"]


def test_particulars_change_and_the_history_says_which(browse: Browse, app: Flask) -> None:
    ada = browse("ada")
    assert_page(ada.get("/hq/distributors/D-0001/change"))
    assert send_read(ada, "/hq/distributors/D-0001/change", name="甲渠道", registration_code=CODE).status_code == 303
    assert "已有同名" in send_read(ada, "/hq/distributors/D-0001/change", name="乙渠道", registration_code=CODE).text
    with app.app_context():
        entries = db.session.query(HistoryEntry).filter_by(verb="distributor.changed").all()
        assert [entry.facts for entry in entries] == [{"fields": ["registration_code"]}]


def test_the_administrator_leaves_the_status_to_the_channel_department(browse: Browse) -> None:
    ada, hua = browse("ada"), browse("hua")
    assert "由渠道部决定" in assert_page(ada.get("/hq/distributors/D-0001"))
    assert send(ada, "/hq/distributors/D-0001/suspend", reason="x").status_code == 403
    assert hua.get("/hq/distributors/new").status_code == 403


@pytest.mark.parametrize("who", ["ana", "olga", "rui", "fin"])
def test_others_do_not_see_distributors(browse: Browse, who: str) -> None:
    assert browse(who).get("/hq/distributors").status_code == 403


def test_a_number_that_is_none_is_not_found(browse: Browse) -> None:
    for reference in ("D-9999", "x", "%00", "D-0001/destroy"):
        assert browse("ada").get(f"/hq/distributors/{reference}").status_code == 404
