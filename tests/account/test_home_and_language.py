"""Where people begin, what they see of themselves, and in which language."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.models import RoleGrant, db
from tests.fixtures import People
from tests.pages import assert_page
from tests.send import try_to_sign_in

Browse = Callable[..., FlaskClient]
#: Where each one's day begins.
DOORS = {
    "ana": "/distributor/",
    "olga": "/distributor/",
    "rui": "/site/arrivals",
    "bo": "/site/audits",
    "cai": "/site/entries",
    "lin": "/site/inbox",
    "hua": "/hq/inbox",
    "kit": "/hq/complaints",
    "fin": "/hq/inbox",
    "dan": "/hq/inbox",
    "leo": "/hq/inbox",
    "gia": "/hq/inbox",
    "ada": "/hq/accounts",
    "aud": "/hq/overview",
    "sid": "/site/audits",
}


@pytest.mark.parametrize(("who", "door"), DOORS.items())
def test_everybody_begins_with_the_days_work(browse: Browse, who: str, door: str) -> None:
    client = browse(who)
    answer = client.get("/")
    assert (answer.status_code, answer.location) == (303, door)
    assert_page(client.get(door))


def test_who_works_in_two_rooms_chooses(browse: Browse, app: Flask, people: People) -> None:
    with app.app_context():
        db.session.add(RoleGrant(user_id=people.users["ada"], role="site_leader", project_id=people.project_id))
        db.session.commit()
    html = assert_page(browse("ada").get("/"))
    assert "进入案场" in html
    assert 'href="/hq/accounts"' in html


@pytest.mark.parametrize("who", DOORS)
def test_everybody_has_a_page_of_their_own(browse: Browse, who: str) -> None:
    html = assert_page(browse(who).get("/me"))
    assert who in html


def test_the_own_page_masks_the_own_number(browse: Browse, app: Flask, people: People) -> None:
    with app.app_context():
        people.get("ana").phone = "+8613812345678"
        db.session.commit()
    html = browse("ana").get("/me").text
    assert "138****5678" in html
    assert "12345678" not in html.replace("138****5678", "")


def test_the_language_is_chosen_with_a_link_and_comes_back(browse: Browse) -> None:
    client = browse()
    answer = client.get("/language?lang=en&next=/sign-in")
    assert answer.location == "/sign-in"
    assert 'lang="en"' in client.get("/sign-in").text


def test_a_chosen_language_stays_through_the_sign_in(browse: Browse) -> None:
    client = browse()
    client.get("/language?lang=en")
    try_to_sign_in(client, "ana")
    assert "My account" in assert_page(client.get("/me"))


def test_the_language_of_a_person_is_remembered(browse: Browse) -> None:
    browse("ana").get("/language?lang=en")
    assert '<html lang="en"' in browse("ana").get("/me").text
    assert '<html lang="zh-Hans"' in browse("ben").get("/me").text


def test_a_language_nobody_speaks_here_is_not_found(browse: Browse) -> None:
    assert browse().get("/language?lang=xx").status_code == 404


def test_the_language_link_leads_nowhere_else(browse: Browse) -> None:
    assert browse("ana").get("/language?lang=en&next=https://evil.example").location == "/"
