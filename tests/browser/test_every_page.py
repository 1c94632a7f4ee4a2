"""Every page that anybody can open: valid HTML in both languages, no finding of axe-core, nothing wider than its device."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page
from werkzeug.routing import Rule

from portal.models import User, db
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


def _is_page(walk: Walk, who: str | None, address: str) -> bool:
    answer = walk.browser(who).get(address)
    return answer.status_code == 200 and answer.mimetype == "text/html" and "<!doctype" in answer.text[:20].lower()


@pytest.mark.parametrize("locale", ["zh_Hans_CN", "en"])
def test_every_page_is_valid_html(walk: Walk, locale: str) -> None:
    with walk.app.app_context():
        db.session.execute(db.update(User).values(locale=locale))
        db.session.commit()
    found = {}
    for who, address in pages(walk):
        answer = walk.browser(who).get(address, headers={"Accept-Language": locale.replace("_", "-")})
        text = answer.get_data(as_text=True) if answer.mimetype == "text/html" else ""
        if "<!doctype" in text[:20].lower():
            found[f"{who} {address}"] = text
    assert len(found) > 30
    assert validate(found) == []


@pytest.mark.parametrize("who", [None, *DEVICES])
def test_every_page_can_be_read_by_everybody(walk: Walk, chromium: Browser, address: str, who: str | None) -> None:
    """axe-core and the width, on the device of the person, in Chinese."""
    width, height = SIZES[DEVICES.get(who or "", "phone")]
    context = chromium.new_context(viewport={"width": width, "height": height}, base_url=address, locale="zh-CN")
    page = context.new_page()
    if who is not None:
        bring_session(page, walk.browser(who), address)
    findings = {
        where: wrong
        for reader, where in pages(walk)
        if reader == who and _is_page(walk, who, where) and (wrong := _look(page, where))
    }
    context.close()
    assert findings == {}


def _look(page: Page, where: str) -> list[str]:
    page.goto(where, wait_until="load")
    return axe_findings(page) + [f"too wide: {one}" for one in too_wide(page)]
