"""The first visit in a real browser: found and signed at the tablet, audited at the desk, signed off on the phone, entered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from PIL import Image
from playwright.sync_api import Page, expect

from portal import clock
from portal.models import Registration, Visit, db
from portal.queries.registrations import WITH_PARTIES
from tests.browser.conftest import follow, sound
from tests.fixtures import People, Stage

Open = Callable[..., Page]


@pytest.fixture
def filing(app: Flask, people: People) -> tuple[str, str]:
    """The number and the last four digits of a filing made two hours ago."""
    with app.app_context():
        now = clock.now()
        with clock.set_to(now - timedelta(hours=2)):
            registration = Stage(people).file(planned_visit_at=now)
        found = (registration.reference, registration.phone[-4:])
        db.session.commit()
    return found


def draw(page: Page) -> None:
    """Write something into the pad whose turn it is, and confirm it."""
    pad = page.locator("form[data-signature]")
    box = pad.locator("canvas").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 40, box["y"] + 60)
    page.mouse.down()
    for step in range(1, 9):
        page.mouse.move(box["x"] + 40 + 20 * step, box["y"] + 60 + (30 if step % 2 else -20))
    page.mouse.up()
    follow(pad.locator("button[type=submit]"))


@pytest.mark.parametrize("locale", ["zh_Hans_CN", "en"])
def test_from_the_search_to_the_signed_slip_in_two_taps_and_three_signatures(
    app: Flask, signed_in: Open, filing: tuple[str, str], locale: str
) -> None:
    reference, last = filing
    page = signed_in("rui", "/site/arrivals", "tablet", locale)
    sound(page)
    page.fill("#q", last)
    follow(page.locator("form.find button[type=submit]"))
    sound(page)
    page.locator(f"form[action='/site/filings/{reference}/arrivals'] button").click()
    page.wait_for_url("**/site/visits/*")
    sound(page)
    for _ in range(3):
        draw(page)
    expect(page.locator("form[data-signature]")).to_have_count(0)
    expect(page.locator(".sig svg path.ink-path")).to_have_count(3)
    sound(page)
    with app.app_context():
        visit = db.session.scalars(db.select(Visit)).one()
        assert visit.result == "registered"
        assert all(row.image and row.strokes for row in visit.signatures)


def test_an_empty_pad_is_not_sent(app: Flask, signed_in: Open, filing: tuple[str, str]) -> None:
    page = signed_in("rui", "/site/arrivals", "tablet")
    page.locator("form[action$='/arrivals'] button").first.click()
    page.wait_for_url("**/site/visits/*")
    page.locator("form[data-signature] button[type=submit]").click()
    expect(page.locator("[data-empty]")).to_be_visible()
    with app.app_context():
        assert db.session.scalars(db.select(Visit)).one().signatures == []


def test_audit_by_key_sign_off_on_the_phone_entry_at_the_desk(
    app: Flask, signed_in: Open, people: People, filing: tuple[str, str]
) -> None:
    with app.app_context():
        stage = Stage(people)
        registration = _registration(filing[0])
        stage.sign(stage.arrive(registration))
        db.session.commit()
    desk = signed_in("bo", "/site/audits", "desk")
    sound(desk)
    desk.keyboard.press("j")
    desk.wait_for_url("**/site/audits/*")
    sound(desk)
    with desk.expect_navigation():
        desk.keyboard.press("p")
    phone = signed_in("lin", "/site/inbox", "phone")
    sound(phone)
    follow(phone.locator("a[href*='/site/sign-offs/']"))
    sound(phone)
    phone.locator("main button.btn-primary").click()
    phone.wait_for_url("**/site/inbox")
    entry = signed_in("cai", "/site/entries", "desk")
    follow(entry.locator("a[href*='/site/entries/']"))
    sound(entry)
    entry.locator("main button.btn-primary").click()
    entry.wait_for_url("**/site/entries")
    with app.app_context():
        assert db.session.scalars(db.select(Visit)).one().channel_source == "D-0001"


def test_the_key_of_failing_only_leads_to_the_button(
    app: Flask, signed_in: Open, people: People, filing: tuple[str, str]
) -> None:
    with app.app_context():
        stage = Stage(people)
        visit = stage.sign(stage.arrive(_registration(filing[0]))).reference
        db.session.commit()
    page = signed_in("bo", f"/site/audits/{visit}", "desk")
    page.keyboard.press("f")
    expect(page.locator("button[value=fail]")).to_be_focused()
    with app.app_context():
        assert db.session.scalars(db.select(Visit)).one().audited_at is None


def test_the_leader_excuses_a_late_filing_on_the_phone(app: Flask, signed_in: Open, people: People) -> None:
    with app.app_context():
        stage = Stage(people)
        visit = stage.sign(stage.arrive(stage.file())).reference
        db.session.commit()
    page = signed_in("lin", f"/site/excuses/{visit}", "phone", "en")
    sound(page)
    page.fill("#reason", "高速封路")
    page.locator("main button.btn-primary").click()
    page.wait_for_url("**/site/inbox")
    with app.app_context():
        assert db.session.scalars(db.select(Visit)).one().result == "registered"


def test_without_scripts_the_slip_is_signed_on_paper(app: Flask, signed_in: Open, filing: tuple[str, str]) -> None:
    page = signed_in("rui", "/site/arrivals", "tablet", scripts=False)
    page.locator("form[action$='/arrivals'] button").first.click()
    page.locator("details.menu.up > summary", has_text="改签纸质单").click()
    content = BytesIO()
    Image.new("RGB", (800, 1000), "white").save(content, "JPEG")
    page.set_input_files("#photo", {"name": "slip.jpg", "mimeType": "image/jpeg", "buffer": content.getvalue()})
    page.locator("form[enctype] button").click()
    page.wait_for_load_state()
    with app.app_context():
        assert db.session.scalars(db.select(Visit)).one().result == "registered"


@pytest.mark.parametrize("locale", ["zh_Hans_CN", "en"])
def test_reception_may_work_on_a_phone(signed_in: Open, filing: tuple[str, str], locale: str) -> None:
    """The tablet's tabs become the tab bar; nothing is wider than the phone."""
    for path in ("/site/arrivals", "/site/walk-ins", "/site/archive", "/me/password"):
        page = signed_in("rui", path, "phone", locale)
        sound(page)
        expect(page.locator("nav.tabs")).to_be_visible()
        expect(page.locator("nav.top-tabs")).to_be_hidden()


def _registration(reference: str) -> Registration:
    query = db.select(Registration).where(Registration.reference == reference).options(*WITH_PARTIES)
    return db.session.scalars(query).one()
