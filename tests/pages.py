"""What must hold of every page, checked on the HTML that the test client gets. Use ``assert_page(response)``."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

_FIELDS = {"input", "select", "textarea"}
_UNLABELLED = {"hidden", "submit", "button", "image"}
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


@dataclass
class Element:
    """An element with its attributes, its ancestors' tags and its text."""

    tag: str
    attributes: dict[str, str]
    inside: tuple[int, ...]
    text: str = ""

    def get(self, name: str) -> str:
        return self.attributes.get(name, "")


@dataclass
class Page(HTMLParser):
    """The elements of a page in their order. ``ancestors(element)`` are those that enclose it, outermost first."""

    elements: list[Element] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[int] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, {name: value or "" for name, value in attrs}, tuple(self._open)))
        if tag not in _VOID:
            self._open.append(len(self.elements) - 1)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, {name: value or "" for name, value in attrs}, tuple(self._open)))

    def handle_endtag(self, tag: str) -> None:
        while self._open:
            if self.elements[self._open.pop()].tag == tag:
                return

    def handle_data(self, data: str) -> None:
        for index in self._open:
            self.elements[index].text += data

    def all(self, *tags: str) -> list[Element]:
        return [element for element in self.elements if element.tag in tags]

    def ancestors(self, element: Element) -> list[Element]:
        return [self.elements[index] for index in element.inside]


def read(html: str) -> Page:
    """Parse a page or a fragment."""
    page = Page()
    page.feed(html)
    page.close()
    return page


def problems(html: str, *, fragment: bool = False) -> list[str]:
    """Everything that is wrong with a page, as sentences; a fragment is excused from what only a page has."""
    page = read(html)
    found = [*_inline(page), *_ids(page), *_unlabelled(page), *_unprotected(page), *_images(page)]
    return found if fragment else [*found, *_whole(page)]


def _whole(page: Page) -> list[str]:
    found = []
    headings = [heading.text.strip() for heading in page.all("h1")]
    if len(headings) != 1 or not headings[0]:
        found.append(f"one h1 with words, not {headings}")
    if not any(title.text.strip() for title in page.all("title")):
        found.append("no title")
    if not page.all("html") or page.all("html")[0].get("lang") not in {"zh-Hans", "en"}:
        found.append("no lang on html")
    if len(page.all("main")) != 1:
        found.append("one main")
    return found


def _inline(page: Page) -> list[str]:
    found = [f"inline style on {e.tag}" for e in page.elements if "style" in e.attributes]
    found += [f"{name} on {e.tag}" for e in page.elements for name in e.attributes if name.startswith("on")]
    found += ["inline script" for e in page.all("script") if not e.get("src")]
    found += ["style element" for _ in page.all("style")]
    found += [f"javascript: in {e.tag}" for e in page.elements if e.get("href").startswith("javascript:")]
    return found


def _ids(page: Page) -> list[str]:
    counted = Counter(e.get("id") for e in page.elements if e.get("id"))
    found = [f"id {name} stands {times} times" for name, times in counted.items() if times > 1]
    for attribute in ("for", "aria-describedby", "aria-labelledby", "aria-controls", "form"):
        for element in page.elements:
            found += [f"{attribute} names no id: {n}" for n in element.get(attribute).split() if n not in counted]
    return found


def _unlabelled(page: Page) -> list[str]:
    labelled = {label.get("for") for label in page.all("label")}
    return [
        f"{element.tag} {element.get('name')} has no label"
        for element in page.all(*_FIELDS)
        if element.get("type") not in _UNLABELLED
        and not (element.get("id") in labelled or element.get("aria-label") or element.get("aria-labelledby"))
        and not any(ancestor.tag == "label" for ancestor in page.ancestors(element))
    ]


def _unprotected(page: Page) -> list[str]:
    found = []
    for form in page.all("form"):
        if form.get("method").lower() != "post":
            continue
        position = page.elements.index(form)
        inside = [
            e for e in page.all("input") if position in e.inside or (form.get("id") and e.get("form") == form.get("id"))
        ]
        if not any(e.get("name") == "csrf_token" and e.get("value") for e in inside):
            found.append(f"form to {form.get('action')} has no csrf_token")
    return found


def _images(page: Page) -> list[str]:
    found = [f"img {e.get('src')} has no alt" for e in page.all("img") if "alt" not in e.attributes]
    for link in page.all("a", "button"):
        if not link.text.strip() and not link.get("aria-label"):
            found.append(f"{link.tag} {link.get('href') or link.get('name')} has no words")
    return found


def assert_page(response: Any, status: int = 200, *, personal: bool = True, fragment: bool = False) -> str:
    """The response is a sound page: status, no-store and the rest of ``problems``. Returns its HTML.

    ``personal=False`` for the few pages without personal data that may be kept by caches.
    """
    assert response.status_code == status, f"{response.status_code}: {response.get_data(as_text=True)[:800]}"
    assert response.mimetype == "text/html"
    html: str = response.get_data(as_text=True)
    found = problems(html, fragment=fragment)
    assert not found, found
    if personal:
        assert "no-store" in response.headers.get("Cache-Control", ""), "a page with personal data must not be kept"
    return html


def text_of(html: str) -> str:
    """The words of a page without its markup, spaces collapsed; what a person reads."""
    page = read(f"<body>{html}</body>")
    return " ".join(page.elements[0].text.split())


def form_values(html: str, field: str, action: str = "") -> dict[str, Any]:
    """What a browser sends of the form that has ``field`` (and goes to ``action``), as long as nothing is changed in it."""
    page = read(html)
    forms = [page.elements.index(form) for form in page.all("form") if form.get("action").endswith(action)]
    mine = [[e for e in page.all(*_FIELDS) if form in e.inside] for form in forms]
    values: dict[str, Any] = {}
    for element in next(fields for fields in mine if any(e.get("name") == field for e in fields)):
        for sent in _sent(page, element):
            values.setdefault(element.get("name"), []).append(sent)
    values.pop("csrf_token", None)
    return {name: sent[0] if len(sent) == 1 else sent for name, sent in values.items()}


def mark_on(html: str) -> str:
    """The mark of what the page shows, as its forms send it; empty where it has no such form."""
    return next((one.get("value") for one in read(html).all("input") if one.get("name") == "seen"), "")


def _sent(page: Page, element: Element) -> list[str]:
    if element.tag == "textarea":
        return [element.text.lstrip("\r").removeprefix("\n")]
    if element.tag == "select":
        position = page.elements.index(element)
        offered = [e for e in page.all("option") if position in e.inside]
        chosen = [e for e in offered if "selected" in e.attributes] or offered[:1]
        return [e.get("value") for e in chosen]
    ticked = element.get("type") not in {"checkbox", "radio"} or "checked" in element.attributes
    return [element.get("value")] if ticked and element.get("type") not in {"file", "submit"} else []
