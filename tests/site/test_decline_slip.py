"""Somebody will not sign the slip: kept with the reason; unsigned stays unsigned, signing later that day is possible."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from portal import clock
from portal.models import HistoryEntry, Registration, SlipRefusal, db
from tests.pages import assert_page, text_of
from tests.site.conftest import ELEVEN, NINE, Browser, mark_of, signature, the_visit

At = Callable[[str], Browser]
REASON = "要先与家人商量"


@pytest.fixture
def arrived(in_app: Any, at_eleven: Any) -> str:
    """The number of an unsigned visit."""

    def work(stage: Any) -> str:
        with clock.set_to(NINE):
            registration = stage.file()
        return str(stage.arrive(registration).reference)

    return str(in_app(work, ELEVEN))


def decline(browser: Browser, visit: str, **changes: str) -> Any:
    said = {"party": "customer", "reason": REASON, "seen": mark_of(browser, visit)}
    return browser.post(f"/site/visits/{visit}/refusals", said | changes)


def sign(browser: Browser, visit: str, *parties: str) -> None:
    for party in parties:
        assert (
            browser.post(f"/site/visits/{visit}/signatures", signature(party, seen=mark_of(browser, visit))).status_code
            == 303
        )


def refusals() -> list[tuple[str, str]]:
    return [(row.party, row.reason) for row in db.session.scalars(db.select(SlipRefusal).order_by(SlipRefusal.id))]


@pytest.mark.parametrize(("party", "words"), [("customer", "客户拒签"), ("broker", "经纪人拒签")])
def test_who_and_why_are_kept_and_the_board_says_so(
    app: Flask, at_work: At, arrived: str, party: str, words: str
) -> None:
    rui = at_work("rui")
    page = decline(rui, arrived, party=party)
    assert page.status_code == 303
    text = text_of(assert_page(rui.get(page.headers["Location"])))
    assert f"{words}，带客确认单没有签齐。" in text and REASON in text
    assert words in text_of(assert_page(rui.get("/site/arrivals")))
    with app.app_context():
        assert refusals() == [(party, REASON)]
        assert the_visit(arrived).result == "unsigned"


def test_unsigned_does_not_go_on_with_the_other_two_signatures(app: Flask, at_work: At, arrived: str) -> None:
    rui = at_work("rui")
    decline(rui, arrived)
    sign(rui, arrived, "broker", "reception")
    with app.app_context():
        visit = the_visit(arrived)
        assert (visit.result, visit.signed_at) == ("unsigned", None)
    assert arrived not in at_work("bo").get("/site/audits").text


def test_thinking_better_of_it_the_same_day_the_visit_counts(app: Flask, at_work: At, arrived: str) -> None:
    rui = at_work("rui")
    decline(rui, arrived)
    sign(rui, arrived, "broker", "reception", "customer")
    with app.app_context():
        assert the_visit(arrived).result == "registered"
        assert refusals() == [("customer", REASON)]
    text = text_of(assert_page(rui.get(f"/site/visits/{arrived}")))
    assert "客户拒签" not in text


def test_the_history_has_the_refusal_without_its_words(app: Flask, at_work: At, arrived: str) -> None:
    decline(at_work("rui"), arrived)
    with app.app_context():
        entry = db.session.scalars(db.select(HistoryEntry).filter_by(verb="visit.slip_declined")).one()
        assert entry.clause == "RE-3.2" and entry.facts["party"] == "customer"
        assert REASON not in str(entry.facts)


def test_the_distributor_reads_that_the_customer_refused(app: Flask, at_work: At, arrived: str) -> None:
    decline(at_work("rui"), arrived)
    with app.app_context():
        reference = db.session.scalar(db.select(Registration.reference))
    text = text_of(at_work("ana").get(f"/distributor/customers/{reference}").text)
    assert "客户拒签" in text and REASON not in text


def test_sent_twice_it_is_one_refusal(app: Flask, at_work: At, arrived: str) -> None:
    rui = at_work("rui")
    assert decline(rui, arrived).status_code == 303
    assert decline(rui, arrived).status_code == 303
    assert decline(rui, arrived, reason="另一个原因").status_code == 409
    with app.app_context():
        assert refusals() == [("customer", REASON)]
        assert db.session.query(HistoryEntry).filter_by(verb="visit.slip_declined").count() == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"party": "reception"},
        {"party": ""},
        {"party": "leader"},
        {"reason": ""},
        {"reason": "  "},
        {"reason": "长" * 201},
        {"reason": "a\x00b"},
    ],
)
def test_what_cannot_be_kept_comes_back_with_everything_typed(
    app: Flask, at_work: At, arrived: str, changes: dict[str, str]
) -> None:
    answer = decline(at_work("rui"), arrived, **changes)
    html = assert_page(answer, 422)
    assert "没有记下拒签。" in text_of(html)
    assert changes.get("reason", REASON).strip()[:8].replace("\x00", "") in html.replace("\x00", "")
    with app.app_context():
        assert refusals() == []


def test_whoever_has_signed_cannot_refuse_any_more(app: Flask, at_work: At, arrived: str) -> None:
    rui = at_work("rui")
    sign(rui, arrived, "customer")
    answer = decline(rui, arrived)
    assert answer.status_code == 409 and "这一位已经签过" in text_of(answer.text)
    with app.app_context():
        assert refusals() == []


def test_on_another_day_nothing_is_refused_any_more(app: Flask, at_work: At, arrived: str) -> None:
    with clock.set_to(ELEVEN + timedelta(days=1)):
        assert decline(at_work("rui"), arrived).status_code == 409


def test_the_day_after_the_page_still_says_who_refused(at_work: At, arrived: str) -> None:
    decline(at_work("rui"), arrived)
    with clock.set_to(ELEVEN + timedelta(days=1)):
        rui = at_work("rui")
        text = text_of(assert_page(rui.get(f"/site/visits/{arrived}")))
    assert "客户拒签" in text and "到访当日没有签齐" in text and "改变主意" not in text


@pytest.mark.parametrize("who", ["bo", "lin", "cai", "ana", "hua"])
def test_only_the_desk_records_a_refusal(app: Flask, at_work: At, arrived: str, who: str) -> None:
    assert decline(at_work(who), arrived).status_code in {403, 404}
    with app.app_context():
        assert refusals() == []


def test_a_visit_next_door_is_not_found(app: Flask, at_work: At, arrived: str, next_door: None) -> None:
    assert decline(at_work("sid"), arrived).status_code == 404
