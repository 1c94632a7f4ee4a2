"""Two findings, a blacklisting, and the broker whose page was open all the time (RE-5.3, RE-5.4, RE-Q34)."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from portal.models import db
from tests.browser.conftest import sound, sound_everywhere
from tests.fixtures import Stage
from worker.jobs.enforcements import carry_out

Enter = Callable[..., Page]


@pytest.fixture
def filed(app: Flask, stage: Stage) -> None:
    """One customer of Ana's with Ben's filing behind it."""
    with app.app_context():
        customer = stage.customer()
        stage.file("ana", customer)
        stage.file("ben", customer)
        db.session.commit()


def report(kit: Page, summary: str) -> None:
    kit.goto("/hq/findings/new")
    kit.check("[name=kind][value=interception]", force=True)
    kit.select_option("[name=project]", label="云栖府")
    kit.select_option("[name=distributor]", label="甲渠道")
    kit.fill("[name=summary]", summary)
    kit.fill("[name=place]", "30.27535, 120.15676")
    kit.click("main form:not([role=search]) button[type=submit]")
    kit.wait_for_load_state()


def find(hua: Page, summary: str) -> None:
    """Open the newest case, find it, confirm all that is proposed."""
    hua.goto("/hq/findings")
    hua.click("main ul.inbox a")
    hua.fill("form[action$='/verdict'] textarea", f"照片与笔录一致：{summary}")
    hua.click("form[action$='/verdict'] button[value=yes]")
    hua.wait_for_load_state()


def confirm(hua: Page, sanction: str) -> None:
    form = f"form[action$='/sanctions/{sanction}/decision']"
    hua.fill(f"{form} textarea", "依规则确认")
    hua.click(f"{form} button[value=yes]")
    hua.wait_for_load_state()


def shot(page: Page, name: str) -> None:
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def test_after_the_second_finding_the_open_page_answers_that_the_cooperation_has_ended(
    app: Flask, filed: None, signed_in: Enter
) -> None:
    ana = signed_in("ana", "/distributor/filings/new", "phone")
    waiting = signed_in("olga", "/distributor/filings/new", "phone")
    kit, hua = signed_in("kit", "/hq/findings/new", "desk"), signed_in("hua", "/hq/findings", "desk")
    report(kit, "第一次在路口拦客")
    find(hua, "第一次")
    confirm(hua, "fine")
    expect(hua.locator("main")).to_contain_text("第 1 次")
    report(kit, "第二次在路口拦客")
    find(hua, "第二次")
    expect(hua.locator("main")).to_contain_text("第 2 次")
    ana.click("a[href='/distributor/customers']:visible")
    expect(ana.locator("main")).not_to_contain_text("合作已终止")
    confirm(hua, "blacklist")
    ana.click("main a[href^='/distributor/customers/']:visible")
    expect(ana.locator("h1")).to_have_text("合作已终止")
    expect(ana.locator("main")).to_contain_text("RE-5.4")
    shot(ana, "ended")
    sound(ana)
    # A field that asks the portal about itself leads there too, without a click.
    waiting.fill("[name=phone]", "13900001111")
    waiting.locator("[name=phone]").dispatch_event("change")
    expect(waiting.locator("h1")).to_have_text("合作已终止")
    read_what_was_done(app, hua)


def read_what_was_done(app: Flask, hua: Page) -> None:
    """From the distributor's page to the enforcement; while the worker has not come its steps are open, then they close."""
    hua.goto("/hq/distributors/D-0001")
    hua.click("a[href='/hq/enforcements/ZX-0001']")
    expect(hua.locator("#steps")).to_contain_text("进行中")
    with app.app_context():
        carry_out(1)
    expect(hua.locator("#steps")).not_to_contain_text("进行中")
    expect(hua.locator("#steps")).to_contain_text("后面的报备递补")
    expect(hua.locator("aside")).to_contain_text("YQ-F")
    for width, height in ((1440, 900), (390, 844)):
        hua.set_viewport_size({"width": width, "height": height})
        hua.goto("/hq/enforcements/ZX-0001?effect=moved_up")
        shot(hua, f"enforcement-{width}")
        sound_everywhere(hua)
        hua.goto("/hq/enforcements")
        shot(hua, f"enforcements-{width}")
        sound_everywhere(hua)
