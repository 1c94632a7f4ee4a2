"""After a step the next page says what was done, to what, and who has been told of it."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient

from portal.addresses import hidden
from portal.models import db
from portal.services import breaches
from portal.services.findings import Report
from tests.fixtures import People
from tests.pages import assert_page, form_values, read
from tests.send import send

Browse = Callable[..., FlaskClient]


def _said(browser: FlaskClient, page: str) -> str:
    notes = (
        part for part in read(assert_page(browser.get(page))).all("div") if part.attributes.get("role") == "status"
    )
    return " ".join(" ".join(note.text.split()) for note in notes).strip()


def test_what_was_done_and_who_was_told(app: Flask, browse: Browse, people: People) -> None:
    with app.app_context():
        report = Report(kind="interception", summary="在路口拦下客户", distributor=people.distributor())
        found = breaches.report_breach(actor=people.get("kit"), project=people.project(), report=report)
        db.session.commit()
        page, partner = f"/hq/findings/{found.reference}", people.distributor().name
    hua = browse("hua")
    assert send(hua, f"{page}/question", question="当时在哪里？").status_code == 303
    said = _said(hua, page)
    assert said.startswith(f"{page.rsplit('/', 1)[1]} 已受理调查。 要求分销商说明，")
    assert said.endswith(f"前。已通知{partner}。")
    assert "已通知" not in _said(hua, page), "it is said once"


def test_a_step_that_nobody_is_told_of_says_so(browse: Browse, people: People) -> None:
    ada, page = browse("ada"), f"/hq/accounts/{hidden(people.users['bo'])}"
    before = form_values(assert_page(ada.get(f"{page}/change")), "seen")
    assert send(ada, f"{page}/change", **before | {"name": "何佳佳"}).status_code == 303
    said = _said(ada, page)
    assert "账号资料更改：姓名。" in said and "没有要通知的人" in said


def test_the_same_step_again_changes_nothing_and_says_so(browse: Browse, people: People) -> None:
    ada, page = browse("ada"), f"/hq/accounts/{hidden(people.users['bo'])}"
    before = form_values(assert_page(ada.get(f"{page}/change")), "seen")
    assert send(ada, f"{page}/change", **before).status_code == 303
    assert "没有新的改动。" in _said(ada, page)
