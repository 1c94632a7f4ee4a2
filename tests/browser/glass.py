"""Signing a contract on the glass of a phone, as its owner does it: a code, a duty, a hand."""

from __future__ import annotations

from flask import Flask
from playwright.sync_api import Page, expect

from tests import contracting


def write(page: Page) -> None:
    """A hand on the glass, once it takes what is written."""
    expect(page.locator("form[data-signature][data-started]")).to_have_count(1)
    box = page.locator("canvas").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 30, box["y"] + 60)
    page.mouse.down()
    for step in range(1, 9):
        page.mouse.move(box["x"] + 30 + 25 * step, box["y"] + 60 + (20 if step % 2 else -20))
    page.mouse.up()


def sign_contract(app: Flask, page: Page) -> None:
    """Sign the contract whose page is open."""
    fill_and_draw(app, page)
    page.get_by_role("button", name="签署合同").click()
    expect(page.get_by_text("已签署。")).to_be_visible()


def fill_and_draw(app: Flask, page: Page) -> None:
    """Everything that the contract whose page is open asks for, but the last press."""
    page.get_by_role("button", name="发送验证码").click()
    expect(page.get_by_text("验证码已发出。")).to_be_visible()
    with app.app_context():
        code = contracting.last_code()
    page.get_by_label("验证码", exact=True).fill(code)
    page.get_by_label("您的职务").fill("总经理")
    page.get_by_label("我已阅读全文和附件").check()
    page.locator("canvas").scroll_into_view_if_needed()
    write(page)
