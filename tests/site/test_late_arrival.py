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
from portal.models import CompanyRecord, HistoryEntry, Visit, db
from portal.services import policies
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
        assert_page(press(rui, other, late_confirmed=one), 409)
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
            answer = rui.post("/site/arrivals/unfiled", form | {"late_confirmed": reference})
        with app.app_context():
            visit = the_visit(answer.headers["Location"].rsplit("/", 1)[1])
            assert visit.registration_id == the_registration(reference).id and visit.result == "natural"

    def test_the_form_of_the_question_carries_the_confirmation(self, at_work: At, form: dict[str, str]) -> None:
        reference, rui = form.pop("reference"), at_work("rui")
        with clock.set_to(NINE + timedelta(minutes=20)):
            page = read(assert_page(rui.post("/site/arrivals/unfiled", form), 409))
        carried = next(one for one in page.all("input") if one.get("name") == "late_confirmed")
        assert carried.get("value") == reference
