"""A Chromium, and the application served to it on a port of this process's own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Playwright,
    expect,
    sync_playwright,
)
from werkzeug.middleware.shared_data import SharedDataMiddleware
from werkzeug.serving import make_server
from werkzeug.test import create_environ, run_wsgi_app

from launcher.processes import wait_until
from tests.fixtures import begin_session

#: Nothing is proven by how long something takes: what is waited for may take this long on a machine that is busy.
PATIENCE_MS = 120_000
expect.set_options(timeout=PATIENCE_MS)

SIZES = {"phone": (390, 844), "tablet": (1024, 768), "desk": (1440, 900)}
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A page lives for a second here: making its scripts fast takes longer than they run.
    "--js-flags=--no-opt --no-maglev",
]
_MEANT = ("status of 403 ", "status of 409 ", "status of 422 ")
_MEANT += ("net::ERR_INTERNET_DISCONNECTED", "htmx:sendError", "htmx:afterRequest")
AXE = Path(__file__).parent / "vendor" / "axe.min.js"
#: Where every page finds it.
AXE_ADDRESS = "/axe.min.js"
#: Only media are loaded beforehand, for the rule about sound that plays by itself: the other rule that wants something
#: loaded, all style sheets, is one of axe's experiments, which do not run.
EXAMINE = """async () => {
    const found = await axe.run(document, {resultTypes: ['violations'], preload: {assets: ['media']}});
    return found.violations.flatMap(one => one.nodes.map(node => `${one.id} (${one.impact}): ${node.html.slice(0, 160)}`));
}"""
#: A page in each language on the device that differs most from the other; ``sound_everywhere`` measures it on all three.
EACH_LANGUAGE = pytest.mark.parametrize(("size", "locale"), [("phone", "zh_Hans_CN"), ("desk", "en")])
#: Body, status, headers.
Answer = tuple[bytes, str, list[tuple[str, str]]]


class Served:
    """The application on a port, without TLS, which knows whether it still answers somebody."""

    def __init__(self, app: Flask) -> None:
        self._app, self._answering, self._changed = app, 0, threading.Condition()
        self._files: dict[str, Answer] = {}
        # Browsers keep what has an address, compiled too, where a script that is handed to each page is read anew.
        answer = SharedDataMiddleware(self._answer, {AXE_ADDRESS: str(AXE)})
        self._server = make_server("127.0.0.1", 0, answer, threaded=True)
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def _answer(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"].startswith("/static/") and environ["QUERY_STRING"]:
            return self._file(environ, start_response)
        with self._changed:
            self._answering += 1
        try:
            return self._app(environ, start_response)
        finally:
            with self._changed:
                self._answering -= 1
                self._changed.notify_all()

    def _file(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """What the application answered to the first who asked for this version of the file, as a cache would keep it."""
        place = f"{environ['PATH_INFO']}?{environ['QUERY_STRING']}"
        if place not in self._files:
            parts, status, headers = run_wsgi_app(self._app, create_environ(place, self.address), buffered=True)
            self._files[place] = b"".join(parts), status, list(headers)
        body, status, headers = self._files[place]
        start_response(status, headers)
        return [body]

    def come_to_rest(self) -> None:
        """Return once everything that was asked is answered: pages that are closed leave their last questions behind."""
        # They are taken in the order in which they came.
        urlopen(f"{self.address}/static/favicon.svg").close()
        with self._changed:
            self._changed.wait_for(lambda: self._answering == 0, PATIENCE_MS / 1000)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture(scope="session")
def served(app: Flask) -> Iterator[Served]:
    server = Served(app)
    yield server
    server.close()


@pytest.fixture
def address(served: Served) -> Iterator[str]:
    """Where the application is served; what a test leaves unanswered does not reach into the next one's database."""
    yield served.address
    served.come_to_rest()


@pytest.fixture(scope="session")
def driver() -> Iterator[Playwright]:
    """One Playwright for the whole run: a thread can have only one."""
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def chromium(driver: Playwright, chromium_path: str) -> Iterator[Browser]:
    browser = driver.chromium.launch(executable_path=chromium_path, args=ARGUMENTS)
    yield browser
    browser.close()


@pytest.fixture
def blank_page(chromium: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """``blank_page("phone", "en")`` has loaded nothing yet; what its console complains about fails the test."""
    contexts, complaints = [], []

    def make(size: str = "desk", locale: str = "zh_Hans_CN", scripts: bool = True) -> Page:
        width, height = SIZES[size]
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            base_url=address,
            locale="en" if locale == "en" else "zh-CN",
            java_script_enabled=scripts,
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if _is_complaint(said) else None)
        return page

    yield make
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def open_page(blank_page: Callable[..., Page]) -> Callable[..., Page]:
    """``open_page("/path", "phone", "en")`` loads a page as somebody who is not signed in."""

    def load(path: str, size: str = "desk", locale: str = "zh_Hans_CN", scripts: bool = True) -> Page:
        page = blank_page(size, locale, scripts)
        page.goto(path, wait_until="networkidle")
        return page

    return load


@pytest.fixture
def signed_in(app: Flask, address: str, blank_page: Callable[..., Page]) -> Callable[..., Page]:
    """``signed_in("rui", "/site/arrivals", "tablet", "en")``: the page as that person sees it.

    The session is brought along as a cookie; the sign-in page itself is used where work without scripts is proven.
    """

    def enter(who: str, path: str, size: str = "desk", locale: str = "zh_Hans_CN", scripts: bool = True) -> Page:
        client = app.test_client()
        begin_session(client, who)
        client.get(f"/language?lang={locale}")
        page = blank_page(size, locale, scripts)
        bring_session(page.context, client, address)
        page.goto(path)
        return page

    return enter


def bring_session(context: BrowserContext, client: FlaskClient, address: str) -> None:
    """Let a browser go on with the session of ``client``."""
    cookie = client.get_cookie("session")
    assert cookie is not None
    context.add_cookies([{"name": "session", "value": cookie.value, "url": address}])


def _is_complaint(said: ConsoleMessage) -> bool:
    """Chromium reports every answer of 4xx; a form that comes back with its mistakes, and a door that is shut, are meant.

    So is a connection that a test has taken away.
    """
    return said.type == "error" and not any(words in said.text for words in _MEANT)


def axe_findings(page: Page) -> list[str]:
    """What axe-core finds on the page as it stands: "rule: element"."""
    page.wait_for_load_state()
    if not page.evaluate("'axe' in window"):
        page.add_script_tag(url=AXE_ADDRESS)
    return page.evaluate(EXAMINE)  # type: ignore[no-any-return]


def too_wide(page: Page) -> list[str]:
    """Elements that make the page scroll sideways."""
    return page.evaluate(  # type: ignore[no-any-return]
        """() => document.documentElement.scrollWidth <= window.innerWidth ? [] :
        [...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > window.innerWidth + 1)
        .slice(0, 5).map(e => e.outerHTML.slice(0, 120))"""
    )


def follow(link: Locator) -> None:
    """Press what leads to another page, and come back when it is there: a page that is half read answers anything."""
    with link.page.expect_navigation():
        link.click()


def sound(page: Page) -> None:
    """No finding of axe-core, nothing wider than the device."""
    assert axe_findings(page) == []
    assert too_wide(page) == []


def sound_everywhere(page: Page) -> None:
    """No finding of axe-core on the device, nothing wider than any device: the page is resized, not loaded anew."""
    found, own = axe_findings(page) + too_wide(page), page.viewport_size
    assert own is not None
    for size, (width, height) in SIZES.items():
        if width != own["width"]:
            _resize(page, width, height)
            found += [f"too wide on the {size}: {one}" for one in too_wide(page)]
    _resize(page, own["width"], own["height"])
    assert found == []


def until_true(page: Page, question: str, *given: object) -> None:
    """Wait until the page answers ``question`` with yes. Playwright's own wait asks the second time with eval, which the
    page's Content-Security-Policy shuts out."""
    assert wait_until(lambda: page.evaluate(question, *given), seconds=120), question


def _resize(page: Page, width: int, height: int) -> None:
    page.set_viewport_size({"width": width, "height": height})
    until_true(page, "width => window.innerWidth === width", width)
