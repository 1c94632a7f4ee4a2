"""The gallery in a real browser: readable by everybody at every width, and its small scripts do what they say."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser.conftest import sound_everywhere
from tests.browser.validate import validate

FRAMES = [("", "phone"), ("", "desk"), ("?frame=tablet", "tablet"), ("?frame=public", "phone")]


@pytest.mark.parametrize(("frame", "size"), FRAMES)
@pytest.mark.parametrize("locale", ["zh_Hans_CN", "en"])
def test_everybody_can_read_the_gallery(open_page: Callable[..., Page], frame: str, size: str, locale: str) -> None:
    page = open_page(f"/_components{frame}", size, locale)
    sound_everywhere(page)


def test_the_gallery_is_valid_html(app: Flask) -> None:
    client = app.test_client()
    pages = {}
    for locale in ("zh-CN", "en"):
        for frame in ("", "?frame=tablet", "?frame=public"):
            answer = client.get(f"/_components{frame}", headers={"Accept-Language": locale})
            pages[f"{locale}{frame}"] = answer.get_data(as_text=True)
    pages["error"] = client.get("/no-such-page").get_data(as_text=True)
    assert validate(pages) == []


@pytest.mark.parametrize("size", ["phone", "tablet"])
def test_everything_to_press_is_big_enough_for_a_finger(open_page: Callable[..., Page], size: str) -> None:
    page = open_page("/_components" + ("?frame=tablet" if size == "tablet" else ""), size)
    least = 44 if size == "phone" else 48
    small = page.evaluate(
        """least => [...document.querySelectorAll('main button, .tabs a, .act-bar .btn, .top .iconbtn, main .btn, .seg label')]
        .filter(e => e.offsetParent && e.getBoundingClientRect().height < least - 0.5)
        .map(e => e.outerHTML.slice(0, 100) + e.getBoundingClientRect().height)""",
        least,
    )
    assert small == []


def test_the_first_bad_field_has_the_focus(open_page: Callable[..., Page]) -> None:
    page = open_page("/_components")
    expect(page.locator("[name=phone]")).to_be_focused()


def test_a_signature_is_sent_as_strokes_in_the_pixels_of_the_pad(open_page: Callable[..., Page]) -> None:
    page = open_page("/_components", "tablet")
    pad = page.locator("form[data-signature] canvas")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box
    for start in (40, 140):
        page.mouse.move(box["x"] + start, box["y"] + 80)
        page.mouse.down()
        page.mouse.move(box["x"] + start + 60, box["y"] + 40, steps=6)
        page.mouse.up()
    fields = page.evaluate(
        """() => { const form = document.querySelector('form[data-signature]');
        form.addEventListener('submit', e => e.preventDefault());
        form.requestSubmit();
        const sent = form.elements;
        return {strokes: sent.strokes.value, width: sent.width.value, height: sent.height.value}; }"""
    )
    strokes = json.loads(fields["strokes"])
    assert len(strokes) == 2
    assert abs(strokes[0][0][0] - 40) < 3 and abs(strokes[1][-1][0] - 200) < 8
    assert all(len(point) == 3 and point[2] >= 0 for stroke in strokes for point in stroke)
    assert float(fields["width"]) == pytest.approx(box["width"], abs=1)
    assert float(fields["height"]) == pytest.approx(box["height"], abs=1)


def test_an_empty_signature_stays_and_says_so_and_may_then_be_written(open_page: Callable[..., Page]) -> None:
    page = open_page("/_components", "tablet")
    page.locator("form[data-signature] button[type=submit]").click()
    expect(page.locator("form[data-signature] [data-empty]")).to_be_visible()
    expect(page.locator("form[data-signature]")).not_to_have_attribute("aria-busy", re.compile(""))


def test_a_double_click_sends_once_and_a_retry_is_not_blocked(open_page: Callable[..., Page]) -> None:
    page = open_page("/_components")
    counted = """() => new Promise(done => { let sent = 0;
      const form = document.getElementById('sample');
      form.addEventListener('submit', event => { sent += 1; event.stopPropagation(); });
      const press = () => form.requestSubmit();
      form.action = 'about:blank#' ; form.target = 'nowhere';
      press(); press();
      form.elements.name.value = '黄伟';
      form.elements.name.dispatchEvent(new Event('input', {bubbles: true}));
      press();
      done(sent); })"""
    page.evaluate("() => { const f = document.createElement('iframe'); f.name = 'nowhere'; document.body.append(f); }")
    assert page.evaluate(counted) == 2


def test_without_scripts_everything_is_still_there(open_page: Callable[..., Page]) -> None:
    page = open_page("/_components", "phone", scripts=False)
    assert page.locator("form#sample button[type=submit]").count() >= 1
    assert page.locator("summary, a, button").count() > 20
