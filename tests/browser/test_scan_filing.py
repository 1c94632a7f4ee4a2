"""The QR code of a filing held before the camera: Chromium's fake camera shows it, the page reads it and finds the filing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import segno
from flask import Flask
from playwright.sync_api import Page, Playwright, expect

from portal import clock
from portal.models import db
from tests.browser.conftest import ARGUMENTS, until_true
from tests.fixtures import PASSWORD, People, Stage

WIDTH, HEIGHT, DOT = 640, 480, 12


@pytest.fixture
def reference(app: Flask, people: People) -> str:
    """The number of a filing made two hours ago."""
    with app.app_context(), clock.set_to(clock.now() - timedelta(hours=2)):
        number = Stage(people).file().reference
        db.session.commit()
    return number


def film(words: str, path: Path) -> Path:
    """One frame of a grey wall with the code in its middle, if there are words, as the camera sees it (YUV4MPEG2, 4:2:0)."""
    rows = () if not words else tuple(segno.make(words, error="m", micro=False).matrix_iter(border=4))
    picture = bytearray(b"\xa0" * (WIDTH * HEIGHT))
    left, top = (WIDTH - len(rows) * DOT) // 2, (HEIGHT - len(rows) * DOT) // 2
    for y, row in enumerate(rows):
        line = b"".join((b"\x20" if dark else b"\xeb") * DOT for dark in row)
        for step in range(DOT):
            start = (top + y * DOT + step) * WIDTH + left
            picture[start : start + len(line)] = line
    colourless = b"\x80" * (WIDTH * HEIGHT // 2)
    path.write_bytes(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F15:1 Ip A1:1 C420\n".encode() + b"FRAME\n" + picture + colourless)
    return path


@pytest.fixture
def desk(driver: Playwright, chromium_path: str, address: str, tmp_path: Path) -> Callable[[str], Page]:
    """``desk("words")``: Rui's arrivals in a Chromium whose camera sees a code with these words."""
    opened = []

    def open_desk(words: str) -> Page:
        seen = film(words, tmp_path / "camera.y4m")
        camera = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
        browser = driver.chromium.launch(
            executable_path=chromium_path, args=[*ARGUMENTS, *camera, f"--use-file-for-fake-video-capture={seen}"]
        )
        opened.append(browser)
        page = browser.new_context(base_url=address, locale="zh-CN", viewport={"width": 1024, "height": 768}).new_page()
        page.goto("/sign-in")
        page.fill("[name=login]", "rui")
        page.fill("[name=password]", PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_url("**/site/arrivals*")
        return page

    yield open_desk  # type: ignore[misc]
    for browser in opened:
        browser.close()


def test_the_camera_reads_the_code_and_the_filing_is_found(desk: Callable[[str], Page], reference: str) -> None:
    page = desk(reference)
    scripts: list[str] = []
    page.on("console", lambda said: scripts.append(said.text) if said.type == "error" else None)
    page.click("[data-scan-into]")
    page.wait_for_url("**/arrivals/find*")
    expect(page.locator(f"form[action='/site/filings/{reference}/arrivals']")).to_be_visible()
    expect(page.locator("#q")).to_have_value(reference)
    assert scripts == []  # the page's own policy lets the decoder in


def test_a_code_of_something_else_finds_nothing_and_says_so(desk: Callable[[str], Page], reference: str) -> None:
    page = desk("MENU OF THE CANTEEN")
    page.click("[data-scan-into]")
    page.wait_for_url("**/arrivals/find*")
    expect(page.locator("main")).to_contain_text("没有找到")


def test_the_camera_is_let_go_when_the_dialog_closes(desk: Callable[[str], Page], reference: str) -> None:
    page = desk("")
    page.click("[data-scan-into]")
    until_true(page, "document.querySelector('dialog video').srcObject !== null")
    page.click("[data-scan-stop]")
    until_true(page, "document.querySelector('dialog video').srcObject === null")
    expect(page.locator("dialog[data-scanner]")).to_be_hidden()


def test_without_a_camera_the_number_is_typed(open_page: Callable[..., Page], people: People, reference: str) -> None:
    page = open_page("/sign-in", "tablet")
    page.fill("[name=login]", "rui")
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/site/arrivals*")
    expect(page.locator("[data-scan-into]")).to_be_hidden()
    page.fill("#q", reference)
    page.keyboard.press("Enter")
    expect(page.locator(f"form[action='/site/filings/{reference}/arrivals']")).to_be_visible()
