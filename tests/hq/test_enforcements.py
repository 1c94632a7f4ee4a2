"""The page that shows what was enforced, line by line; releasing a commission; the site's own part of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal import clock
from portal.models import CommissionHold, Enforcement, HistoryEntry, db
from portal.queries import enforcements as found
from portal.services import commission_holds, partnership
from portal.services.customers import customer_of
from tests.fixtures import People, Stage
from tests.pages import assert_page, text_of
from tests.send import send
from tests.services.test_enforcements import sold
from worker.jobs.enforcements import carry_out

Browse = Callable[..., FlaskClient]
AT = "/hq/enforcements"


@pytest.fixture
def blacklisted(app: Flask, stage: Stage) -> str:
    """Ana's company: one hold with Ben behind it, one deal; blacklisted, the worker has not come yet. Its number."""
    with app.app_context():
        sold(stage)
        stage.file("ben", customer_of(stage.file()))
        partnership.blacklist(
            actor=stage.people.get("hua"), distributor=stage.people.distributor(), reason="第二次认定"
        )
        db.session.commit()
        return db.session.scalars(db.select(Enforcement.reference)).one()


@pytest.fixture
def carried_out(app: Flask, blacklisted: str) -> str:
    with app.app_context():
        carry_out(1)
    return blacklisted


def test_it_reads_line_by_line_and_leads_to_the_registrations(browse: Browse, carried_out: str) -> None:
    hua = browse("hua")
    text = text_of(assert_page(hua.get(f"{AT}/{carried_out}")))
    for words in ("登录会话全部结束", "3 个账号", "后面的报备递补", "1 宗", "第二次认定", "华敏", "已完成", "RE-Q34"):
        assert words in text
    moved = text_of(assert_page(hua.get(f"{AT}/{carried_out}?effect=moved_up")))
    assert "第 2 位 → 第 1 位" in moved and "乙渠道" in moved
    assert carried_out in hua.get(AT).text and carried_out in hua.get("/hq/distributors/D-0001").text


def test_while_the_worker_is_at_it_the_steps_ask_again_and_then_lead_to_the_page(
    browse: Browse, app: Flask, blacklisted: str
) -> None:
    hua, htmx = browse("hua"), {"HX-Request": "true"}
    assert "every 2s" in hua.get(f"{AT}/{blacklisted}").text
    fragment = hua.get(f"{AT}/{blacklisted}", headers=htmx)
    assert fragment.text.count("<html") == 0 and "进行中" in fragment.text
    with app.app_context():
        carry_out(1)
    assert hua.get(f"{AT}/{blacklisted}", headers=htmx).headers["HX-Redirect"] == f"{AT}/{blacklisted}"
    assert "every 2s" not in hua.get(f"{AT}/{blacklisted}").text


def test_its_registrations_come_in_pages(
    browse: Browse, app: Flask, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(found, "PAGE", 2)
    with app.app_context():
        references = []
        for number in range(5):
            with clock.set_to(clock.now() - timedelta(minutes=9 - number)):
                references.append(stage.file().reference)
        partnership.blacklist(
            actor=stage.people.get("hua"), distributor=stage.people.distributor(), reason="第二次认定"
        )
        db.session.commit()
    seen, address = [], f"{AT}/ZX-0001"
    while address:
        html = assert_page(browse("hua").get(address))
        seen += [one for one in references if one in html.split("</header>", 2)[-1] and one not in seen]
        after = html.split('rel="next" href="')[1].split('"')[0] if 'rel="next"' in html else ""
        address = after.replace("&amp;", "&").split("#")[0]
    assert seen == references


def test_a_commission_is_released_once_with_a_reason(browse: Browse, app: Flask, carried_out: str) -> None:
    hua = browse("hua")
    with app.app_context():
        hold = db.session.scalars(db.select(CommissionHold).options(db.joinedload(CommissionHold.deal))).one()
        deal, reference = hold.deal, hold.deal.reference
        assert commission_holds.is_held(deal)
    address = f"{AT}/{carried_out}/holds/{reference}"
    assert reference in assert_page(hua.get(address))
    assert_page(send(hua, address, reason=" "), 422)
    assert send(hua, address, reason="与案件无关，可以提报").location == f"{AT}/{carried_out}"
    assert "华敏 已放行" in text_of(assert_page(hua.get(f"{AT}/{carried_out}")))
    assert "已经放行" in assert_page(send(hua, address, reason="再一次"), 409)
    with app.app_context():
        assert not commission_holds.is_held(deal)
        assert db.session.query(HistoryEntry).filter_by(verb="commission.released").count() == 1


@pytest.mark.parametrize(("who", "sees"), [("ada", 200), ("aud", 200), ("bo", 403), ("olga", 403)])
def test_who_sees_and_that_only_the_channel_department_releases(
    browse: Browse, people: People, who: str, sees: int
) -> None:
    client = browse(who)
    assert client.get(AT).status_code == sees
    assert client.get(f"{AT}/ZX-0001/holds/X").status_code == 403


def test_nothing_to_find_is_a_404(browse: Browse, carried_out: str) -> None:
    hua = browse("hua")
    for address in ("ZX-9999", f"{carried_out}?effect=nothing", f"{carried_out}/holds/YQ-1"):
        assert hua.get(f"{AT}/{address}").status_code == 404
    assert hua.get(f"{AT}?distributor=D-9999").status_code == 404


def test_the_site_reads_its_own_part_from_its_notice(
    browse: Browse, app: Flask, people: People, carried_out: str
) -> None:
    html = text_of(assert_page(browse("lin").get(f"/site/enforcements/{carried_out}")))
    assert "第 2 位 → 第 1 位" in html and "乙渠道" in html
    assert browse("sid").get(f"/site/enforcements/{carried_out}").status_code == 404
    listed = browse("lin").get("/notices").text
    assert "甲渠道 已列入黑名单" in listed and f"/site/enforcements/{carried_out}" in listed
