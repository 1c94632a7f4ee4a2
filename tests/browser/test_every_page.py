"""Every page that anybody can open: valid HTML, no finding of axe-core, nothing wider than its device; in Chinese.

That they are valid HTML in English is shown by tests/house/test_every_route_is_guarded.py, which opens them all.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from playwright.sync_api import Browser, Error, Page
from werkzeug.routing import Rule

from tests.browser.conftest import SIZES, axe_findings, bring_session, too_wide
from tests.browser.validate import validate
from tests.walking import Walk

#: Who looks at what on which device (PRODUCT.md); a page is looked at by the first who may open it.
DEVICES = {
    "ana": "phone",
    "olga": "phone",
    "rui": "tablet",
    "lin": "phone",
    "bo": "desk",
    "cai": "desk",
    "hua": "desk",
    "ada": "desk",
    "aud": "desk",
}
NO_PAGE = ("pdf", "jpg", "healthz")


def pages(walk: Walk) -> Iterator[tuple[str | None, str]]:
    """Who opens which address: every GET route that answers with a page."""
    for rule in walk.rules:
        if "GET" in (rule.methods or ()) and not any(word in rule.rule for word in NO_PAGE):
            who = _reader(walk, rule)
            if who != "nobody":
                yield who, walk.address(rule)


def _reader(walk: Walk, rule: Rule) -> str | None:
    permission = walk.permission(rule)
    if permission is None:
        return None
    return next((who for who in DEVICES if who in walk.holders(permission)), "nobody")


def test_every_page_can_be_read_by_everybody(walk: Walk, chromium: Browser, address: str) -> None:
    """axe-core and the width, on the device of the person, in Chinese; and what came is valid HTML."""
    found, texts = {}, {}
    for who, places in groupby(sorted(pages(walk), key=lambda one: str(one[0])), key=lambda one: one[0]):
        page = _device(walk, chromium, address, who)
        for _, place in places:
            if text := _open(page, place):
                name = f"{who} {place}"
                texts[name] = text
                found[name] = axe_findings(page) + [f"too wide: {one}" for one in too_wide(page)]
        page.context.close()
    assert len(texts) > 30
    assert {name: wrong for name, wrong in found.items() if wrong} == {}
    assert validate(texts) == []


def _device(walk: Walk, chromium: Browser, address: str, who: str | None) -> Page:
    width, height = SIZES[DEVICES.get(who or "", "phone")]
    context = chromium.new_context(viewport={"width": width, "height": height}, base_url=address, locale="zh-CN")
    if who is not None:
        bring_session(context, walk.browser(who), address)
    return context.new_page()


def _open(page: Page, place: str) -> str:
    """The HTML of the page at ``place``; nothing where there is none: a download, a piece of a page, a page for others."""
    try:
        answer = page.goto(place, wait_until="load")
    except Error as error:
        assert "Download is starting" in error.message, f"{place}: {error.message}"
        return ""
    assert answer is not None
    is_html = answer.ok and answer.headers.get("content-type", "").startswith("text/html")
    text = answer.text() if is_html else ""
    return text if _is_whole(text) else ""


def _is_whole(text: str) -> bool:
    return "<!doctype" in text[:20].lower()
