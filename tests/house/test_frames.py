"""The frame of every page: languages, navigation, static files, htmx headers, and the gallery of components."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal import htmx
from portal.navigation import Count, Item, Navigation, Section, navigation
from tests.pages import assert_page, text_of


@pytest.mark.parametrize("frame", ["", "?frame=tablet", "?frame=public"])
@pytest.mark.parametrize("locale", ["zh_Hans_CN", "en"])
def test_the_gallery_is_a_sound_page_in_every_frame(app: Flask, frame: str, locale: str) -> None:
    client = app.test_client()
    with client.session_transaction() as session:
        session["locale"] = locale
    html = assert_page(client.get(f"/_components{frame}"), personal=False)
    assert ('<html lang="en"' in html) == (locale == "en")


def test_the_gallery_is_not_there_in_production(app: Flask) -> None:
    app.testing = False
    try:
        assert app.test_client().get("/_components").status_code == 404
    finally:
        app.testing = True


@pytest.mark.parametrize(
    ("wanted", "lang"),
    [("zh-CN,zh;q=0.9", "zh-Hans"), ("en-GB,en;q=0.9", "en"), ("zh-TW,en;q=0.5", "zh-Hans"), ("fr", "zh-Hans")],
)
def test_a_browser_without_a_choice_reads_its_own_language(app: Flask, wanted: str, lang: str) -> None:
    html = (
        app.test_client().get("/_components?frame=public", headers={"Accept-Language": wanted}).get_data(as_text=True)
    )
    assert f'<html lang="{lang}"' in html


def test_every_item_of_the_navigation_leads_somewhere(app: Flask) -> None:
    assert navigation.endpoints() - set(app.view_functions) == set()


ROLES = ["ana", "olga", "rui", "bo", "cai", "lin", "hua", "kit", "fin", "ada", "aud"]


@pytest.mark.parametrize("name", ROLES)
def test_everybody_can_open_everything_in_their_menu(browse: Callable[[str], FlaskClient], name: str) -> None:
    client = browse(name)
    home = assert_page(client.get("/", follow_redirects=True))
    menu = set(re.findall(r'<a class="(?:item|tab)" href="([^"]+)"', home))
    for address in menu:
        assert_page(client.get(address, follow_redirects=True))


def test_an_item_of_two_roles_stands_once(app: Flask) -> None:
    shared = Item("共有", "home", "static", {"filename": "site.css"}, count=lambda: Count(3, due=True))
    registry = Navigation()
    registry.add("one", Section((shared,)))
    registry.add("two", Section((shared, Item("没有", "home", "no.such_endpoint")), "第二"))
    with app.test_request_context("/"):
        groups = registry.groups(("one", "two"))
    assert [[link.label for link in group.items] for group in groups] == [["共有"]]
    assert groups[0].items[0].count == Count(3, due=True)


def test_a_tab_bar_has_five_places() -> None:
    with pytest.raises(ValueError, match="five"):
        Navigation().set_tabs("broker", *[Item("a", "home", "static")] * 6)


def test_an_item_is_current_at_what_it_covers(app: Flask) -> None:
    registry = Navigation()
    registry.add("one", Section((Item("组", "home", "static", {"filename": "x"}, covers=("components.*",)),)))
    with app.test_request_context("/_components"):
        assert registry.groups(("one",))[0].items[0].current
    with app.test_request_context("/"):
        assert not registry.groups(("one",))[0].items[0].current


def test_static_files_have_the_address_of_their_content(app: Flask) -> None:
    client = app.test_client()
    page = client.get("/_components").get_data(as_text=True)
    address = re.search(r'href="(/static/site\.css\?v=[0-9a-f]{12})"', page)
    assert address
    answer = client.get(address[1], headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in answer.vary
    with client.get(address[1]) as plain:
        assert "Content-Encoding" not in plain.headers and b"--accent" in plain.data
    with client.get("/static/site.css") as unmarked:
        assert "immutable" not in unmarked.headers.get("Cache-Control", "")


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, False),
        ({"HX-Request": "true"}, True),
        ({"HX-Request": "true", "HX-History-Restore-Request": "true"}, False),
        ({"HX-Request": "true", "HX-Boosted": "true"}, False),
    ],
)
def test_a_fragment_goes_to_htmx_and_the_page_to_everybody_else(
    app: Flask, headers: dict[str, str], expected: bool
) -> None:
    with app.test_request_context("/", headers=headers):
        assert htmx.wants_fragment() is expected
        values = {"name": "谢雨桐", "phone": "158 0000 2737", "back": ""}
        answer = htmx.render("reveals/shown.html", "reveals/_shown.html", status=422, **values)
        assert ("<html" in answer.get_data(as_text=True)) is not expected
        assert answer.status_code == 422 and "HX-Request" in answer.vary


def test_done_go_there(app: Flask) -> None:
    with app.test_request_context("/"):
        answer = htmx.go("/there")
        assert (answer.status_code, answer.headers["Location"]) == (303, "/there")
    with app.test_request_context("/", headers={"HX-Request": "true"}):
        answer = htmx.go("/there")
        assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/there")


def test_every_page_varies_with_htmx(app: Flask) -> None:
    assert "HX-Request" in app.test_client().get("/_components").vary


def test_browsers_keep_no_snapshots_and_run_no_strings() -> None:
    assert htmx.CONFIG["historyCacheSize"] == 0
    assert (
        not htmx.CONFIG["allowEval"]
        and not htmx.CONFIG["allowScriptTags"]
        and not htmx.CONFIG["includeIndicatorStyles"]
    )
    assert {"code": "422", "swap": True} in htmx.CONFIG["responseHandling"]


def test_the_menu_of_a_person_with_two_roles_names_both(browse: Callable[[str], FlaskClient]) -> None:
    words = text_of(assert_page(browse("ana").get("/", follow_redirects=True)))
    assert "安娜" in words and "经纪人" in words and "甲渠道" in words
