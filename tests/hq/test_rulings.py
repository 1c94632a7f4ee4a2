"""Headquarters reads deals and rulings, puts findings on record and decides anew: works, invalid, wrong role, twice."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal import clock
from portal.models import Deal, DealBuyer, Finding, RoleGrant, Ruling, User, db
from tests.clashes import BOUGHT_AT, DAY, clashed
from tests.fixtures import People, Stage, csrf_of, password_hash, search

Browse = Callable[..., FlaskClient]


@pytest.fixture
def later() -> Any:
    with clock.set_to(BOUGHT_AT + 3 * DAY) as now:
        yield now


@pytest.fixture
def ruled(app: Flask, people: People, stage: Stage) -> dict[str, str]:
    """A ruled clash; Hal is a second person at headquarters."""
    with app.app_context():
        found, event, ruling = clashed(stage)
        hal = User(login="hal", name="何励", password_hash=password_hash(), created_at=clock.now())
        hal.grants = [RoleGrant(role="hq_channel")]
        db.session.add(hal)
        db.session.commit()
        people.users["hal"] = hal.id
        deal = db.session.get_one(Deal, event.deal_id).reference
        return {"deal": deal, "ruling": ruling.reference, "ana": found.filed["ana"].reference}


def post(client: FlaskClient, address: str, page: str, **data: str) -> Any:
    return client.post(address, data={"csrf_token": csrf_of(client, page)} | data)


def finding(app: Flask) -> Finding:
    with app.app_context():
        return db.session.scalars(db.select(Finding)).one()


def chain(app: Flask) -> list[Ruling]:
    with app.app_context():
        return list(db.session.scalars(db.select(Ruling).order_by(Ruling.seq)))


def report(client: FlaskClient, deal: str, **data: str) -> Any:
    page = f"/hq/deals/{deal}"
    said = {"kind": "malicious_grab", "summary": "在门口截走客户", "submission_key": str(uuid4())}
    return post(client, f"{page}/findings", page, **(said | data))


def test_the_list_and_the_deal_show_the_chain(browse: Browse, ruled: dict[str, str], later: Any) -> None:
    hua = browse("hua")
    for show in ("", "?show=ruled", "?show=all&project=YQ"):
        assert ruled["deal"] in hua.get(f"/hq/deals{show}").text
    assert ruled["deal"] not in hua.get("/hq/deals?project=JP").text
    assert ruled["deal"] not in hua.get("/hq/deals?show=waiting").text
    page = hua.get(f"/hq/deals/{ruled['deal']}").text
    for fact in (ruled["ruling"], "取代", "案场后台裁定", "按规则得出", "何佳", "重算一致", "没有人报告过"):
        assert fact in page


def test_a_deal_is_found_by_its_number_its_unit_or_its_buyer_and_leads_to_the_registration(
    app: Flask, browse: Browse, ruled: dict[str, str], later: Any
) -> None:
    hua = browse("hua")
    with app.app_context():
        buyer = db.session.scalars(db.select(DealBuyer).order_by(DealBuyer.id)).first()
        name, last_four = buyer.customer_name, str(buyer.phone)[-4:]
    there = f'href="/hq/deals/{ruled["deal"]}"'
    for words in (ruled["deal"], ruled["deal"].lower(), name, last_four):
        assert there in search(hua, "/hq/deals", words).text, words
        assert there in search(hua, "/hq/deals", words, project="YQ", show="ruled").text, words
        assert there not in search(hua, "/hq/deals", words, project="JP").text
    page = search(hua, "/hq/deals", "没有这个人").text
    assert there not in page and "没有找到“没有这个人”" in page
    assert f'href="/hq/registrations/{ruled["ana"]}"' in hua.get(f"/hq/deals/{ruled['deal']}").text


def test_a_finding_confirmed_by_another_lets_the_deal_be_decided_anew(
    app: Flask, browse: Browse, ruled: dict[str, str], later: Any
) -> None:
    hua, hal, page = browse("hua"), browse("hal"), f"/hq/deals/{ruled['deal']}"
    assert report(hua, ruled["deal"]).status_code == 303
    number = finding(app).reference
    decision = f"/hq/findings/{number}/decision"
    own = post(hua, decision, page, decision="confirm", reason="我看见的")
    assert own.status_code == 409 and "不能由您查实" in own.text and finding(app).state == "reported"
    anew = f"{page}/redetermination/{number}"
    early = post(hua, anew, page, registration=ruled["ana"], reason="查实", seen=ruled["ruling"])
    assert early.status_code == 409 and "须先有查实" in early.text
    assert post(hal, decision, page, decision="confirm", reason="").status_code == 422
    assert post(hal, decision, page, decision="confirm", reason="录像与签单一致").status_code == 303
    shown = hua.get(page).text
    assert "重新确定归属" in shown and "录像与签单一致" in shown
    seen = re.search(rf'id="seen-{number}"[^>]*value="([^"]+)"', shown)
    assert seen is not None and seen[1] == ruled["ruling"]
    assert post(hua, anew, page, registration="YQ-0000-000000", reason="x", seen=seen[1]).status_code == 422
    assert post(hua, anew, page, registration=ruled["ana"], reason="", seen=seen[1]).status_code == 422
    blind = post(hua, anew, page, registration=ruled["ana"], reason="查实截客")
    assert blind.status_code == 422 and "没有收到您看过的是哪一份裁定" in blind.text
    assert re.search(rf'id="seen-{number}"[^>]*value="{seen[1]}"', blind.text)
    assert post(hua, anew, page, registration=ruled["ana"], reason="查实截客", seen=seen[1]).status_code == 303
    again = post(hua, anew, page, registration="company", reason="再来", seen=seen[1])
    assert again.status_code == 409 and "已有新的裁定" in again.text
    rulings = chain(app)
    assert [one.origin for one in rulings] == ["event", "ruled", "redetermined"]
    assert rulings[-1].clause == "RE-8.5" and rulings[-1].supersedes_id == rulings[1].id
    shown = hua.get(page).text
    assert number in shown and "按规则最早" in shown and "最早，归属" not in shown


def test_a_report_sent_twice_is_one(app: Flask, browse: Browse, ruled: dict[str, str], later: Any) -> None:
    key = str(uuid4())
    for _ in range(2):
        assert report(browse("hua"), ruled["deal"], submission_key=key).status_code == 303
    with app.app_context():
        assert db.session.query(Finding).count() == 1


def test_a_report_that_somebody_looks_into_is_still_decided_here(
    app: Flask, browse: Browse, ruled: dict[str, str], later: Any
) -> None:
    hua, hal, page = browse("hua"), browse("hal"), f"/hq/deals/{ruled['deal']}"
    report(hua, ruled["deal"])
    number = finding(app).reference
    assert post(hal, f"/hq/findings/{number}/taken-up", page).status_code == 303
    assert finding(app).state == "investigating"
    shown = hal.get(page)
    assert shown.status_code == 200 and f"/hq/findings/{number}/decision" in shown.text
    assert post(hal, f"/hq/findings/{number}/decision", page, decision="confirm", reason="录像").status_code == 303
    assert hal.get(page).status_code == 200


def test_a_report_without_words_comes_back(app: Flask, browse: Browse, ruled: dict[str, str], later: Any) -> None:
    answer = report(browse("hua"), ruled["deal"], summary=" ")
    assert answer.status_code == 422 and "请写明经过" in answer.text
    answer = report(browse("hua"), ruled["deal"], kind="interception")
    assert answer.status_code == 422


def test_the_auditor_reads_and_changes_nothing(browse: Browse, ruled: dict[str, str], later: Any) -> None:
    aud, page = browse("aud"), f"/hq/deals/{ruled['deal']}"
    shown = aud.get(page).text
    assert ruled["ruling"] in shown and "提交报告" not in shown
    for address in (f"{page}/findings", "/hq/findings/YQ-F0000-000000/decision", f"{page}/redetermination/YQ-F0"):
        assert post(aud, address, "/me").status_code == 403


@pytest.mark.parametrize("who", ["ana", "olga", "ben", "rui", "bo", "cai", "lin", "kit", "fin", "ada", "sid"])
def test_nobody_else_reads_rulings_here(browse: Browse, ruled: dict[str, str], who: str, later: Any) -> None:
    client = browse(who)
    assert client.get("/hq/deals").status_code == 403
    assert client.get(f"/hq/deals/{ruled['deal']}").status_code == 403
    assert client.get(f"/hq/rulings/{ruled['ruling']}.pdf").status_code == 403


def test_what_is_not_there_is_a_404(browse: Browse, ruled: dict[str, str], later: Any) -> None:
    hua = browse("hua")
    for address in ("/hq/deals/YQ-D0000-000000", "/hq/deals?show=nothing", "/hq/rulings/YQ-R0.pdf"):
        assert hua.get(address).status_code == 404
