"""A contract is signed on the glass of a phone: read, a code, a hand, and the filing page opens."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from portal import clock
from portal.models import Document, db
from portal.queries import contracts
from portal.services import printing
from tests import contracting
from tests.browser.conftest import EACH_LANGUAGE, sound_everywhere
from tests.browser.glass import fill_and_draw, sign_contract
from tests.fixtures import People


@pytest.fixture
def waiting(app: Flask, people: People) -> str:
    """The company has signed 甲渠道's first contract; Olga has not."""
    with app.app_context():
        contracting.without_contracts(people)
        people.get("olga").phone = contracting.PHONE
        contract = contracting.open_to_sign(people)
        contracting.sign_company(people, contract)
        db.session.commit()
        return contract.reference


def test_signed_on_a_phone(app: Flask, signed_in: Callable[..., Page], waiting: str) -> None:
    page = signed_in("olga", f"/distributor/contracts/{waiting}", "phone")
    sign_contract(app, page)
    with app.app_context():
        found = contracts.find(waiting)
        assert found is not None and found.state == "signed"
        paper = db.session.scalars(db.select(Document).where(Document.kind == "contract_signed")).one()
        printing.print_now(document_id=paper.id, now=clock.now())
        db.session.commit()
    page.reload()
    expect(page.get_by_text("数字签名有效，文件没有改动。")).to_be_visible()
    expect(page.get_by_role("link", name="签好的合同")).to_be_visible()
    page.goto("/distributor/filings/new")
    expect(page.locator("#filing")).to_be_visible()


def test_a_mistake_keeps_what_was_typed_and_drawn(app: Flask, signed_in: Callable[..., Page], waiting: str) -> None:
    page = signed_in("olga", f"/distributor/contracts/{waiting}", "phone")
    page.get_by_role("link", name="读完去签署").click()
    fill_and_draw(app, page)
    page.locator("#title").fill("")
    page.get_by_role("button", name="签署合同").click()
    expect(page.get_by_text("请填写您的职务。")).to_be_in_viewport()
    expect(page.locator("#title")).to_be_focused()
    expect(page.locator("#code")).not_to_have_value("")
    expect(page.locator("[data-clear]")).to_be_visible()
    page.locator("#title").fill("总经理")
    page.get_by_role("button", name="签署合同").click()
    expect(page.get_by_text("已签署。")).to_be_visible()


def test_an_empty_pad_signs_nothing(signed_in: Callable[..., Page], waiting: str) -> None:
    page = signed_in("olga", f"/distributor/contracts/{waiting}", "phone")
    page.get_by_role("button", name="签署合同").click()
    expect(page.get_by_text("还没有写")).to_be_visible()


@EACH_LANGUAGE
def test_the_pages_fit(signed_in: Callable[..., Page], waiting: str, size: str, locale: str) -> None:
    paths = {
        "hua": ["/hq/contracts", f"/hq/contracts/{waiting}", "/hq/distributors/D-0001/contracts/new"],
        "ada": ["/hq/distributors/D-0001/contracts/paper", "/hq/contract-templates/standard/1"],
        "olga": ["/distributor/contracts", f"/distributor/contracts/{waiting}"],
    }
    for who, found in paths.items():
        page = signed_in(who, found[0], size, locale)
        for number, path in enumerate(found):
            page.goto(path, wait_until="networkidle")
            if os.environ.get("JIEDING_SHOTS"):
                name = f"contract-{who}-{number}-{size}-{locale}.png"
                page.screenshot(path=f"{os.environ['JIEDING_SHOTS']}/{name}", full_page=True)
            sound_everywhere(page)
