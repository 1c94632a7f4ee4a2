"""From a distributor's application to headquarters' decision in a real browser, at a desk and on a phone, in both languages."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from playwright.sync_api import Page, expect

from portal.models import db
from tests.browser.conftest import EACH_LANGUAGE, sound, sound_everywhere
from tests.browser.validate import validate
from tests.fixtures import PASSWORD, People, Stage
from tests.hq.conftest import asked, extension_called, visited  # noqa: F401 - a fixture

Asked = Callable[..., str]
Open = Callable[..., Page]
PAGES = (
    "/hq/inbox",
    "/hq/overview",
    "/hq/registrations",
    "/hq/distributors",
    "/hq/distributors/D-0001",
    "/hq/distributors/D-0001/blacklist",
    "/policies",
    "/policies/RE/1",
)
WORDS = {
    "zh_Hans_CN": ("同意，延至", "已同意，保护延至", "理由 "),
    "en": ("Approve until", "Approved; protected until", "Reason"),
}


@EACH_LANGUAGE
def test_an_application_is_found_read_and_approved(
    signed_in: Open,
    asked: Asked,  # noqa: F811
    app: Flask,
    size: str,
    locale: str,
) -> None:
    reference = asked(name="段磊", company="北辰物流有限公司")
    approve, approved, _ = WORDS[locale]
    page = signed_in("hua", "/me", size, locale)
    page.goto("/hq/inbox")
    sound(page)
    page.locator(f"a[href*='{reference}']").first.click()
    page.wait_for_url(f"**/hq/extensions/{reference}")
    sound(page)
    expect(page.locator(".listing")).to_be_visible(visible=size == "desk")
    page.get_by_role("button", name=approve).click()
    expect(page.locator("#notices")).to_contain_text(approved)
    expect(page.locator("#decided")).to_contain_text("华敏")
    sound(page)
    with app.app_context():
        assert extension_called(reference).state == "approved"


def test_a_rejection_without_a_reason_comes_back_to_the_field(
    signed_in: Open,
    asked: Asked,  # noqa: F811
    app: Flask,
) -> None:
    reference = asked()
    page = signed_in("hua", "/me", "phone", "zh_Hans_CN")
    page.goto(f"/hq/extensions/{reference}")
    page.locator("button[value=reject]").click()
    expect(page.locator("#reason-error")).to_contain_text("拒绝须写明理由")
    expect(page.locator("#reason")).to_be_focused()
    page.fill("#reason", "意向函不足以说明。")
    page.locator("button[value=reject]").click()
    expect(page.locator("#decided")).to_contain_text("意向函不足以说明。")
    with app.app_context():
        assert extension_called(reference).state == "rejected"


def test_keys_walk_the_inbox_and_approve_but_never_while_somebody_writes(
    signed_in: Open,
    asked: Asked,  # noqa: F811
    app: Flask,
) -> None:
    sooner, later = asked(days=43), asked(days=30)
    page = signed_in("hua", "/me", "desk", "zh_Hans_CN")
    page.goto(f"/hq/extensions/{sooner}")
    page.keyboard.press("j")
    page.wait_for_url(f"**/{later}")
    page.keyboard.press("k")
    page.wait_for_url(f"**/{sooner}")
    page.keyboard.press("f")
    page.keyboard.type("jpk")
    assert page.input_value("#reason") == "jpk" and page.url.endswith(sooner)
    page.locator("h2").first.click()
    page.keyboard.press("p")
    expect(page.locator("#decided")).to_be_visible()
    with app.app_context():
        assert [extension_called(one).state for one in (sooner, later)] == ["approved", "pending"]


def test_it_is_decided_without_scripts(
    open_page: Open,
    asked: Asked,  # noqa: F811
    app: Flask,
) -> None:
    reference = asked()
    page = open_page("/sign-in", "desk", "zh_Hans_CN", scripts=False)
    page.fill("[name=login]", "hua")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.goto(f"/hq/extensions/{reference}")
    page.locator("button[value=approve]").click()
    expect(page.locator("#decided")).to_be_visible()
    with app.app_context():
        assert extension_called(reference).state == "approved"


@EACH_LANGUAGE
def test_everybody_can_read_headquarters_pages(
    signed_in: Open, app: Flask, people: People, stage: Stage, size: str, locale: str
) -> None:
    page = signed_in("hua", "/me", size, locale)
    reference = fill(app, stage)
    for address in (*PAGES, f"/hq/registrations/{reference}"):
        page.goto(address)
        sound_everywhere(page)


@EACH_LANGUAGE
def test_a_version_is_drafted_compared_published_and_given_to_a_project(
    signed_in: Open, app: Flask, people: People, size: str, locale: str
) -> None:
    page = signed_in("ada", "/me", size, locale)
    page.goto("/hq/policies/RE/draft")
    sound(page)
    page.fill("#hold__days", "0")
    page.press("#hold__days", "Tab")
    expect(page.locator("#hold__days-error p")).to_be_visible()
    page.fill("#hold__days", "9")
    page.locator(".act-bar .btn-primary").click()
    expect(page.locator("td b")).to_have_text("9")
    sound(page)
    page.locator("main .btn-primary").click()
    page.wait_for_url("**/RE/2/bind")
    sound(page)
    page.locator("main .btn-primary").click()
    page.wait_for_url("**/policies/RE/2")
    sound(page)


def test_headquarters_pages_are_valid_html(
    app: Flask, browse: Callable[..., object], people: People, stage: Stage
) -> None:
    reference = fill(app, stage)
    hua, ada = browse("hua"), browse("ada")
    found = {address: hua.get(address).text for address in (*PAGES, f"/hq/registrations/{reference}")}  # type: ignore[attr-defined]
    found |= {address: ada.get(address).text for address in ("/hq/policies/RE/draft", "/hq/policies/RE/1/bind")}  # type: ignore[attr-defined]
    assert validate(found) == []


def fill(app: Flask, stage: Stage) -> str:
    """Something on every page: two rivals, a visited customer, an application."""
    with app.app_context():
        customer = stage.customer(name="李思远")
        reference = stage.file("ana", customer).reference
        stage.file("ben", customer)
        db.session.commit()
        visited(stage, days=12)
        return reference
