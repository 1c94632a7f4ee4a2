"""Entry, class, corrections, the list, the history and the end of the day (RE-2.7, RE-3.5, RE-3.7, RE-Q43)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from portal import clock
from portal.addresses import sealed
from portal.models import Classification, Correction, Registration, db
from portal.services import visit_flow
from tests.fixtures import Stage, search
from tests.pages import assert_page, form_values, text_of
from tests.send import send_read
from tests.site.conftest import ELEVEN, NINE, Browser, the_registration, the_visit
from tests.site.test_leader import _loaded

At = Callable[[str], Browser]


@pytest.fixture
def signed_off(in_app: Any, visited: Any) -> str:
    """The number of a visit that waits to be entered."""
    visit = visited()

    def work(stage: Stage) -> None:
        loaded = _loaded(visit)
        visit_flow.audit_visit(actor=stage.people.get("bo"), visit=loaded, passed=True)
        visit_flow.sign_off_visit(actor=stage.people.get("lin"), visit=loaded)

    in_app(work, ELEVEN)
    return str(visit)


def number_of(app: Flask, visit: str) -> str:
    with app.app_context():
        found = db.session.get(Registration, the_visit(visit).registration_id)
        assert found is not None
        return found.reference


def test_the_consultant_enters_with_the_distributor_as_source(
    app: Flask, at_work: At, signed_off: str, at_eleven: Any
) -> None:
    cai = at_work("cai")
    assert signed_off in assert_page(cai.get("/site/entries"))
    assert "甲渠道" in assert_page(cai.get(f"/site/entries/{signed_off}"))
    assert cai.post(f"/site/entries/{signed_off}", {"channel_source": "D-0002"}).status_code == 303
    with app.app_context():
        assert the_visit(signed_off).channel_source == "D-0001"
    assert "渠道来源不能更改" in assert_page(cai.post(f"/site/entries/{signed_off}"), 409)


def test_nothing_is_entered_before_the_signature(at_work: At, visited: Any, at_eleven: Any) -> None:
    assert "RE-3.7" in assert_page(at_work("cai").post(f"/site/entries/{visited()}"), 409)


@pytest.mark.parametrize("who", ["rui", "bo", "lin", "ana", "hua"])
def test_only_consultants_enter(at_work: At, signed_off: str, at_eleven: Any, who: str) -> None:
    assert at_work(who).post(f"/site/entries/{signed_off}").status_code == 403


def test_a_consultant_of_another_site_knows_nothing(
    at_work: At, signed_off: str, next_door: None, at_eleven: Any
) -> None:
    sid = at_work("sid")
    assert sid.post(f"/site/entries/{signed_off}").status_code == 404
    assert signed_off not in assert_page(sid.get("/site/entries"))


@pytest.mark.parametrize("who", ["bo", "lin"])
def test_the_site_decides_the_class(app: Flask, at_work: At, visited: Any, at_eleven: Any, who: str) -> None:
    reference = number_of(app, visited())
    browser = at_work(who)
    assert reference in assert_page(browser.get("/site/classifications"))
    answer = send_read(browser.client, f"/site/classifications/{reference}", bulk="yes", reason="拟购六套")
    assert answer.status_code == 303
    with app.app_context():
        assert the_registration(reference).is_bulk is True
    assert "拟购六套" in assert_page(browser.get(f"/site/registrations/{reference}"))


def test_a_class_is_not_decided_over_one_that_nobody_has_read(
    app: Flask, at_work: At, visited: Any, at_eleven: Any
) -> None:
    reference = number_of(app, visited())
    page, bo, lin = f"/site/classifications/{reference}", at_work("bo"), at_work("lin")
    read = form_values(lin.get(page).text, "seen")["seen"]
    assert send_read(bo.client, page, bulk="yes", reason="拟购六套").status_code == 303
    other = {"bulk": "no", "reason": "自住"}
    for mark in ({"seen": read}, {"seen": ""}, {}):
        html = assert_page(lin.post(page, other | mark), 409)
        assert "您打开这一页之后" in html and "拟购六套" in html and "自住" in html
    with app.app_context():
        assert the_registration(reference).is_bulk is True
    assert send_read(lin.client, page, **other).status_code == 303


@pytest.mark.parametrize(("days", "late"), [(7, False), (8, True)])
def test_a_class_decided_after_seven_days_is_flagged(
    app: Flask, at_work: At, visited: Any, days: int, late: bool
) -> None:
    reference = number_of(app, visited())
    with clock.set_to(ELEVEN + timedelta(days=days)):
        bo = at_work("bo")
        for _ in range(2):
            send_read(bo.client, f"/site/classifications/{reference}", bulk="no", reason="自住")
    with app.app_context():
        assert db.session.scalars(db.select(Classification.late)).one() is late


@pytest.mark.parametrize(
    "given",
    [
        {"bulk": "", "reason": "x"},
        {"bulk": "maybe", "reason": "x"},
        {"bulk": "yes", "reason": ""},
        {"bulk": "yes", "reason": "<i>"},
        {"bulk": "yes", "reason": "a\x00"},
        {"bulk": "yes", "reason": "长" * 501},
    ],
    ids=str,
)
def test_a_class_needs_a_choice_and_a_reason(
    app: Flask, at_work: At, visited: Any, at_eleven: Any, given: dict[str, str]
) -> None:
    reference = number_of(app, visited())
    assert_page(at_work("bo").post(f"/site/classifications/{reference}", given), 422)
    with app.app_context():
        assert the_registration(reference).is_bulk is None


def test_nothing_is_classed_before_the_visit(at_work: At, filed: Any, at_eleven: Any) -> None:
    reference, bo = filed(), at_work("bo")
    assert "RE-2.7" in assert_page(bo.get(f"/site/classifications/{reference}"))
    assert_page(bo.post(f"/site/classifications/{reference}", {"bulk": "yes", "reason": "六套"}), 409)


@pytest.mark.parametrize("who", ["rui", "cai", "ana", "hua"])
def test_others_neither_class_nor_correct_nor_read_the_list(at_work: At, filed: Any, at_eleven: Any, who: str) -> None:
    reference, browser = filed(), at_work(who)
    for address in ("classifications/", "registrations/"):
        assert browser.get(f"/site/{address}{reference}").status_code == 403
    assert browser.get(f"/site/registrations/{reference}/correct").status_code == 403


def test_another_sites_registration_does_not_exist(at_work: At, filed: Any, at_eleven: Any) -> None:
    reference, sid = filed(), at_work("sid")
    for address in (f"registrations/{reference}", f"classifications/{reference}", f"registrations/{reference}/correct"):
        assert sid.get(f"/site/{address}").status_code == 404
    assert sid.post(f"/site/registrations/{reference}/reveal", {"reason": "audit"}).status_code == 404
    assert reference not in assert_page(search(sid.client, "/site/registrations", "张三"))


def correct(browser: Browser, reference: str, **changes: str) -> Any:
    usual = {
        "name": "张三",
        "phone": "",
        "id_number": "",
        "company": "",
        "company_code": "",
        "place": "",
        "reason": "证件核对",
    }
    return send_read(browser.client, f"/site/registrations/{reference}/correct", **usual | changes)


def test_a_correction_keeps_both_versions_and_the_filing_time(
    app: Flask, at_work: At, filed: Any, at_eleven: Any
) -> None:
    reference, bo = filed(), at_work("bo")
    assert correct(bo, reference, name="章三", phone="138 0013 8000").status_code == 303
    with app.app_context():
        found = the_registration(reference)
        assert (found.customer_name, found.phone, found.filed_at) == ("章三", "+8613800138000", NINE)
    page = text_of(assert_page(bo.get(f"/site/registrations/{reference}")))
    assert "张三" in page and "章三" in page and "证件核对" in page and "138****8000" in page
    assert "没有改动任何内容" in assert_page(correct(bo, reference, name="章三"), 409)


@pytest.mark.parametrize(
    "changes",
    [
        {"name": ""},
        {"name": "<b>"},
        {"phone": "138****8000"},
        {"phone": "12"},
        {"id_number": "330106199001011234"},
        {"company_code": "123"},
        {"place": "火星"},
        {"reason": ""},
        {"reason": "a\x00"},
        {"reason": "😀"},
    ],
    ids=str,
)
def test_a_wrong_correction_changes_nothing(
    app: Flask, at_work: At, filed: Any, at_eleven: Any, changes: dict[str, str]
) -> None:
    reference = filed()
    assert_page(correct(at_work("bo"), reference, **changes), 422)
    with app.app_context():
        assert db.session.scalars(db.select(Correction)).all() == []


def test_the_list_is_searched_and_filtered(app: Flask, at_work: At, filed: Any, visited: Any, at_eleven: Any) -> None:
    held, protected, bo = filed(), number_of(app, visited()), at_work("bo")
    for query, found in (("", {held, protected}), ("?state=held", {held}), (f"?s={sealed(held)}", {held})):
        html = assert_page(bo.get(f"/site/registrations{query}"))
        assert {one for one in (held, protected) if f"/site/registrations/{one}" in html} == found, query
    assert bo.get("/site/registrations?state=nonsense").status_code == 404
    assert bo.get("/site/registrations?after=YQ-0000-000000").status_code == 404


def test_the_history_tells_every_step_with_its_clause(app: Flask, at_work: At, visited: Any, at_eleven: Any) -> None:
    reference = number_of(app, visited(complete=True))
    words = text_of(assert_page(at_work("lin").get(f"/site/registrations/{reference}")))
    for clause in ("RE-2.8", "RE-3.2", "RE-3.3", "RE-3.4", "RE-3.5"):
        assert clause in words


def test_a_number_is_shown_for_a_reason_only(app: Flask, at_work: At, filed: Any, at_eleven: Any) -> None:
    reference, rui = filed(), at_work("rui")
    with app.app_context():
        whole = the_registration(reference).phone[3:]
    address = f"/site/registrations/{reference}/reveal"
    assert whole not in assert_page(rui.post(address), 422).replace(" ", "")
    assert whole in assert_page(rui.post(address, {"reason": "contact"})).replace(" ", "")


def test_the_archive_says_what_was_left_open_and_whose_turn_it_is(at_work: At, visited: Any, at_eleven: Any) -> None:
    visited()
    done = visited(complete=True)
    words = text_of(assert_page(at_work("rui").get("/site/archive")))
    assert "等案场后台审核" in words and done in words and "RE-3.7" in words
    assert at_work("rui").get("/site/archive?day=2099-01-01").status_code == 404
    assert at_work("rui").get("/site/archive?day=x").status_code == 404
    assert "当天的到访都走完了" in assert_page(at_work("rui").get("/site/archive?day=2026-04-06"))


def test_the_printed_slip_can_be_fetched_once_it_is_ready(at_work: At, visited: Any, at_eleven: Any) -> None:
    visit, rui = visited(), at_work("rui")
    assert rui.get(f"/site/visits/{visit}/slip.pdf").status_code == 404
    assert "PDF 正在生成" in assert_page(rui.get(f"/site/visits/{visit}"))
