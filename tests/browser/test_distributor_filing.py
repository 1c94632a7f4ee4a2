"""A broker's day on a phone, in both languages: file by hand, file by paste, receipt, list, customer, extension."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from portal import clock
from portal.models import db
from portal.services import classification
from tests.browser.conftest import EACH_LANGUAGE, follow, sound, sound_everywhere
from tests.fixtures import People, Stage

LOCALES = pytest.mark.parametrize("locale", ["zh_Hans_CN", "en"])
MESSAGE = "云栖府报备\n客户：林书航先生 16600003391\n明天下午3点到访，夫妇两位\n上海来的 橘灯房产 陈立"
SUBMIT, RECEIPT = ".act-bar button", re.compile(r"/filings/YQ-[\w-]+/receipt$")


@pytest.fixture
def ana(people: People, signed_in: Callable[..., Page]) -> Callable[..., Page]:
    """``ana("en", "phone")``: a browser in which Ana is signed in, with her first page open."""

    def begin(locale: str, size: str = "phone", scripts: bool = True) -> Page:
        return signed_in("ana", "/distributor/", size, locale, scripts)

    return begin


@pytest.fixture
def bulk(app: Flask, stage: Stage) -> str:
    """The number of a bulk customer of Ana's that is protected for five more days."""
    with app.app_context():
        now = clock.now()
        with clock.set_to(now - timedelta(days=41)):
            registration = stage.file(customer=stage.customer(name="谢雨桐", phone="+8615800002737"))
        with clock.set_to(now - timedelta(days=40)):
            stage.complete(stage.sign(stage.arrive(registration)))
            classification.classify(actor=stage.people.get("bo"), registration=registration, bulk=True, reason="整层")
        db.session.commit()
        return registration.reference


def fill(page: Page) -> None:
    page.select_option("[name=project]", "YQ")
    page.fill("[name=name]", "黄维")
    page.fill("[name=phone]", "139 0000 7716")
    agree(page)


def agree(page: Page) -> None:
    page.check("[name=declared]")
    page.check("[name=told]")


@LOCALES
def test_a_customer_is_filed_by_hand(ana: Callable[..., Page], locale: str) -> None:
    page = ana(locale)
    follow(page.locator(".tabs a.main-act"))
    sound(page)
    fill(page)
    page.click(SUBMIT)
    page.wait_for_url(RECEIPT)
    expect(page.locator("svg.qr")).to_be_visible()
    expect(page.locator("#slip[data-poll]")).to_have_count(1)
    sound(page)
    page.goto("/distributor/filings/new")
    fill(page)
    page.click(SUBMIT)
    expect(page.locator("#main .note.bad .clause")).to_be_visible()
    expect(page.locator("[name=phone]")).to_have_value("139 0000 7716")


def test_a_lost_connection_is_said_and_leaves_what_was_typed(ana: Callable[..., Page]) -> None:
    page = ana("zh_Hans_CN")
    page.goto("/distributor/filings/new")
    fill(page)
    page.context.set_offline(True)
    page.click(SUBMIT)
    expect(page.locator("#notices .note")).to_be_in_viewport()
    expect(page.locator("[name=phone]")).to_have_value("139 0000 7716")
    page.context.set_offline(False)
    page.click(SUBMIT)
    page.wait_for_url(RECEIPT)


@LOCALES
def test_a_wrong_number_is_said_when_the_field_is_left(ana: Callable[..., Page], locale: str) -> None:
    page = ana(locale)
    page.goto("/distributor/filings/new")
    page.fill("[name=phone]", "139****7716")
    page.press("[name=phone]", "Tab")
    expect(page.locator("#phone-error .invalid-note")).to_be_visible()
    page.fill("[name=phone]", "13900007716")
    page.press("[name=phone]", "Tab")
    expect(page.locator("#phone-error .invalid-note")).to_have_count(0)


def test_what_a_choice_makes_needless_is_put_away(ana: Callable[..., Page]) -> None:
    page = ana("zh_Hans_CN")
    page.goto("/distributor/filings/new")
    expect(page.locator("[name=place]")).to_be_hidden()
    page.click("label[for=residence-1]")
    expect(page.locator("[name=place]")).to_be_visible()
    page.select_option("[name=project]", "YQ")
    expect(page.locator("#lead .when-away")).to_be_visible()
    expect(page.locator("#lead .when-local")).to_be_hidden()


@LOCALES
def test_a_customer_is_filed_by_paste(ana: Callable[..., Page], locale: str) -> None:
    page = ana(locale)
    page.goto("/distributor/filings/paste")
    page.fill("[name=text]", MESSAGE)
    page.click(SUBMIT)
    page.wait_for_url(re.compile("/drafts/"))
    expect(page.locator("[name=name]")).to_have_value("林书航")
    expect(page.locator("[name=phone]")).to_have_value("16600003391")
    expect(page.locator(".got").nth(4)).to_be_visible()
    sound(page)
    agree(page)
    page.click(SUBMIT)
    page.wait_for_url(RECEIPT)


def test_everything_works_without_scripts(ana: Callable[..., Page]) -> None:
    page = ana("zh_Hans_CN", scripts=False)
    page.goto("/distributor/filings/new")
    fill(page)
    page.click(SUBMIT)
    page.wait_for_url(RECEIPT)


@EACH_LANGUAGE
def test_lists_and_pages_are_readable_at_every_width(
    ana: Callable[..., Page], bulk: str, locale: str, size: str
) -> None:
    page = ana(locale, size)
    for path in ("", "customers", f"customers/{bulk}", f"customers/{bulk}/extension", "drafts", "customers?q=zzz"):
        page.goto(f"/distributor/{path}")
        sound_everywhere(page)


@LOCALES
def test_an_extension_is_asked_for(ana: Callable[..., Page], bulk: str, locale: str) -> None:
    page = ana(locale)
    page.click(f"a[href$='{bulk}/extension']")
    page.fill("[name=reason]", "客户集团采购流程长")
    page.click(SUBMIT)
    page.wait_for_url(re.compile(f"/customers/{bulk}$"))
    expect(page.locator(".head .chip.waiting")).to_be_visible()


def test_a_customer_is_found_from_the_list(ana: Callable[..., Page], bulk: str) -> None:
    page = ana("zh_Hans_CN")
    page.goto("/distributor/customers")
    page.fill("[name=q]", "2737")
    page.press("[name=q]", "Enter")
    page.click(f"a.cover[href$='{bulk}']")
    expect(page.locator("h1")).to_contain_text("谢雨桐 158****2737")
