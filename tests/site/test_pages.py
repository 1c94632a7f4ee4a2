"""Every page of the room opens for those whose it is, sound and in both languages, whatever there is to show."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from portal import clock
from portal.models import Project, RoleGrant, db
from portal.services import classification, extensions, visit_flow
from tests.fixtures import Stage
from tests.pages import assert_page
from tests.site.conftest import ELEVEN, NINE, Browser

EMPTY = {
    "rui": ("/site/arrivals", "/site/walk-ins", "/site/archive", "/site/arrivals/unfiled"),
    "bo": (
        "/site/audits",
        "/site/classifications",
        "/site/registrations",
        "/site/walk-ins",
        "/site/archive",
        "/site/inbox",
    ),
    "cai": ("/site/entries", "/site/arrivals", "/site/walk-ins"),
    "lin": ("/site/inbox", "/site/classifications", "/site/registrations", "/site/arrivals", "/site/walk-ins"),
}


@pytest.mark.parametrize("language", ["zh_Hans_CN", "en"])
@pytest.mark.parametrize("who", EMPTY)
def test_an_empty_site_says_what_will_be_there(at_work: Callable[[str], Browser], who: str, language: str) -> None:
    browser = at_work(who)
    browser.get(f"/language?lang={language}")
    for address in EMPTY[who]:
        assert_page(browser.get(address))


@pytest.fixture
def busy(in_app: Callable[..., Any], at_eleven: Any) -> dict[str, str]:
    """One of everything."""

    def work(stage: Stage) -> dict[str, str]:
        bo, lin, found = stage.people.get("bo"), stage.people.get("lin"), {}
        shared = stage.customer(name="田静", company="上海远帆贸易有限公司")
        with clock.set_to(NINE):
            early = [stage.file(planned_visit_at=ELEVEN) for _ in range(6)]
            stage.file("ben", shared)
            early.append(stage.file("ana", shared))
        late = stage.file()
        found["held"] = early[0].reference
        found["unsigned"] = stage.arrive(early[1]).reference
        found["late"] = stage.sign(stage.arrive(late)).reference
        found["audit"] = stage.sign(stage.arrive(early[6])).reference
        signed_off = stage.sign(stage.arrive(early[2]))
        visit_flow.audit_visit(actor=bo, visit=signed_off, passed=True)
        found["sign_off"] = signed_off.reference
        entry = stage.sign(stage.arrive(early[3]))
        visit_flow.audit_visit(actor=bo, visit=entry, passed=True)
        visit_flow.sign_off_visit(actor=lin, visit=entry)
        found["entry"] = entry.reference
        done = stage.complete(stage.sign(stage.arrive(early[4])))
        found["done"], found["bulk"] = done.reference, early[4].reference
        classification.classify(actor=bo, registration=early[4], bulk=True, reason="六套")
        asked = extensions.ask_extension(actor=stage.people.get("ana"), registration=early[4], reason="集团采购")
        found["extension"] = asked.reference
        found["shared"] = early[6].reference
        db.session.flush()
        return found

    return in_app(work, ELEVEN)


PAGES = (
    ("rui", "/site/arrivals"),
    ("rui", "/site/visits/{unsigned}"),
    ("rui", "/site/visits/{late}"),
    ("rui", "/site/visits/{done}"),
    ("rui", "/site/archive"),
    ("bo", "/site/audits"),
    ("bo", "/site/audits/{audit}"),
    ("bo", "/site/audits/{done}"),
    ("bo", "/site/inbox"),
    ("bo", "/site/registrations"),
    ("bo", "/site/registrations/{shared}"),
    ("bo", "/site/registrations/{bulk}"),
    ("bo", "/site/registrations/{bulk}/correct"),
    ("bo", "/site/classifications"),
    ("bo", "/site/classifications/{bulk}"),
    ("bo", "/site/classifications/{held}"),
    ("lin", "/site/inbox"),
    ("lin", "/site/sign-offs/{sign_off}"),
    ("lin", "/site/sign-offs/{audit}"),
    ("lin", "/site/excuses/{late}"),
    ("lin", "/site/excuses/{audit}"),
    ("lin", "/site/extensions/{extension}"),
    ("cai", "/site/entries"),
    ("cai", "/site/entries/{entry}"),
    ("cai", "/site/entries/{done}"),
)


@pytest.mark.parametrize("language", ["zh_Hans_CN", "en"])
def test_a_busy_site_shows_everything_soundly(
    at_work: Callable[[str], Browser], busy: dict[str, str], language: str
) -> None:
    browsers = {who: at_work(who) for who in EMPTY}
    for browser in browsers.values():
        browser.get(f"/language?lang={language}")
    for who, address in PAGES:
        assert_page(browsers[who].get(address.format(**busy)))


def test_the_board_alone_is_a_fragment_that_asks_for_itself(
    at_work: Callable[[str], Browser], busy: dict[str, str]
) -> None:
    answer = at_work("rui").get("/site/arrivals", headers={"HX-Request": "true"})
    html = assert_page(answer, fragment=True)
    assert 'id="board"' in html and 'data-poll="15"' in html and "<main" not in html


def test_the_board_stops_asking_after_closing(at_work: Callable[[str], Browser], people: Any) -> None:
    with clock.set_to(ELEVEN + timedelta(hours=13)):
        rui = at_work("rui")
        assert "data-poll" not in rui.get("/site/arrivals").get_data(as_text=True)


def test_before_opening_the_board_says_from_when_it_refreshes(at_work: Callable[[str], Browser], people: Any) -> None:
    with clock.set_to(NINE - timedelta(hours=4)):
        html = at_work("rui").get("/site/arrivals").get_data(as_text=True)
    assert "还没开馆，07:00 起自动更新" in html and "data-poll" not in html


def test_the_first_project_is_the_one_given_first(
    at_work: Callable[[str], Browser], in_app: Callable[..., Any], people: Any
) -> None:
    def give_another(stage: Stage) -> str:
        other = db.session.get_one(Project, people.other_project_id)
        rui = stage.people.get("rui")
        rui.grants.append(RoleGrant(role="reception", project_id=other.id))
        return str(other.name)

    name = in_app(give_another)
    html = at_work("rui").get("/site/walk-ins").get_data(as_text=True)
    assert html.index('aria-current="true">云栖府') < html.index(f">{name}</a>")


@pytest.mark.parametrize("who", EMPTY)
def test_the_rules_are_in_everybodys_menu(at_work: Callable[[str], Browser], who: str) -> None:
    assert 'href="/policies"' in at_work(who).get("/site/arrivals").get_data(as_text=True)
