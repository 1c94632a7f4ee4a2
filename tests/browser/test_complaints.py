"""A complaint in a browser, from the public form through the service to closed; the screens at three sizes."""

from __future__ import annotations

import os
import re
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from portal.models import Complaint, db
from tests.browser.conftest import EACH_LANGUAGE
from tests.browser.test_care import look
from tests.caring import answered_complaint
from tests.fixtures import People

Open = Callable[..., Page]


def shot(page: Page, name: str) -> None:
    """A picture where SHOTS says so."""
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def choose(page: Page, field: str, value: str) -> None:
    """Click the label of a radio button."""
    button = page.locator(f"input[name='{field}'][value='{value}']").get_attribute("id")
    page.locator(f"label[for='{button}']").click()


@pytest.mark.parametrize("scripts", [True, False])
def test_from_the_public_form_to_closed(
    app: Flask, people: People, open_page: Open, signed_in: Open, scripts: bool
) -> None:
    outside = open_page("/complain", "phone", scripts=scripts)
    choose(outside, "about", "distributor")
    outside.fill("[name=who]", "甲渠道的小陈")
    outside.select_option("[name=project]", "YQ")
    outside.fill("[name=facts]", "约好十点带看，等到十二点没有人来")
    outside.fill("[name=name]", "周女士")
    outside.fill("[name=phone]", "138 0000 0001")
    outside.click("main form button[type=submit]")
    outside.wait_for_selector("text=已收到投诉")
    shot(outside, "complaint-phone-sent")
    reference, code = (item.inner_text() for item in outside.locator("dd.mono b").all())

    kit = signed_in("kit", "/", "desk", scripts=scripts)
    kit.click(f"text={reference}")
    expect(kit.locator("main")).to_contain_text("138****0001")
    kit.select_option("[name=distributor]", "D-0001")
    kit.click("text=受理，由我办理")
    kit.locator("input[name=members]").first.check()
    shot(kit, "complaint-desk-group")
    kit.click("text=成立小组，开始调查")
    kit.fill("[name=inquiry]", "问过经纪人，确实记错了时间")
    choose(kit, "outcome", "upheld")
    kit.fill("[name=answer]", "已换一位经纪人，并向您道歉")
    kit.fill("[name=partner_note]", "请提醒经纪人守时")
    shot(kit, "complaint-desk-outcome")
    kit.click("text=给出结论")
    choose(kit, "by", "page")
    kit.click("#acts button[type=submit]")
    kit.wait_for_selector("text=现在不能")

    rate(outside, reference, code, "2", "no", "还没有新的经纪人联系我")
    kit.reload()
    expect(kit.locator("main")).to_contain_text("不满意，重新办理")
    kit.click("text=成立小组，开始调查")
    kit.fill("[name=inquiry]", "新经纪人今天上午已联系")
    choose(kit, "outcome", "upheld")
    kit.fill("[name=answer]", "新的经纪人已与您约定周六带看")
    kit.click("text=给出结论")
    choose(kit, "by", "phone")
    kit.click("#acts button[type=submit]")
    kit.wait_for_selector("text=现在不能")

    rate(outside, reference, code, "5", "yes", "")
    kit.reload()
    kit.click("#acts button[type=submit]")
    choose(kit, "cause", "partner")
    kit.fill("[name=measures]", "约看前一小时系统提醒经纪人")
    kit.click("text=记下原因和措施")
    kit.wait_for_selector("text=第 2 次调查")
    shot(kit, "complaint-desk-closed")
    with app.app_context():
        assert db.session.query(Complaint).one().state == "analysed"


def rate(page: Page, reference: str, code: str, mark: str, settled: str, opinion: str) -> None:
    """Look the answer up with number and code, and rate it."""
    page.goto("/complain/answer")
    page.fill("[name=reference]", reference)
    page.fill("[name=code]", code)
    page.click("main form button[type=submit]")
    choose(page, "satisfaction", mark)
    choose(page, "settled", settled)
    page.fill("[name=opinion]", opinion)
    shot(page, f"complaint-phone-answer-{mark}")
    page.click("text=提交评价")
    page.wait_for_selector("text=已记下您的评价")


@EACH_LANGUAGE
def test_the_services_pages_fit(app: Flask, people: People, signed_in: Open, size: str, locale: str) -> None:
    with app.app_context():
        reference = answered_complaint(people).reference
        db.session.commit()
    page = signed_in("kit", "/hq/complaints", size, locale)
    places = ("/hq/complaints", f"/hq/complaints/{reference}", "/hq/complaints/new", "/hq/complaints/causes")
    look(page, places, f"complaints-{size}-{locale}")


@EACH_LANGUAGE
def test_the_distributors_and_the_public_pages_fit(
    app: Flask, people: People, signed_in: Open, open_page: Open, size: str, locale: str
) -> None:
    with app.app_context():
        reference = answered_complaint(people).reference
        db.session.commit()
    own = signed_in("ana", "/distributor/complaints", size, locale)
    places = ("/distributor/complaints", f"/distributor/complaints/{reference}", "/distributor/complaints/new")
    look(own, places, f"own-complaints-{size}-{locale}")
    look(open_page("/complain", size, locale), ("/complain", "/complain/answer"), f"public-complaints-{size}-{locale}")


def test_reception_takes_one_down_on_the_tablet(app: Flask, people: People, signed_in: Open) -> None:
    page = signed_in("rui", "/hq/complaints/new", "tablet")
    look(page, ("/hq/complaints/new",), "complaint-tablet-new")
    choose(page, "channel", "on_site")
    choose(page, "about", "staff")
    page.fill("[name=facts]", "样板间没有人接待")
    page.click("main form button[type=submit]")
    expect(page.locator("main")).to_contain_text(re.compile(r"TS-\d{4}-\w{6}"))
    shot(page, "complaint-tablet-recorded")
