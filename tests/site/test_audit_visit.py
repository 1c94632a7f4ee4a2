"""The back office's audit: everything side by side, one verdict, the company's record above all (RE-3.3, RE-4.1)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from flask import Flask

from portal import clock
from portal.models import PastedMessage, db
from portal.services import records
from tests.fixtures import Stage
from tests.pages import assert_page, text_of
from tests.site.conftest import ELEVEN, NINE, Browser, the_visit

At = Callable[[str], Browser]


def audit(browser: Browser, visit: str, verdict: str = "pass", reason: str = "") -> Any:
    return browser.post(f"/site/audits/{visit}", {"verdict": verdict, "reason": reason})


@pytest.fixture
def with_record(in_app: Any) -> Callable[..., str]:
    """The number of a signed visit whose customer stands on the company's record too, ``hours`` before the filing."""

    def make(hours: float, **changes: Any) -> str:
        def work(stage: Stage) -> str:
            customer = stage.customer(name="郑凯")
            stored = replace(customer, **changes)
            with clock.set_to(NINE - timedelta(hours=hours)):
                if hours > 0:
                    _record(stage, stored)
            with clock.set_to(NINE):
                registration = stage.file("ana", customer)
            with clock.set_to(NINE - timedelta(hours=hours)):
                if hours < 0:
                    _record(stage, stored)
            return str(stage.sign(stage.arrive(registration)).reference)

        return str(in_app(work, ELEVEN))

    return make


def _record(stage: Stage, customer: Any) -> None:
    bo = stage.people.get("bo")
    records.record_customer(actor=bo, project=stage.people.project(), source="call", customer=customer)


def test_a_pass_goes_to_the_leader_and_on_to_the_next(app: Flask, at_work: At, visited: Any, at_eleven: Any) -> None:
    first, second = visited(), visited()
    answer = audit(at_work("bo"), first)
    assert answer.headers["Location"].endswith(second)
    with app.app_context():
        assert (the_visit(first).audit_result, the_visit(first).audited_at) == ("passed", ELEVEN)


def test_a_failure_needs_its_reason_and_ends_the_hold(app: Flask, at_work: At, visited: Any, at_eleven: Any) -> None:
    visit = visited()
    bo = at_work("bo")
    assert "不通过须写明原因" in assert_page(audit(bo, visit, "fail"), 422)
    assert audit(bo, visit, "fail", "证件与本人不符").status_code == 303
    with app.app_context():
        assert the_visit(visit).audit_result == "failed"
    assert "证件与本人不符" in assert_page(bo.get(f"/site/audits/{visit}"))


@pytest.mark.parametrize("verdict", ["pass", "fail"])
def test_an_older_company_record_refuses_whatever_is_chosen(
    app: Flask, at_work: At, with_record: Any, at_eleven: Any, verdict: str
) -> None:
    visit = with_record(3)
    bo = at_work("bo")
    words = text_of(assert_page(bo.get(f"/site/audits/{visit}")))
    assert "审核结果只能是不符合条件" in words and "RE-4.1" in words
    assert audit(bo, visit, verdict, "无" if verdict == "fail" else "").status_code == 303
    with app.app_context():
        assert the_visit(visit).audit_result == "company_record"


def test_a_later_company_record_changes_nothing(app: Flask, at_work: At, with_record: Any, at_eleven: Any) -> None:
    visit = with_record(-1)
    bo = at_work("bo")
    assert "RE-Q32" in assert_page(bo.get(f"/site/audits/{visit}"))
    assert audit(bo, visit).status_code == 303
    with app.app_context():
        assert the_visit(visit).audit_result == "passed"


def test_a_name_that_differs_by_one_character_is_marked_and_explained(
    app: Flask, at_work: At, with_record: Any, at_eleven: Any
) -> None:
    visit = with_record(-1, name="郑恺")
    bo = at_work("bo")
    html = assert_page(bo.get(f"/site/audits/{visit}"))
    assert "一字不同，请核对" in html and html.count('class="differs"') == 1
    assert "须写明依据" in assert_page(audit(bo, visit), 422)
    assert audit(bo, visit, "pass", "身份证为郑凯，系统录错").status_code == 303


def test_rivals_are_shown_with_their_ranks_and_the_message_in_full(
    app: Flask, at_work: At, in_app: Any, at_eleven: Any
) -> None:
    def work(stage: Stage) -> str:
        customer = stage.customer()
        with clock.set_to(NINE):
            stage.file("ben", customer)
        with clock.set_to(NINE + timedelta(seconds=1)):
            message = PastedMessage(broker_id=stage.people.get("ana").id, text="报备：张三 下午到", pasted_at=NINE)
            db.session.add(message)
            db.session.flush()
            mine = stage.file("ana", customer, pasted_message_id=message.id)
        return str(stage.sign(stage.arrive(mine)).reference)

    visit = in_app(work, ELEVEN)
    words = text_of(assert_page(at_work("bo").get(f"/site/audits/{visit}")))
    assert (
        "另有 1 家，本报备排第 2" in words
        and "乙渠道" in words
        and "仅内部可见" in words
        and "报备：张三 下午到" in words
    )


def test_audited_twice_only_the_first_counts(app: Flask, at_work: At, visited: Any, at_eleven: Any) -> None:
    visit = visited()
    bo = at_work("bo")
    audit(bo, visit)
    assert "已经审核过" in assert_page(audit(bo, visit, "fail", "改主意"), 409)
    with app.app_context():
        assert the_visit(visit).audit_result == "passed"


def test_two_auditors_at_once_one_verdict(app: Flask, at_work: At, visited: Any) -> None:
    visit = visited()
    browsers = [at_work("bo") for _ in range(2)]
    for browser in browsers:
        browser.post("/site/audits/none", {})
    start, codes = Barrier(2), []

    def press(browser: Browser, verdict: str) -> None:
        start.wait()
        codes.append(audit(browser, visit, verdict, "理由").status_code)

    threads = [Thread(target=press, args=pair) for pair in zip(browsers, ("pass", "fail"), strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == [303, 409]


@pytest.mark.parametrize(
    ("verdict", "reason"),
    [
        ("", ""),
        ("maybe", "x"),
        ("fail", "   "),
        ("fail", "长" * 501),
        ("pass", "<b>x</b>"),
        ("pass", "a\x00"),
        ("pass", "😀"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_decided(
    app: Flask, at_work: At, visited: Any, at_eleven: Any, verdict: str, reason: str
) -> None:
    visit = visited()
    assert_page(audit(at_work("bo"), visit, verdict, reason), 422)
    with app.app_context():
        assert the_visit(visit).audited_at is None


@pytest.mark.parametrize("who", ["rui", "cai", "lin", "ana", "hua", "aud"])
def test_only_the_back_office_audits(at_work: At, visited: Any, at_eleven: Any, who: str) -> None:
    visit, browser = visited(), at_work(who)
    assert browser.get(f"/site/audits/{visit}").status_code == 403
    assert audit(browser, visit).status_code == 403


def test_another_site_does_not_know_the_visit(at_work: At, visited: Any, at_eleven: Any) -> None:
    visit, sid = visited(), at_work("sid")
    assert sid.get(f"/site/audits/{visit}").status_code == 404
    assert audit(sid, visit).status_code == 404
    assert visit not in sid.get("/site/audits").get_data(as_text=True)
