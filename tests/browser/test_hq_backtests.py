"""A policy tried on what happened, in a real browser: from the draft to the result, at a desk and on a phone."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import text

from portal.models import Backtest, db
from tests.browser.conftest import EACH_LANGUAGE, sound, too_wide
from tests.browser.validate import validate
from tests.fixtures import PASSWORD
from tests.hq.test_backtests import asked, past, work, written  # noqa: F401 - a fixture
from tests.servers import PATIENCE_SECONDS

Open = Callable[..., Page]
WORDS = {
    "zh_Hans_CN": ("试算", "开始试算", "会改变归属的成交", "停止试算", "已停止试算。"),
    "en": ("Back-test", "Start the back-test", "Deals that would change owner", "Stop the back-test", "stopped"),
}


@EACH_LANGUAGE
def test_a_draft_is_tried_watched_and_read(
    signed_in: Open,
    past: dict[str, str],  # noqa: F811
    app: Flask,
    database_owner_url: str,
    size: str,
    locale: str,
) -> None:
    button, start, changed, _stop, _stopped = WORDS[locale]
    page = signed_in("ada", "/hq/policies/RE/draft", size, locale)
    page.fill("#hold__days", "4")
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.locator("#text")).to_contain_text("days: 4")
    sound(page)
    page.select_option("#project_id", label="云栖府")
    page.fill("#first_day", "2026-03-01")
    page.fill("#last_day", "2026-04-30")
    page.get_by_role("button", name=start).click()
    page.wait_for_url("**/hq/backtests/YQ-B*")
    sound(page)
    _watch(page, app, database_owner_url)
    # The page found out by itself that the run is over.
    expect(page.get_by_role("heading", name=changed)).to_be_visible()
    expect(page.locator("main")).to_contain_text(past["deal"])
    expect(page.locator("[hx-trigger]")).to_have_count(0)
    sound(page)
    page.goto("/hq/backtests")
    sound(page)


def _watch(page: Page, app: Flask, url: str) -> None:
    """Let the run be seen in the middle, where it waits for a lock, and then end."""
    held = db.create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    worker = threading.Thread(target=work, args=(app,))
    try:
        with held.begin() as lock:
            lock.execute(text("LOCK TABLE deal_events IN ACCESS EXCLUSIVE MODE"))
            worker.start()
            expect(page.locator("#progress progress")).to_have_attribute("value", "3")
            expect(page.locator("#progress")).to_contain_text("3 / 5")
            sound(page)
        worker.join(PATIENCE_SECONDS)
    finally:
        held.dispose()


@pytest.mark.parametrize("locale", ["zh_Hans_CN", "en"])
def test_a_run_is_stopped(signed_in: Open, past: dict[str, str], app: Flask, browse: Any, locale: str) -> None:  # noqa: F811
    page = signed_in("hua", "/hq/backtests", "phone", locale)
    sound(page)
    page.goto(asked(browse("hua")))
    page.get_by_role("button", name=WORDS[locale][3]).click()
    expect(page.locator("#notices")).to_contain_text(WORDS[locale][4])
    sound(page)


def test_it_is_tried_without_scripts(open_page: Open, past: dict[str, str], app: Flask) -> None:  # noqa: F811
    page = open_page("/sign-in", "phone", scripts=False)
    page.fill("[name=login]", "hua")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.goto("/hq/backtests/new")
    page.select_option("#project_id", label="云栖府")
    page.fill("#first_day", "2026-03-01")
    page.locator("main .btn-primary").click()
    expect(page.locator("#progress")).to_contain_text("在排队")
    work(app)
    page.get_by_role("link", name="看最新进度").click()
    expect(page.locator("main")).to_contain_text("什么都不会不同")
    assert too_wide(page) == []


def test_pages_of_back_tests_are_valid_html(past: dict[str, str], app: Flask, browse: Any) -> None:  # noqa: F811
    hua = browse("hua")
    found = {"new": hua.get("/hq/backtests/new").text}
    address = asked(hua, source="written", text=written(hold__days=4))
    found["waiting"] = hua.get(address).text
    work(app)
    found["done"] = hua.get(address).text
    found["list"] = hua.get("/hq/backtests").text
    with app.app_context():
        assert db.session.query(Backtest).count() == 1
    assert validate(found) == []
