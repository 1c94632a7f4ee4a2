"""Registering an arrival at the front desk: judged to the second, once however often it is asked (RE-2.2 to 2.4, 2.9, 3.2)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal import clock
from portal.models import CompanyRecord, Visit, db
from portal.services import partnership
from tests.fixtures import People
from tests.pages import assert_page, text_of
from tests.site.conftest import NINE, Browser, the_registration, the_visit

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
At = Callable[[str], Browser]


def register(browser: Browser, reference: str, key: str | None = None, *, late: bool = False, lapsed: str = "") -> Any:
    """Press 登记到访; ``late``: what is said of a late filing has been read and confirmed; ``lapsed``: of one that is over."""
    mark = reference if late else f"{reference} {lapsed}"
    form = {"submission_key": key or str(uuid4())} | ({"confirmed": mark} if late or lapsed else {})
    return browser.post(f"/site/filings/{reference}/arrivals", form)


def visit_in(answer: Any) -> str:
    assert answer.status_code == 303, answer.get_data(as_text=True)[:600]
    return str(answer.headers["Location"].rsplit("/", 1)[1])


def shown(browser: Browser, answer: Any) -> str:
    return text_of(assert_page(browser.get(answer.headers["Location"])))


@pytest.mark.parametrize(
    ("circumstances", "after", "result"),
    [
        ({}, HOUR - SECOND, "natural"),
        ({}, HOUR, "unsigned"),
        ({"declared_local": False}, 15 * HOUR - SECOND, "natural"),
        ({"declared_local": False}, 15 * HOUR, "unsigned"),
    ],
    ids=["59:59 late", "one hour in time", "out of town, same day late", "out of town, midnight in time"],
)
def test_the_lead_time_is_judged_to_the_second(
    app: Flask, at_work: At, filed: Callable[..., str], circumstances: Any, after: timedelta, result: str
) -> None:
    reference = filed(**circumstances)
    with clock.set_to(NINE + after):
        visit = visit_in(register(at_work("rui"), reference, late=True))
    with app.app_context():
        assert (the_visit(visit).result, the_visit(visit).arrived_at) == (result, NINE + after)


def test_a_late_one_reads_the_clause_what_was_kept_and_what_the_leader_may_do(at_work: At, filed: Any) -> None:
    reference = filed()
    with clock.set_to(NINE + HOUR - SECOND):
        rui = at_work("rui")
        words = shown(rui, register(rui, reference, late=True))
    assert "RE-2.4" in words and "都已保留" in words and "例外批准" in words


@pytest.mark.parametrize(("day", "clause"), [(7, None), (8, "RE-2.9")])
def test_the_hold_ends_with_the_last_second_of_the_seventh_day(
    app: Flask, at_work: At, filed: Any, day: int, clause: str | None
) -> None:
    reference = filed()
    midnight = NINE.replace(hour=16, minute=0) + timedelta(days=day - 1)
    instant = midnight + timedelta(days=1) - SECOND if day == 7 else midnight
    with clock.set_to(instant):
        rui = at_work("rui")
        answer = register(rui, reference, lapsed=clause or "")
        words = shown(rui, answer)
    with app.app_context():
        assert the_visit(visit_in(answer)).clause == clause
    assert ("RE-2.9" in words) == (clause is not None)


def test_a_second_visit_renews_nothing(app: Flask, at_work: At, visited: Any, at_eleven: Any) -> None:
    first = visited(complete=True)
    with app.app_context():
        registration = the_visit(first).registration_id
        reference = db.session.scalar(select(Visit.registration_id).where(Visit.reference == first))
        number, end = the_number(registration or reference)
    rui = at_work("rui")
    words = shown(rui, register(rui, number))
    assert "再次到访" in words
    with app.app_context():
        assert the_registration(number).ends_at == end


def the_number(registration_id: Any) -> tuple[str, Any]:
    from portal.models import Registration

    row = db.session.get(Registration, registration_id)
    assert row is not None
    return row.reference, row.ends_at


def test_a_blacklisted_distributor_brings_nobody(
    app: Flask, at_work: At, in_app: Any, filed: Any, at_eleven: Any
) -> None:
    reference = filed()
    in_app(
        lambda stage: partnership.blacklist(
            actor=stage.people.get("hua"), distributor=stage.people.distributor(), reason="截客"
        )
    )
    rui = at_work("rui")
    assert "RE-5.4" in shown(rui, register(rui, reference))


def test_pressed_twice_it_is_registered_once(app: Flask, at_work: At, filed: Any, at_eleven: Any) -> None:
    reference, key = filed(), str(uuid4())
    rui = at_work("rui")
    assert visit_in(register(rui, reference, key)) == visit_in(register(rui, reference, key))
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Visit)) == 1


def test_a_late_one_pressed_twice_leaves_one_natural_record(app: Flask, at_work: At, filed: Any) -> None:
    reference = filed()
    with clock.set_to(NINE + HOUR - SECOND):
        rui = at_work("rui")
        assert visit_in(register(rui, reference, late=True)) == visit_in(register(rui, reference, late=True))
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(CompanyRecord)) == 1


@pytest.mark.parametrize("key", ["", "nonsense", "\x00", "x" * 5000, "<b>1</b>"])
def test_a_form_that_is_not_ours_registers_nothing(
    app: Flask, at_work: At, filed: Any, at_eleven: Any, key: str
) -> None:
    answer = at_work("rui").post(f"/site/filings/{filed()}/arrivals", {"submission_key": key})
    assert_page(answer, 422)
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Visit)) == 0


@pytest.mark.parametrize("who", ["bo", "cai", "lin", "ana", "hua", "ada", "aud"])
def test_only_reception_registers(at_work: At, filed: Any, at_eleven: Any, who: str) -> None:
    assert register(at_work(who), filed()).status_code == 403


def test_another_site_does_not_know_the_filing(at_work: At, filed: Any, next_door: None, at_eleven: Any) -> None:
    reference = filed()
    sid = at_work("sid")
    assert register(sid, reference).status_code == 404
    found = sid.post("/site/arrivals/find?project=JP", {"q": reference})
    assert reference not in assert_page(found).replace(f"“{reference}”", "").replace(f'value="{reference}"', "")
    assert sid.get("/site/arrivals?project=YQ").status_code == 404


def test_two_receptionists_at_once_make_one_flow(app: Flask, at_work: At, in_app: Any) -> None:
    reference = in_app(lambda stage: stage.file().reference, in_app(lambda stage: clock.now()) - 2 * HOUR)
    browsers = [at_work("rui") for _ in range(4)]
    for browser in browsers:
        browser.post("/site/arrivals/find", {"q": "0000"})
    start, answers = Barrier(len(browsers)), []

    def press(browser: Browser) -> None:
        start.wait()
        answers.append(visit_in(register(browser, reference)))

    threads = [Thread(target=press, args=(browser,)) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 4 and len(set(answers)) == 1
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Visit)) == 1


@pytest.mark.parametrize("typed", ["{reference}", "https://x.example/c/{lower}", "张三", "zhangsan", "zs", "{last}"])
def test_a_filing_is_found_by_code_name_pinyin_or_last_four(
    app: Flask, at_work: At, filed: Any, at_eleven: Any, typed: str
) -> None:
    reference = filed()
    with app.app_context():
        last = the_registration(reference).phone[-4:]
    q = typed.format(reference=reference, lower=reference.lower(), last=last)
    html = assert_page(at_work("rui").post("/site/arrivals/find", {"q": q}))
    assert f"/site/filings/{reference}/arrivals" in html
    with app.app_context():
        assert the_registration(reference).phone[3:] not in html.replace(" ", "")


@pytest.mark.parametrize("typed", ["", "x" * 300, "\x00\x01", "‮abc"])
def test_what_cannot_be_searched_is_said(at_work: At, people: People, at_eleven: Any, typed: str) -> None:
    assert_page(at_work("rui").post("/site/arrivals/find", {"q": typed}), 422)


class TestUnfiled:
    """A broker is there and names no filing."""

    def form(self, app: Flask, people: People, **changes: str) -> dict[str, str]:
        with app.app_context():
            distributor = people.distributor().reference
        usual = {"distributor": distributor, "name": "张三", "phone": "13800138000", "submission_key": str(uuid4())}
        return usual | changes

    def test_the_running_filing_is_used(
        self, app: Flask, at_work: At, filed: Any, people: People, at_eleven: Any
    ) -> None:
        reference = filed()
        with app.app_context():
            phone = the_registration(reference).phone
        answer = at_work("rui").post("/site/arrivals/unfiled", self.form(app, people, phone=phone))
        with app.app_context():
            visit = the_visit(visit_in(answer))
            assert visit.result == "unsigned" and visit.registration_id == the_registration(reference).id

    def test_without_one_the_visit_is_natural(self, app: Flask, at_work: At, people: People, at_eleven: Any) -> None:
        rui, form = at_work("rui"), self.form(app, people)
        first, again = (rui.post("/site/arrivals/unfiled", form) for _ in range(2))
        assert visit_in(first) == visit_in(again)
        assert "RE-2.4" in shown(rui, first)

    def test_the_form_brought_back_for_another_customer_is_another_visit(
        self, app: Flask, at_work: At, people: People, at_eleven: Any
    ) -> None:
        rui, form = at_work("rui"), self.form(app, people)
        first, other = (
            rui.post("/site/arrivals/unfiled", form | {"phone": phone}) for phone in (form["phone"], "13800138009")
        )
        assert visit_in(first) != visit_in(other)

    @pytest.mark.parametrize(
        "changes",
        [
            {"distributor": ""},
            {"distributor": "D-9999"},
            {"name": ""},
            {"name": "<script>"},
            {"name": "😀"},
            {"name": "张" * 41},
            {"name": "张\x00三"},
            {"phone": ""},
            {"phone": "138****0000"},
            {"phone": "1380013800"},
            {"phone": "abc"},
            {"id_number": "330106199001011234"},
            {"id_number": "<b>"},
            {"company": "<b>公司</b>"},
            {"submission_key": "1"},
        ],
        ids=str,
    )
    def test_what_is_wrong_is_said_and_what_was_typed_stays(
        self, app: Flask, at_work: At, people: People, at_eleven: Any, changes: dict[str, str]
    ) -> None:
        form = self.form(app, people, note="", **changes)
        html = assert_page(at_work("rui").post("/site/arrivals/unfiled", form), 422)
        assert form["phone"] in html or "phone" in changes
        with app.app_context():
            assert db.session.scalar(select(func.count()).select_from(Visit)) == 0
            assert db.session.scalar(select(func.count()).select_from(CompanyRecord)) == 0
