"""The back office rules a clash: works, invalid, wrong role, stranger, twice."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from portal import clock
from portal.models import Claim, Deal, Distributor, Document, Notice, Ruling, db
from tests.clashes import BOUGHT_AT, DAY, HOUR, WRONG_PHONE, Clash
from tests.fixtures import People, Stage
from tests.site.conftest import Browser

At = Callable[[str], Browser]


@pytest.fixture
def later() -> Any:
    """A day and a half after the purchase, for everybody."""
    with clock.set_to(BOUGHT_AT + DAY + 12 * HOUR) as now:
        yield now


@pytest.fixture
def clash(app: Flask, people: People, stage: Stage) -> dict[str, str]:
    """Ana filed first with one wrong digit, Ben later with the right number; Ana claims."""
    with app.app_context():
        found = Clash(stage)
        found.bring("ana", timedelta(0), phone=WRONG_PHONE)
        found.bring("ben", DAY)
        event = found.buy()
        claim = found.claim("ana", event)
        db.session.commit()
        numbers = {who: one.reference for who, one in found.filed.items()}
        deal = db.session.get_one(Deal, event.deal_id)
        return numbers | {"deal": deal.reference, "event": event.reference, "claim": claim.reference}


def seen(page: str) -> str:
    return re.search(r'name="seen"[^>]*value="([^"]+)"', page)[1]  # type: ignore[index]


def owner(app: Flask) -> tuple[str | None, str, int]:
    with app.app_context():
        deal = db.session.scalars(db.select(Deal)).one()
        found = db.session.get(Distributor, deal.owner_id) if deal.owner_id else None
        count = db.session.scalar(db.select(db.func.count(Ruling.id)))
        return (found.name if found else None), deal.clause, count or 0


def test_the_case_waits_is_read_and_ruled(app: Flask, at_work: At, clash: dict[str, str], later: Any) -> None:
    bo = at_work("bo")
    listed = bo.get("/site/cases").get_data(as_text=True)
    assert clash["deal"] in listed and "1 份申请" in listed
    page = bo.get(f"/site/cases/{clash['deal']}").get_data(as_text=True)
    for fact in ("甲 甲渠道", "乙 乙渠道", "差一字，不自动认可", "手机号一致", "最早，归属", "如现在签发", "先报备"):
        assert fact in page
    assert "166****339</span>" not in page and '<b class="no-i">7</b>' in page
    answer = bo.post(f"/site/cases/{clash['deal']}", {"seen": seen(page), "reason": "三类记录一致"})
    assert answer.status_code == 303
    assert owner(app) == ("乙渠道", "RE-8.7", 2)
    page = bo.get(f"/site/cases/{clash['deal']}").get_data(as_text=True)
    assert "已签发" in page and "三类记录一致" in page and "重算一致" in page and 'id="rule"' not in page
    assert clash["deal"] not in bo.get("/site/cases").get_data(as_text=True)
    assert clash["deal"] in bo.get("/site/cases?show=ruled").get_data(as_text=True)
    with app.app_context():
        kinds = db.session.scalars(db.select(Document.kind).where(Document.kind.startswith("ruling"))).all()
        assert sorted(kinds) == ["ruling", "ruling_extract", "ruling_extract"]
        assert db.session.scalars(db.select(Claim.state)).all() == ["decided"]
        assert db.session.scalar(db.select(Notice.id).where(Notice.kind == "ruling.issued")) is not None


def test_a_near_match_is_shown_recomputed_and_needs_a_reason(
    app: Flask, at_work: At, clash: dict[str, str], later: Any
) -> None:
    bo, address = at_work("bo"), f"/site/cases/{clash['deal']}"
    page = bo.get(f"{address}?accept={clash['ana']}").get_data(as_text=True)
    assert "还没有签发" in page and "近似号码，已认可" in page
    assert owner(app)[2] == 1
    sent = {"seen": seen(page), "accept": clash["ana"]}
    answer = bo.post(address, sent)
    assert answer.status_code == 422 and "认可近似号码须写明依据" in answer.get_data(as_text=True)
    assert bo.post(address, sent | {"reason": "签单时核对过"}).status_code == 303
    assert owner(app) == ("甲渠道", "RE-8.6", 2)


def test_what_is_no_near_match_is_not_accepted(app: Flask, at_work: At, clash: dict[str, str], later: Any) -> None:
    bo, address = at_work("bo"), f"/site/cases/{clash['deal']}"
    assert bo.get(f"{address}?accept={clash['ben']}").status_code == 404
    page = bo.get(address).get_data(as_text=True)
    sent = {"seen": seen(page), "accept": clash["ben"], "reason": "x"}
    with app.app_context():
        before = db.session.scalars(db.select(Ruling.reference)).all()
    assert bo.post(address, sent).status_code in (404, 409)
    with app.app_context():
        assert db.session.scalars(db.select(Ruling.reference)).all() == before


def test_the_second_of_two_reads_what_the_first_ruled(
    app: Flask, at_work: At, clash: dict[str, str], later: Any
) -> None:
    bo, address = at_work("bo"), f"/site/cases/{clash['deal']}"
    sent = {"seen": seen(bo.get(address).get_data(as_text=True)), "reason": "第一次"}
    assert bo.post(address, sent).status_code == 303
    again = bo.post(address, sent | {"reason": "第二次"})
    assert again.status_code == 409 and "已有新的裁定" in again.get_data(as_text=True)
    assert owner(app)[2] == 2


def test_without_the_ruling_that_was_seen_nothing_is_issued(
    app: Flask, at_work: At, clash: dict[str, str], later: Any
) -> None:
    bo, address = at_work("bo"), f"/site/cases/{clash['deal']}"
    first = {"seen": seen(bo.get(address).get_data(as_text=True)), "reason": "第一次"}
    assert bo.post(address, first).status_code == 303
    for sent in ({"reason": "没有看过"}, {"reason": "没有看过", "seen": " "}):
        answer = bo.post(address, sent)
        assert answer.status_code == 422 and "没有收到您看过的是哪一份裁定" in answer.get_data(as_text=True)
    assert owner(app)[2] == 2


def test_the_form_that_comes_back_says_which_ruling_is_there(
    app: Flask, at_work: At, clash: dict[str, str], later: Any
) -> None:
    bo, address = at_work("bo"), f"/site/cases/{clash['deal']}"
    page = bo.post(address, {"reason": "三类记录一致"}).get_data(as_text=True)
    assert "三类记录一致" in page and owner(app)[2] == 1
    assert bo.post(address, {"reason": "三类记录一致", "seen": seen(page)}).status_code == 303


def test_the_leader_reads_and_does_not_rule(at_work: At, clash: dict[str, str], later: Any) -> None:
    lin, address = at_work("lin"), f"/site/cases/{clash['deal']}"
    page = lin.get(address).get_data(as_text=True)
    assert "这里只供查看" in page and "签发裁定" in page and 'id="rule"' not in page
    assert lin.post(address, {"reason": ""}).status_code == 403
    assert lin.post(f"{address}/draft.pdf").status_code == 403


@pytest.mark.parametrize("who", ["rui", "cai", "ana", "ben", "olga", "hua", "kit", "fin", "ada", "aud"])
def test_nobody_else_opens_a_case_at_the_site(at_work: At, clash: dict[str, str], who: str, later: Any) -> None:
    browser = at_work(who)
    assert browser.get("/site/cases").status_code == 403
    assert browser.get(f"/site/cases/{clash['deal']}").status_code == 403
    assert browser.post(f"/site/cases/{clash['deal']}").status_code == 403


def test_another_site_finds_nothing(at_work: At, clash: dict[str, str], later: Any) -> None:
    sid = at_work("sid")
    assert clash["deal"] not in sid.get("/site/cases?show=all").get_data(as_text=True)
    for page in (f"/site/cases/{clash['deal']}", f"/site/claims/{clash['claim']}"):
        assert sid.get(page).status_code == 404
    assert sid.post(f"/site/cases/{clash['deal']}").status_code == 404


def test_the_draft_is_looked_at_and_nothing_is_kept(app: Flask, at_work: At, clash: dict[str, str], later: Any) -> None:
    bo = at_work("bo")
    answer = bo.post(f"/site/cases/{clash['deal']}/draft.pdf", {"reason": "草稿"})
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.headers["Content-Disposition"].startswith("inline")
    assert owner(app)[2] == 1


def test_a_notice_of_a_claim_leads_to_its_case(at_work: At, clash: dict[str, str], later: Any) -> None:
    bo = at_work("bo")
    assert clash["claim"] in bo.get("/notices").get_data(as_text=True)
    answer = bo.get(f"/site/claims/{clash['claim']}")
    assert answer.status_code == 303 and clash["deal"] in answer.headers["Location"]


def test_an_unknown_state_or_event_is_a_404(at_work: At, clash: dict[str, str], later: Any) -> None:
    bo = at_work("bo")
    assert bo.get("/site/cases?show=nothing").status_code == 404
    assert bo.get(f"/site/cases/{clash['deal']}?event=YQ-E0000-000000").status_code == 404
    assert bo.get("/site/cases/YQ-D0000-000000").status_code == 404
