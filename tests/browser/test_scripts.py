"""What the small scripts do for people: boards that refresh, keys that decide, a message that is pasted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time, timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from portal import clock
from portal.models import Project, Visit, db
from tests.browser.test_distributor_filing import MESSAGE
from tests.fixtures import People, Stage

Open = Callable[..., Page]
TURN = 16_000


def file(app: Flask, people: People, **circumstances: object) -> str:
    """A filing made two hours ago, expected today."""
    with app.app_context():
        now = clock.now()
        with clock.set_to(now - timedelta(hours=2)):
            reference = Stage(people).file(planned_visit_at=now, **circumstances).reference
        db.session.commit()
    return reference


@pytest.fixture
def board(app: Flask, people: People, signed_in: Open) -> Page:
    """Rui's board at a site that never closes, with the browser's time in our hands."""
    file(app, people)
    with app.app_context():
        db.session.execute(db.update(Project).values(opens_at=time(0, 0), closes_at=time(23, 59)))
        db.session.commit()
    page = signed_in("rui", "/me", "tablet")
    page.clock.install()
    page.goto("/site/arrivals")
    expect(page.locator("#board[data-watched]")).to_have_count(1)
    return page


def count_questions(page: Page) -> list[str]:
    """The addresses that the board asks from now on."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/site/arrivals" in request.url else None)
    return asked


def test_the_board_shows_what_came_in_meanwhile(app: Flask, people: People, board: Page) -> None:
    reference = file(app, people)
    expect(board.locator(f"form[action*='{reference}']")).to_have_count(0)
    board.clock.run_for(TURN)
    expect(board.locator(f"form[action*='{reference}']")).to_be_visible()
    again = file(app, people)
    expect(board.locator("#board[data-watched]")).to_have_count(1)
    board.clock.run_for(TURN)
    expect(board.locator(f"form[action*='{again}']")).to_be_visible()


def test_the_board_keeps_the_focus(app: Flask, people: People, signed_in: Open) -> None:
    with app.app_context():
        db.session.execute(db.update(Project).values(opens_at=time(0, 0), closes_at=time(23, 59)))
        stage = Stage(people)
        with clock.set_to(clock.now() - timedelta(hours=2)):
            registration = stage.file()
        visit = stage.arrive(registration).reference
        db.session.commit()
    page = signed_in("rui", "/me", "tablet")
    page.clock.install()
    page.goto("/site/arrivals")
    page.locator(f"#board a[href$='{visit}']").focus()
    reference = file(app, people)
    page.clock.run_for(TURN)
    expect(page.locator(f"form[action*='{reference}']")).to_be_visible()
    expect(page.locator(f"#board a[href$='{visit}']")).to_be_focused()


def test_a_board_that_is_not_answered_stays_and_asks_less_often(board: Page) -> None:
    before = board.locator("#board").inner_text()
    board.evaluate(
        "() => { window.asked = 0;"
        " window.fetch = () => { window.asked += 1; return Promise.reject(new TypeError()); }; }"
    )
    for _ in range(4):
        board.clock.run_for(TURN)
        board.wait_for_timeout(200)
    assert 1 <= board.evaluate("window.asked") <= 2  # at 15 and 45 seconds of the 64
    assert board.locator("#board").inner_text() == before


def test_a_board_whose_reader_is_signed_out_asks_once_and_stops(board: Page) -> None:
    board.context.clear_cookies()
    asked = count_questions(board)
    for _ in range(3):
        board.clock.run_for(TURN)
        board.wait_for_timeout(200)
    assert len(asked) == 1
    expect(board.locator("#board")).to_be_visible()


def audits(app: Flask, people: People, number: int) -> list[str]:
    """Signed visits that wait for their audit, the oldest first."""
    with app.app_context():
        stage = Stage(people)
        with clock.set_to(clock.now() - timedelta(hours=2)):
            filed = [stage.file() for _ in range(number)]
        found = [stage.sign(stage.arrive(registration)).reference for registration in filed]
        db.session.commit()
    return found


def unaudited(app: Flask) -> int:
    with app.app_context():
        return len(db.session.scalars(db.select(Visit.id).where(Visit.audited_at.is_(None))).all())


def test_j_and_k_walk_through_the_audits(app: Flask, people: People, signed_in: Open) -> None:
    first, second = audits(app, people, 2)
    page = signed_in("bo", f"/site/audits/{first}", "desk")
    page.keyboard.press("j")
    page.wait_for_url(f"**/site/audits/{second}")
    page.keyboard.press("k")
    page.wait_for_url(f"**/site/audits/{first}")


@pytest.mark.parametrize("chord", ["Control+p", "Alt+p", "Meta+p"])
def test_a_chord_of_the_browser_decides_nothing(app: Flask, people: People, signed_in: Open, chord: str) -> None:
    page = signed_in("bo", f"/site/audits/{audits(app, people, 1)[0]}", "desk")
    page.evaluate("window.print = () => {}")
    page.keyboard.press(chord)
    page.wait_for_timeout(300)
    assert unaudited(app) == 1


def test_typing_a_reason_decides_nothing(app: Flask, people: People, signed_in: Open) -> None:
    page = signed_in("bo", f"/site/audits/{audits(app, people, 1)[0]}", "desk")
    page.locator("#reason").focus()
    page.keyboard.type("jkpf")
    expect(page.locator("#reason")).to_have_value("jkpf")
    assert unaudited(app) == 1


def test_keys_that_are_turned_off_stay_off_until_turned_on(app: Flask, people: People, signed_in: Open) -> None:
    visit = audits(app, people, 1)[0]
    page = signed_in("bo", f"/site/audits/{visit}", "desk")
    switch = page.locator("[data-keys-switch]")
    expect(switch).to_have_attribute("aria-pressed", "true")
    switch.click()
    expect(switch).to_have_attribute("aria-pressed", "false")
    page.reload()
    expect(switch).to_have_attribute("aria-pressed", "false")
    page.locator("h1").click()
    page.keyboard.press("p")
    page.wait_for_timeout(300)
    assert unaudited(app) == 1
    switch.click()
    with page.expect_navigation():
        page.keyboard.press("p")
    assert unaudited(app) == 0


@pytest.fixture
def paste_page(signed_in: Open, people: People) -> Page:
    """Ana's page for a message, in a browser that lets it read the clipboard."""
    page = signed_in("ana", "/me", "phone")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/distributor/filings/paste")
    page.evaluate("words => navigator.clipboard.writeText(words)", MESSAGE)
    return page


def test_the_button_pastes_and_reads(paste_page: Page) -> None:
    paste_page.click("[data-paste-into]")
    paste_page.wait_for_url("**/drafts/**")
    expect(paste_page.locator("[name=name]")).to_have_value("林书航")


def test_pasting_by_hand_reads_at_once(paste_page: Page) -> None:
    paste_page.locator("#text").focus()
    paste_page.keyboard.press("Control+v")
    paste_page.wait_for_url("**/drafts/**")
    expect(paste_page.locator("[name=phone]")).to_have_value("16600003391")


def test_typing_reads_nothing_before_the_button(paste_page: Page) -> None:
    paste_page.fill("#text", MESSAGE)
    paste_page.wait_for_timeout(300)
    assert paste_page.url.endswith("/distributor/filings/paste")
    paste_page.click("[data-read]")
    paste_page.wait_for_url("**/drafts/**")


def test_a_browser_that_keeps_its_clipboard_shows_the_field(paste_page: Page) -> None:
    paste_page.evaluate("() => { navigator.clipboard.readText = () => Promise.reject(new Error('no')); }")
    paste_page.click("[data-paste-into]")
    expect(paste_page.locator("#text")).to_be_focused()
    expect(paste_page.locator("#text")).to_have_value("")


def test_the_menu_shows_where_one_is_above_who_one_is(people: People, signed_in: Open) -> None:
    page = signed_in("hua", "/hq/delegations")
    page.set_viewport_size({"width": 1440, "height": 600})
    page.reload()
    here, who = page.locator(".side [aria-current]").bounding_box(), page.locator(".side .who").bounding_box()
    assert here and who and here["y"] + here["height"] <= who["y"]
    expect(page.locator(".side .brand")).to_have_css("height", "52px")
