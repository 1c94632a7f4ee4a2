"""A lifted ending: what comes back and what does not is said before and after, with the next steps (RE-Q46, DM-12.5)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.addresses import hidden
from portal.models import Contract, User, db
from portal.services import exits, partnership
from tests import contracting
from tests.fixtures import People
from tests.pages import assert_page, text_of
from tests.send import send

Browse = Callable[..., FlaskClient]
AT = "/hq/distributors/D-0001"


@pytest.fixture
def agreed(app: Flask, people: People) -> str:
    """甲渠道 works by a contract written here; its number."""
    with app.app_context():
        contracting.without_contracts(people, status="approved")
        contract = contracting.signed(people, contracting.drafted(people, wanted=contracting.draft(territory="余杭区")))
        people.distributor().status = "active"
        db.session.commit()
        return contract.reference


@pytest.fixture
def terminated(app: Flask, people: People, agreed: str) -> str:
    """The cooperation is terminated: the contract ended, Ana's and Abe's accounts closed."""
    with app.app_context():
        exits.terminate(actor=people.get("hua"), distributor=people.distributor(), clause="DM-12.2", reason="查实飞单")
        db.session.commit()
    return agreed


def test_before_it_is_done_the_page_says_what_does_not_come_back(browse: Browse, terminated: str) -> None:
    page = text_of(assert_page(browse("hua").get(f"{AT}/reinstate")))
    assert "签好新合同以前不能报备" in page
    assert f"已经终止的合同 {terminated}" in page
    assert "终止时关闭的账号（安娜、安贝）" in page
    assert "已作废的报备，须重新报备" in page
    assert "可以登录、报备" not in page


def test_afterwards_each_has_its_next_step(browse: Browse, app: Flask, people: People, terminated: str) -> None:
    hua, ada = browse("hua"), browse("ada")
    assert "还要办的" not in assert_page(hua.get(AT))
    send(hua, f"{AT}/reinstate", reason="申诉成立", confirmed="yes")
    page = assert_page(hua.get(AT))
    assert "还要办的" in page and "由管理员恢复" in page
    draft = f"{AT}/contracts/new?like={terminated}"
    assert draft in page
    assert 'value="余杭区"' in assert_page(hua.get(draft))
    with app.app_context():
        ana = hidden(people.users["ana"])
    assert f"/hq/accounts/{ana}/enable" in assert_page(ada.get(AT))
    assert send(ada, f"/hq/accounts/{ana}/enable").status_code == 303
    page = assert_page(ada.get(AT))
    assert f"/hq/accounts/{ana}/enable" not in page and "恢复账号：安贝" in page
    note = assert_page(hua.get(f"/hq/contracts/{terminated}"))
    assert "这份合同不恢复" in note and draft in note


def test_once_a_draft_is_begun_it_is_not_offered_again(
    browse: Browse, app: Flask, people: People, terminated: str
) -> None:
    with app.app_context():
        partnership.reinstate(actor=people.get("hua"), distributor=people.distributor(), reason="申诉成立")
        contracting.drafted(people)
        for person in db.session.scalars(select(User).where(User.distributor_id == people.distributor().id)).unique():
            person.disabled_at = None
        db.session.commit()
    assert "还要办的" not in assert_page(browse("hua").get(AT))


def test_another_distributors_contract_fills_nothing_in(
    browse: Browse, app: Flask, people: People, agreed: str
) -> None:
    page = assert_page(browse("hua").get(f"/hq/distributors/D-0002/contracts/new?like={agreed}"))
    assert "余杭区" not in page


def test_blacklisting_leaves_the_contract_signed_and_its_page_says_so(
    browse: Browse, app: Flask, people: People, agreed: str
) -> None:
    hua, at = browse("hua"), f"/hq/contracts/{agreed}"
    assert "还没有终止" not in assert_page(hua.get(at))
    with app.app_context():
        partnership.blacklist(actor=people.get("hua"), distributor=people.distributor(), reason="第二次认定截客")
        db.session.commit()
    page = assert_page(hua.get(at))
    assert "这份合同还没有终止" in page and "RE-5.4" in page
    says = text_of(assert_page(hua.get(f"{AT}/reinstate")))
    assert f"仍在期内的合同 {agreed}" in says
    with app.app_context():
        exits.open_file(actor=people.get("hua"), distributor=people.distributor())
        db.session.commit()
        ended = db.session.scalars(select(Contract).where(Contract.reference == agreed)).one()
        assert ended.ended_clause == "RE-5.4"
    assert "还没有终止" not in assert_page(hua.get(at))
    assert f"已经终止的合同 {agreed}" in text_of(assert_page(hua.get(f"{AT}/reinstate")))
