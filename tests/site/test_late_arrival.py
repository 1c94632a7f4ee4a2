"""A late filing at the desk: said before it is registered, registered when confirmed, judged at that time (RE-2.4, RE-Q2)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal import clock
from portal.models import CompanyRecord, HistoryEntry, Registration, Visit, db
from portal.services import partnership, policies
from tests.fixtures import People, Stage
from tests.pages import assert_page, read, text_of
from tests.site.conftest import NINE, Browser, the_registration, the_visit

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
At = Callable[[str], Browser]


def press(browser: Browser, reference: str, **fields: str) -> Any:
    form = {"submission_key": str(uuid4())} | fields
    return browser.post(f"/site/filings/{reference}/arrivals", form)


def confirm(browser: Browser, html: str) -> Any:
    """Send the form that the page of the question has, as a browser without scripts does."""
    page = read(html)
    form = next(one for one in page.all("form") if one.get("id") in {"late", "unfiled"})
    fields = {
        one.get("name"): one.get("value")
        for one in page.all("input")
        if form in page.ancestors(one) and one.get("name") != "csrf_token"
    }
    return browser.post(form.get("action"), fields)


def kept(model: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_a_late_filing_is_asked_about_and_nothing_is_registered(app: Flask, at_work: At, filed: Any) -> None:
    reference = filed()
    with clock.set_to(NINE + HOUR - timedelta(minutes=12, seconds=5)):
        words = text_of(assert_page(press(at_work("rui"), reference), 409))
    assert "还没有登记" in words and "还差 12 分钟 5 秒" in words and "2026-04-07 10:00:00 起" in words
    assert all(clause in words for clause in ("RE-2.4", "RE-2.2", "RE-Q2", "RE-Q4"))
    with app.app_context():
        assert (kept(Visit), kept(CompanyRecord)) == (0, 0)
        assert the_registration(reference).outcome is None


def test_a_customer_from_elsewhere_is_asked_about_until_midnight(at_work: At, filed: Any) -> None:
    reference = filed(declared_local=False)
    with clock.set_to(NINE + 5 * HOUR):
        words = text_of(assert_page(press(at_work("rui"), reference), 409))
    assert "还差 10 小时" in words and "2026-04-08 00:00:00 起" in words and "RE-2.3" in words


def test_confirmed_it_is_natural_at_the_time_of_the_confirmation(app: Flask, at_work: At, filed: Any) -> None:
    reference, rui = filed(), at_work("rui")
    with clock.set_to(NINE + timedelta(minutes=20)):
        question = assert_page(press(rui, reference), 409)
    with clock.set_to(NINE + timedelta(minutes=21)):
        answer = confirm(rui, question)
    with app.app_context():
        visit = the_visit(answer.headers["Location"].rsplit("/", 1)[1])
        assert (visit.result, visit.clause) == ("natural", "RE-2.4")
        assert visit.arrived_at == NINE + timedelta(minutes=21)
        assert the_registration(reference).outcome == "late"


def test_what_has_become_timely_meanwhile_counts_as_timely(app: Flask, at_work: At, filed: Any) -> None:
    reference, rui = filed(), at_work("rui")
    with clock.set_to(NINE + HOUR - SECOND):
        question = assert_page(press(rui, reference), 409)
    with clock.set_to(NINE + HOUR):
        answer = confirm(rui, question)
    with app.app_context():
        assert the_visit(answer.headers["Location"].rsplit("/", 1)[1]).result == "unsigned"
        assert the_registration(reference).outcome is None
        assert kept(CompanyRecord) == 0


def test_the_first_time_at_the_desk_is_kept_once_a_day_and_said(app: Flask, at_work: At, filed: Any) -> None:
    reference, rui = filed(declared_local=False), at_work("rui")
    for minutes in (20, 25):
        with clock.set_to(NINE + timedelta(minutes=minutes)):
            words = text_of(assert_page(press(rui, reference), 409))
    assert "2026-04-07 09:20:00" in words
    with app.app_context():
        found = db.session.scalars(select(HistoryEntry).where(HistoryEntry.verb == "visit.late_asked")).all()
        assert [entry.happened_at for entry in found] == [NINE + timedelta(minutes=20)]


def test_the_confirmation_of_one_filing_is_none_of_another(app: Flask, at_work: At, filed: Any) -> None:
    one, other, rui = filed(), filed(), at_work("rui")
    with clock.set_to(NINE + timedelta(minutes=20)):
        assert_page(press(rui, other, confirmed=one), 409)
    with app.app_context():
        assert kept(Visit) == 0


def test_confirmed_twice_it_is_one_visit(app: Flask, at_work: At, filed: Any) -> None:
    reference, rui = filed(), at_work("rui")
    with clock.set_to(NINE + timedelta(minutes=20)):
        question = assert_page(press(rui, reference), 409)
        first, again = confirm(rui, question), confirm(rui, question)
    assert first.headers["Location"] == again.headers["Location"]
    with app.app_context():
        assert (kept(Visit), kept(CompanyRecord)) == (1, 1)


def test_in_time_nothing_is_asked(at_work: At, filed: Any) -> None:
    reference = filed()
    with clock.set_to(NINE + HOUR):
        assert press(at_work("rui"), reference).status_code == 303


def test_where_the_policy_excuses_nobody_it_says_so(at_work: At, in_app: Any) -> None:
    def strict(stage: Stage) -> str:
        document = policies.in_force(stage.people.project_id, clock.now()).document
        document = document | {"lead_time": document["lead_time"] | {"excusable": False}}
        policy = policies.publish(actor=None, document=document)
        policies.bind(actor=None, project=stage.people.project(), policy=policy, effective_from=clock.now())
        return str(stage.file().reference)

    reference = in_app(strict, NINE)
    with clock.set_to(NINE + timedelta(minutes=20)):
        words = text_of(assert_page(press(at_work("rui"), reference), 409))
    assert "不允许例外批准" in words and "可以写明原因例外批准" not in words


class TestUnfiled:
    """A broker names no filing, and the running one comes too late."""

    @pytest.fixture
    def form(self, app: Flask, people: People, filed: Any) -> dict[str, str]:
        reference = filed()
        with app.app_context():
            phone = the_registration(reference).phone.removeprefix("+86")
            distributor = people.distributor().reference
        usual = {"distributor": distributor, "name": "张三", "phone": phone, "submission_key": str(uuid4())}
        return usual | {"reference": reference}

    def test_it_is_asked_about_and_what_was_typed_stays(self, app: Flask, at_work: At, form: dict[str, str]) -> None:
        reference, rui = form.pop("reference"), at_work("rui")
        with clock.set_to(NINE + timedelta(minutes=20)):
            html = assert_page(rui.post("/site/arrivals/unfiled", form), 409)
            assert form["phone"] in html and "还没有登记" in text_of(html)
            answer = rui.post("/site/arrivals/unfiled", form | {"confirmed": reference})
        with app.app_context():
            visit = the_visit(answer.headers["Location"].rsplit("/", 1)[1])
            assert visit.registration_id == the_registration(reference).id and visit.result == "natural"

    def test_the_form_of_the_question_carries_the_confirmation(self, at_work: At, form: dict[str, str]) -> None:
        reference, rui = form.pop("reference"), at_work("rui")
        with clock.set_to(NINE + timedelta(minutes=20)):
            page = read(assert_page(rui.post("/site/arrivals/unfiled", form), 409))
        carried = next(one for one in page.all("input") if one.get("name") == "confirmed")
        assert carried.get("value") == reference


class TestLapsed:
    """A filing whose hold or protection is over: said before it becomes a natural visit (RE-2.9, RE-2.10, RE-Q8)."""

    #: The hold of seven days ends with the last second of 14 April at the site.
    OVER = NINE.replace(hour=16) + timedelta(days=7)

    def test_it_is_asked_about_with_when_it_ended_and_what_can_be_done(
        self, app: Flask, at_work: At, filed: Any
    ) -> None:
        reference, rui = filed(), at_work("rui")
        with clock.set_to(self.OVER - SECOND):
            assert press(at_work("rui"), filed()).status_code == 303, "not yet over"
        with clock.set_to(self.OVER):
            words = text_of(assert_page(press(rui, reference), 409))
        assert "报备已到期" in words and "保护止于 2026-04-14 23:59" in words and "期内没有到访" in words
        assert "现在就可以重新报备" in words and "2026-04-15 01:00:00 起到访算数" in words
        assert all(clause in words for clause in ("RE-2.9", "RE-Q8", "RE-2.2", "RE-4.1", "RE-Q42", "RE-Q2"))
        with app.app_context():
            assert (kept(Visit), kept(CompanyRecord)) == (1, 0)
            asked = db.session.scalars(select(HistoryEntry).where(HistoryEntry.verb == "visit.lapsed_asked")).one()
            assert (asked.happened_at, asked.clause) == (self.OVER, "RE-2.9")

    def test_confirmed_it_is_natural_and_twice_it_is_one(self, app: Flask, at_work: At, filed: Any) -> None:
        reference, rui = filed(), at_work("rui")
        with clock.set_to(self.OVER):
            question = assert_page(press(rui, reference), 409)
        with clock.set_to(self.OVER + timedelta(minutes=3)):
            first, again = confirm(rui, question), confirm(rui, question)
        assert first.headers["Location"] == again.headers["Location"]
        with app.app_context():
            visit = the_visit(first.headers["Location"].rsplit("/", 1)[1])
            assert (visit.result, visit.clause) == ("natural", "RE-2.9")
            assert visit.arrived_at == self.OVER + timedelta(minutes=3)
            assert (kept(Visit), kept(CompanyRecord)) == (1, 1)

    def test_a_yes_to_lateness_is_none_to_the_end(self, app: Flask, at_work: At, filed: Any) -> None:
        reference, rui = filed(), at_work("rui")
        with clock.set_to(NINE + timedelta(minutes=20)):
            late = assert_page(press(rui, reference), 409)
        with clock.set_to(self.OVER):
            assert "报备已到期" in text_of(assert_page(confirm(rui, late), 409))
        with app.app_context():
            assert kept(Visit) == 0

    def test_filed_again_the_new_one_is_pointed_to(self, at_work: At, filed: Any, in_app: Any) -> None:
        def twice(stage: Stage) -> tuple[str, str]:
            customer = stage.customer()
            with clock.set_to(NINE):
                first = stage.file(customer=customer)
            with clock.set_to(self.OVER + HOUR):
                return first.reference, stage.file(customer=customer).reference

        old, new = in_app(twice)
        with clock.set_to(self.OVER + 3 * HOUR):
            html = assert_page(press(at_work("rui"), old), 409)
        words = text_of(html)
        assert f"请登记 {new}" in words and "现在就可以重新报备" not in words
        assert any(one.get("value") == new for one in read(html).all("input"))

    def test_of_who_may_not_file_nothing_else_is_promised(self, at_work: At, filed: Any, in_app: Any) -> None:
        reference = filed()

        def suspend(stage: Stage) -> None:
            people = stage.people
            partnership.suspend(actor=people.get("hua"), distributor=people.distributor(), reason="核查")

        in_app(suspend, NINE + 2 * HOUR)
        with clock.set_to(self.OVER):
            words = text_of(assert_page(press(at_work("rui"), reference), 409))
        assert "这家分销商现在不能报备" in words and "DM-12.1" in words and "重新报备" not in words

    def test_after_a_visit_the_end_of_the_protection_is_named(self, app: Flask, at_work: At, visited: Any) -> None:
        with app.app_context():
            registration = the_visit(visited(complete=True)).registration_id
            found = db.session.get_one(Registration, registration)
            reference, over = found.reference, found.ends_at
        rui = at_work("rui")
        with clock.set_to(over):
            words = text_of(assert_page(press(rui, reference), 409))
            assert "报备已到期" in words and "RE-2.10" in words and "期内没有到访" not in words
            answer = confirm(rui, assert_page(press(rui, reference), 409))
        with app.app_context():
            visit = the_visit(answer.headers["Location"].rsplit("/", 1)[1])
            assert (visit.result, visit.clause) == ("natural", "RE-2.4")
