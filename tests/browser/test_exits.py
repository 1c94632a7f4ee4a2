"""An exit in a browser, from the request on the phone to the closed file, and its screens at three sizes in both languages."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from portal import clock
from portal.models import Distributor, Exit, db
from portal.rules.exits import earliest_day
from portal.services import exit_duties, exits
from portal.wording.times import PORTAL_ZONE
from tests.browser.conftest import EACH_LANGUAGE, sound_everywhere
from tests.fixtures import People, Stage

Browser = Callable[..., Page]


def the_exit() -> Exit:
    return db.session.query(Exit).one()


def sign(page: Page) -> None:
    """Write something on the pad and confirm it."""
    page.locator("form.sig canvas").scroll_into_view_if_needed()
    box = page.locator("form.sig canvas").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 20, box["y"] + 40)
    page.mouse.down()
    for step in range(12):
        page.mouse.move(box["x"] + 20 + step * 14, box["y"] + 40 + (step % 3) * 15)
    page.mouse.up()
    page.locator("form.sig button[type=submit]").click()


def shot(page: Page, name: str) -> None:
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def check(page: Page, name: str) -> None:
    """Nothing is cut off, and nobody is left out."""
    shot(page, name)
    sound_everywhere(page)


def test_from_the_request_to_the_closed_file(app: Flask, people: People, signed_in: Browser) -> None:
    with app.app_context():
        day = earliest_day(clock.now(), PORTAL_ZONE).isoformat()
    olga = signed_in("olga", "/distributor/company", "phone")
    olga.click("#exit a.btn")
    olga.fill("[name=last_day]", day)
    olga.fill("[name=reason]", "转做其他业务")
    olga.click("button.btn-primary.btn-big")
    olga.wait_for_selector("text=待公司决定")
    hua = signed_in("hua", "/hq/exits", "desk")
    hua.click("ul.inbox a")
    hua.fill("[name=reason]", "手续齐全")
    hua.click("button[name=decision][value=yes]")
    hua.wait_for_selector("text=已同意，未到期")
    with app.app_context():
        ending = the_exit()
        ending.ends_at = clock.now()
        assert exits.take_effect(ending=ending)
        db.session.commit()
    hua.reload()
    for _duty in range(3):
        hua.locator("#duties details summary").first.click()
        hua.locator("#duties button[value=done]").first.click()
        hua.wait_for_load_state()
    hua.click("#settlement form button")
    hua.wait_for_selector("text=按现在的记录重新出具")
    olga.reload()
    sign(olga)
    olga.wait_for_selector("text=所签内容不再更改")
    hua.reload()
    hua.click("text=结案，关闭全部账号")
    hua.wait_for_selector("text=已结案")
    olga.goto("/distributor/company")
    expect(olga.locator("main")).to_contain_text("账号都已关闭")
    with app.app_context():
        assert db.session.get_one(Distributor, people.distributors["甲渠道"]).status == "closed"


@pytest.fixture
def leaving(app: Flask, people: People, stage: Stage) -> str:
    """Asked for, with two customers of whom one is to be signed over."""
    with app.app_context():
        given, _kept = stage.file("ana"), stage.file("ana")
        last_day = (clock.now() + timedelta(days=40)).date()
        ending = exits.ask_exit(actor=people.get("olga"), reason="转做其他业务", last_day=last_day)
        exit_duties.hand_over(actor=people.get("hua"), ending=ending, choice="release", references=[given.reference])
        db.session.commit()
        return ending.reference


@EACH_LANGUAGE
def test_headquarters_pages_fit(signed_in: Browser, leaving: str, size: str, locale: str) -> None:
    page = signed_in("hua", "/hq/exits", size, locale)
    for number, path in enumerate(
        ("exits", f"exits/{leaving}", "retention", "distributors/D-0001", "distributors/D-0001/terminate")
    ):
        page.goto(f"/hq/{path}")
        check(page, f"exit-hq-{size}-{locale}-{number}")


@EACH_LANGUAGE
def test_the_owners_pages_fit(
    app: Flask, people: People, signed_in: Browser, leaving: str, size: str, locale: str
) -> None:
    page = signed_in("olga", f"/distributor/exits/{leaving}", size, locale)
    check(page, f"exit-own-{size}-{locale}-asked")
    with app.app_context():
        ending, hua = the_exit(), people.get("hua")
        exits.decide_exit(actor=hua, ending=ending, approved=True, reason="手续齐全")
        ending.ends_at = clock.now()
        exits.take_effect(ending=ending)
        exit_duties.settle_up(actor=hua, ending=ending)
        db.session.commit()
    page.goto(f"/distributor/exits/{leaving}")
    check(page, f"exit-own-{size}-{locale}-left")
    hua_page = signed_in("hua", f"/hq/exits/{leaving}", size, locale)
    check(hua_page, f"exit-hq-{size}-{locale}-left")


@EACH_LANGUAGE
def test_the_form_fits(signed_in: Browser, people: People, size: str, locale: str) -> None:
    check(signed_in("olga", "/distributor/exit", size, locale), f"exit-own-{size}-{locale}-form")
