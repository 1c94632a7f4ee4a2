"""A leader does not excuse a late filing: with a reason, told to the distributor, out of the list, open to a later yes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.models import HistoryEntry, Notice, Registration, db
from portal.services import deals
from portal.services.customers import customer_of
from tests.fixtures import Stage
from tests.pages import assert_page, text_of
from tests.site.conftest import ELEVEN, Browser, the_visit

At = Callable[[str], Browser]
WHY = "经纪人事后才补报"


def decline(browser: Browser, visit: str, reason: str = WHY) -> Any:
    return browser.post(f"/site/excuses/{visit}/decline", {"reason": reason})


def entries() -> list[HistoryEntry]:
    return list(db.session.scalars(select(HistoryEntry).where(HistoryEntry.verb == "visit.excuse_declined")))


def test_declined_it_waits_no_longer_and_the_distributor_is_told(
    app: Flask, at_work: At, late: Any, at_eleven: Any
) -> None:
    visit, lin, ana = late(), at_work("lin"), at_work("ana")
    assert f"/site/excuses/{visit}" in assert_page(lin.get("/site/inbox"))
    assert decline(lin, visit).status_code == 303
    assert f"/site/excuses/{visit}" not in assert_page(lin.get("/site/inbox"))
    with app.app_context():
        found = the_visit(visit)
        assert (found.result, found.excuse_decline_reason) == ("natural", WHY)
        assert (found.excuse_declined_at, len(entries())) == (ELEVEN, 1)
        told = db.session.scalars(select(Notice).where(Notice.kind == "visit.excuse_declined")).one()
        assert told.clause == "RE-Q4"
        reference = db.session.get_one(Registration, found.registration_id).reference
    words = text_of(assert_page(ana.get(f"/distributor/customers/{reference}")))
    assert WHY in words and words.count("没有例外批准") == 2
    assert "没有获得例外批准" in text_of(assert_page(ana.get("/notices")))
    assert WHY in text_of(assert_page(at_work("rui").get(f"/site/visits/{visit}")))


def test_declined_it_may_still_be_excused(app: Flask, at_work: At, late: Any, at_eleven: Any) -> None:
    visit, lin = late(), at_work("lin")
    decline(lin, visit)
    page = assert_page(lin.get(f"/site/excuses/{visit}"))
    assert WHY in page and f'action="/site/excuses/{visit}"' in page and "/decline" not in page
    assert lin.post(f"/site/excuses/{visit}", {"reason": "补交了高速封路的照片"}).status_code == 303
    with app.app_context():
        found = the_visit(visit)
        assert found.result == "registered"
        reference = db.session.get_one(Registration, found.registration_id).reference
    assert WHY not in assert_page(at_work("ana").get(f"/distributor/customers/{reference}"))


def test_said_twice_it_is_one_decision_and_another_reason_is_refused(
    app: Flask, at_work: At, late: Any, at_eleven: Any
) -> None:
    visit, lin = late(), at_work("lin")
    assert decline(lin, visit).status_code == decline(lin, visit).status_code == 303
    assert "RE-Q4" in assert_page(decline(lin, visit, "另一个原因"), 409)
    with app.app_context():
        assert len(entries()) == 1


def test_once_excused_there_is_nothing_to_decline(app: Flask, at_work: At, late: Any, at_eleven: Any) -> None:
    visit, lin = late(), at_work("lin")
    decline(lin, visit)
    lin.post(f"/site/excuses/{visit}", {"reason": "堵车"})
    assert_page(decline(lin, visit), 409)
    with app.app_context():
        assert the_visit(visit).result == "registered"


def test_what_may_not_be_excused_any_more_can_still_be_declined(
    app: Flask, at_work: At, in_app: Any, late: Any, at_eleven: Any
) -> None:
    visit, lin = late(), at_work("lin")
    in_app(lambda stage: _bought(stage, visit), ELEVEN)
    page = assert_page(lin.get(f"/site/excuses/{visit}"))
    assert "现在不能" in text_of(page) and f'action="/site/excuses/{visit}/decline"' in page
    assert decline(lin, visit).status_code == 303


def _bought(stage: Stage, visit: str) -> None:
    registration = db.session.get_one(Registration, the_visit(visit).registration_id)
    event = deals.NewEvent(kind="deposit", buyers=(customer_of(registration),))
    deals.open_deal(actor=stage.people.get("bo"), project=stage.people.project(), event=event)


def test_what_is_not_signed_is_not_declined(at_work: At, late: Any, at_eleven: Any) -> None:
    visit, lin = late(signed=False), at_work("lin")
    assert "/decline" not in assert_page(lin.get(f"/site/excuses/{visit}"))
    assert_page(decline(lin, visit), 409)


@pytest.mark.parametrize("reason", ["", "   ", "长" * 501, "a\x00", "😀"])
def test_a_no_needs_a_real_reason(app: Flask, at_work: At, late: Any, at_eleven: Any, reason: str) -> None:
    visit = late()
    assert_page(decline(at_work("lin"), visit, reason), 422)
    with app.app_context():
        assert the_visit(visit).excuse_declined_at is None


@pytest.mark.parametrize("who", ["rui", "bo", "cai", "ana", "hua"])
def test_only_leaders_decline(at_work: At, late: Any, at_eleven: Any, who: str) -> None:
    assert decline(at_work(who), late()).status_code == 403


def test_the_leader_of_another_site_knows_nothing(at_work: At, late: Any, next_door: None, at_eleven: Any) -> None:
    assert decline(at_work("sid"), late()).status_code == 404


def test_the_reason_is_sealed(app: Flask, at_work: At, late: Any, at_eleven: Any) -> None:
    visit = late()
    decline(at_work("lin"), visit)
    with app.app_context():
        raw = db.session.execute(db.text("SELECT excuse_decline_reason FROM visits")).scalar_one()
        assert WHY.encode() not in bytes(raw)
