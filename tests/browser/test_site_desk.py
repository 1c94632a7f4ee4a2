"""What the site decides after the visit, on the devices of its people: bulk or not, a correction, the end of the day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from portal import clock
from portal.models import Correction, Registration, db
from tests.browser.conftest import follow, sound
from tests.fixtures import People, Stage

Open = Callable[..., Page]
LOCALES = pytest.mark.parametrize("locale", ["zh_Hans_CN", "en"])


@pytest.fixture
def entered(app: Flask, people: People) -> str:
    """The number of a registration whose first visit was entered yesterday; another customer stands at the desk."""
    with app.app_context():
        stage, now = Stage(people), clock.now()
        with clock.set_to(now - timedelta(days=2)):
            registration = stage.file()
        with clock.set_to(now - timedelta(days=1)):
            stage.complete(stage.sign(stage.arrive(registration)))
        with clock.set_to(now - timedelta(hours=2)):
            another = stage.file()
        stage.arrive(another)
        reference = registration.reference
        db.session.commit()
    return reference


def read(app: Flask, reference: str) -> Registration:
    with app.app_context():
        return db.session.scalars(db.select(Registration).where(Registration.reference == reference)).one()


@pytest.mark.parametrize(("who", "size", "locale"), [("lin", "phone", "zh_Hans_CN"), ("bo", "desk", "en")])
def test_a_customer_is_classified_with_a_reason(
    app: Flask, signed_in: Open, entered: str, who: str, size: str, locale: str
) -> None:
    page = signed_in(who, "/site/classifications", size, locale)
    sound(page)
    follow(page.locator(f"a[href$='{entered}']"))
    sound(page)
    page.locator("main button.btn-primary").click()
    expect(page.locator("[aria-invalid=true]").first).to_be_visible()
    assert read(app, entered).is_bulk is None
    page.locator("label[for^='bulk']").first.click()
    page.fill("#reason", "公司名义，一次三套")
    page.locator("main button.btn-primary").click()
    page.wait_for_url(f"**/site/registrations/{entered}")
    sound(page)
    assert read(app, entered).is_bulk is not None


@LOCALES
def test_a_number_is_corrected_beside_the_original(app: Flask, signed_in: Open, entered: str, locale: str) -> None:
    page = signed_in("bo", f"/site/registrations/{entered}", "desk", locale)
    follow(page.locator("a[href$='/correct']"))
    sound(page)
    page.fill("#phone", "138 0000 12")
    page.fill("#reason", "客户当面更正")
    page.locator("main button.btn-primary").click()
    expect(page.locator("#phone-error .invalid-note")).to_be_visible()
    expect(page.locator("#phone")).to_have_value("138 0000 12")
    expect(page.locator("#phone")).to_be_focused()
    page.fill("#phone", "138 0000 1299")
    page.locator("main button.btn-primary").click()
    page.wait_for_url(f"**/site/registrations/{entered}")
    sound(page)
    expect(page.locator("main")).to_contain_text("138****1299")
    assert read(app, entered).phone == "+8613800001299"
    with app.app_context():
        assert db.session.query(Correction).count() == 1


@pytest.mark.parametrize(
    ("who", "size", "locale"), [("rui", "tablet", "zh_Hans_CN"), ("rui", "phone", "en"), ("bo", "desk", "en")]
)
def test_the_day_is_read_back_and_walked_through(
    signed_in: Open, entered: str, who: str, size: str, locale: str
) -> None:
    page = signed_in(who, "/site/archive", size, locale)
    sound(page)
    expect(page.locator("tbody tr")).to_have_count(1)
    page.locator("a[href*='day=']").first.click()
    page.wait_for_url("**day=**")
    sound(page)
    expect(page.locator("tbody tr")).to_have_count(1)
    page.locator("a[href*='day=']").last.click()
    page.locator("tbody tr a").first.click()
    page.wait_for_url("**/site/visits/*")
    sound(page)


@pytest.mark.parametrize(("size", "locale"), [("tablet", "zh_Hans_CN"), ("phone", "en")])
def test_a_refusal_to_sign_is_recorded_at_the_desk(
    app: Flask, signed_in: Open, entered: str, size: str, locale: str
) -> None:
    page = signed_in("rui", "/site/arrivals", size, locale)
    page.locator("#board a[href*='/site/visits/']").first.click()
    page.locator(".instead summary").first.click()
    sheet = page.locator(".instead form[action$='/refusals']")
    expect(sheet).to_be_in_viewport(ratio=1)
    sound(page)
    sheet.locator("button").click()
    expect(page.locator(".invalid-note").first).to_be_visible()
    page.fill("#reason", "要先与家人商量")
    page.locator(".instead form[action$='/refusals'] button").click()
    expect(page.locator("main")).to_contain_text("要先与家人商量")
    sound(page)
    expect(page.locator("form[data-signature]")).to_have_count(1)
