"""A case from the report to the decision of its appeal, each person on the device that it works on; reports without a name."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from portal import clock
from portal.models import Document, RoleGrant, User, db
from portal.services import alerts, printing, records
from tests.browser.conftest import EACH_LANGUAGE, follow, sound_everywhere
from tests.fixtures import People, Stage, password_hash

Enter = Callable[..., Page]


@pytest.fixture
def hal(app: Flask, people: People) -> str:
    """A second person at headquarters."""
    with app.app_context():
        person = User(login="hal", name="何励", password_hash=password_hash(), created_at=clock.now())
        person.grants = [RoleGrant(role="hq_channel")]
        db.session.add(person)
        db.session.commit()
    return "hal"


def print_all(app: Flask) -> None:
    """As the worker does."""
    with app.app_context():
        for number in db.session.scalars(db.select(Document.id).where(Document.state == "waiting")).all():
            printing.print_now(document_id=number, now=clock.now())
        db.session.commit()


def look(page: Page, name: str) -> None:
    """Nothing is too wide, nothing shut out; a picture where one is asked for."""
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=f"{folder}/flow-{name}.png", full_page=True)
    sound_everywhere(page)


def send(page: Page, act: str) -> None:
    """Press the button of the form that ends in ``act``."""
    page.click(f"form[action$='{act}'] button")
    page.wait_for_load_state()


def fetch(page: Page, words: str) -> bytes:
    """The PDF behind the link."""
    address = page.locator(f"main a:has-text('{words}')").first.get_attribute("href")
    answer = page.request.get(str(address))
    assert answer.ok
    return answer.body()


def test_report_explain_confirm_notice_appeal_decision(app: Flask, signed_in: Enter, hal: str) -> None:
    kit = signed_in("kit", "/hq/findings/new", "tablet")
    kit.check("[name=kind][value=interception]", force=True)
    kit.select_option("[name=project]", label="云栖府")
    kit.select_option("[name=distributor]", label="甲渠道")
    kit.fill("[name=place]", "30.27535, 120.15676")
    kit.fill("[name=summary]", "在公交站口拦下前来看房的客户")
    look(kit, "1-report")
    kit.click("main form button[type=submit]")
    expect(kit.locator(".note.ok")).to_contain_text("已记录")

    hua = signed_in("hua", "/hq/findings")
    hua.click("main ul.inbox a")
    send(hua, "/taken-up")
    hua.fill("form[action$='/question'] textarea", "请说明当天在场的经纪人和经过")
    send(hua, "/question")
    look(hua, "2-asked")
    case = hua.url

    print_all(app)
    olga = signed_in("olga", "/distributor/findings", "phone")
    follow(olga.locator("main ul.inbox a").first)
    assert fetch(olga, "说明通知书 PDF").startswith(b"%PDF")
    olga.fill("[name=answer]", "当天我司经纪人去接自己预约的客户")
    look(olga, "3-explain")
    send(olga, "/explanation")
    expect(olga.locator("main")).to_contain_text("当天我司经纪人去接自己预约的客户")

    hua.goto(case)
    hua.fill("form[action$='/verdict'] textarea", "录像与客户笔录一致")
    hua.click("form[action$='/verdict'] button[value=yes]")
    hua.fill("form[action$='/fine/decision'] textarea", "第一次认定")
    look(hua, "4-found")
    hua.click("form[action$='/fine/decision'] button[value=yes]")
    expect(hua.locator("main")).to_contain_text("正在打印")
    print_all(app)

    olga.reload()
    assert fetch(olga, "处罚通知书 PDF").startswith(b"%PDF")
    look(olga, "5-notice")
    send(olga, "/receipt")
    olga.click("#sanctions details summary")
    olga.fill("[name=statement]", "当天在场的不是我司的人，附考勤")
    send(olga, "/appeal")
    expect(olga.locator("#sanctions")).to_contain_text("申诉中")

    hua.goto(case)
    expect(hua.locator("main")).to_contain_text("申诉由没有经办过的同事决定")
    second = signed_in(hal, urlsplit(case).path, locale="en")
    second.fill("form[action$='/appeal-decision'] textarea", "考勤与录像时间不符，维持")
    look(second, "6-appeal")
    second.click("form[action$='/appeal-decision'] button[value=yes]")
    expect(second.locator("main")).to_contain_text("Upheld")
    olga.reload()
    expect(olga.locator("#sanctions")).to_contain_text("考勤与录像时间不符，维持")
    look(olga, "7-upheld")


@pytest.mark.parametrize(
    ("size", "locale", "scripts"),
    [("phone", "zh_Hans_CN", False), ("desk", "en", True), ("phone", "zh_Hans_CN", True)],
)
def test_reporting_without_a_name_and_asking_again(
    people: People, open_page: Enter, size: str, locale: str, scripts: bool
) -> None:
    page = open_page("/report", size, locale, scripts)
    if scripts:
        look(page, f"8-nameless-{size}")
    page.click("label[for=kind-3]")
    page.select_option("[name=project]", value="YQ")
    page.fill("[name=about]", "销售二组姓周的")
    page.fill("[name=summary]", "把自己走进来的客户交给分销商")
    page.click("main form button[type=submit]")
    expect(page.locator("main")).to_contain_text(re.compile(r"YQ-F\d{4}"))
    shown = page.locator("main").inner_text()
    number, code = re.search(r"YQ-F\d{4}-\w{6}", shown), re.search(r"^\w{4}-\w{4}-\w{4}$", shown, re.M)
    assert number and code
    if scripts:
        look(page, f"9-sent-{size}")
    page.goto("/report/state")
    page.fill("[name=reference]", number[0])
    page.fill("[name=code]", code[0])
    page.click("main form button[type=submit]")
    expect(page.locator(".note.ok")).to_be_visible()
    if scripts:
        look(page, f"10-state-{size}")


@EACH_LANGUAGE
def test_alerts_are_read_and_become_cases(
    app: Flask, people: People, stage: Stage, signed_in: Enter, size: str, locale: str
) -> None:
    with app.app_context():
        customer, project, now = stage.customer(), people.project(), clock.now()
        with clock.set_to(now - timedelta(minutes=9)):
            records.record_customer(actor=people.get("rui"), project=project, source="natural", customer=customer)
        with clock.set_to(now - timedelta(minutes=8)):
            stage.file("ana", customer)
        alerts.sweep(now)
        db.session.commit()
    page = signed_in("hua", "/hq/alerts", size, locale)
    look(page, f"11-alerts-{size}")
    page.click("main .panel a.btn")
    expect(page.locator("[name=about]")).to_have_value(re.compile("^YQ-"))
    expect(page.locator("[name=persons]")).to_have_value("王若楠")
    page.fill("[name=team]", "前台")
    look(page, f"12-from-alert-{size}")
    page.click("main form button[type=submit]")
    expect(page.locator("h1")).to_contain_text("YQ-F")
    page.goto("/hq/alerts?show=closed")
    expect(page.locator("main")).to_contain_text("YQ-F")
