"""Sessions: what ends them, how soon, and what a person with a first password may do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal import clock
from portal.models import Distributor, User, db
from portal.services import partnership
from tests.fixtures import People, csrf_of
from tests.pages import assert_page
from tests.send import send

Browse = Callable[..., FlaskClient]
HTMX = {"HX-Request": "true"}


def change(app: Flask, people: People, change_row: Callable[[User, Distributor], None]) -> None:
    with app.app_context():
        change_row(people.get("ana"), people.distributor())
        db.session.commit()


def test_a_disabled_account_is_outside_at_the_next_request(browse: Browse, app: Flask, people: People) -> None:
    client = browse("ana")
    with app.app_context():
        now = clock.now()
    change(app, people, lambda ana, _: setattr(ana, "disabled_at", now))
    answer = client.get("/me")
    assert answer.location == "/sign-in?next=/me"
    assert "您的登录已结束" in client.get(answer.location).text


def test_a_raised_epoch_ends_every_session(browse: Browse, app: Flask, people: People) -> None:
    first, second = browse("ana"), browse("ana")
    change(app, people, lambda ana, _: setattr(ana, "session_epoch", ana.session_epoch + 1))
    assert [client.get("/me").status_code for client in (first, second)] == [303, 303]


def test_a_blacklisted_distributor_is_outside_at_the_next_request(browse: Browse, app: Flask, people: People) -> None:
    client, rival = browse("ana"), browse("ben")
    change(app, people, lambda _, company: setattr(company, "status", "blacklisted"))
    assert "RE-5.4" in assert_page(client.get("/me"), 403)
    assert client.get("/me").status_code == 303
    assert rival.get("/me").status_code == 200


def test_whoever_is_inside_when_the_cooperation_ends_reads_so(browse: Browse, app: Flask, people: People) -> None:
    client = browse("ana")
    with app.app_context():
        partnership.blacklist(actor=people.get("hua"), distributor=people.distributor(), reason="第二次违规认定")
        db.session.commit()
    assert "合作已终止" in assert_page(client.get("/"), 403)
    assert client.get("/").location == "/sign-in?next=/"


def test_a_piece_of_a_page_leads_to_the_whole_page_that_says_so(browse: Browse, app: Flask, people: People) -> None:
    client = browse("ana")
    token = csrf_of(client, "/me")
    with app.app_context():
        partnership.blacklist(actor=people.get("hua"), distributor=people.distributor(), reason="第二次违规认定")
        db.session.commit()
    asked = client.get("/distributor/filings/lead", headers=HTMX)
    sent = client.post("/distributor/filings/new", data={"csrf_token": token}, headers=HTMX)
    assert [answer.headers.get("HX-Redirect") for answer in (asked, sent)] == ["/", "/"]
    assert "合作已终止" in assert_page(client.get("/"), 403)


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_blacklisted_distributor_changes_nothing_more(
    browse: Browse, app: Flask, people: People, method: str
) -> None:
    client = browse("olga")
    token = csrf_of(client, "/me")
    change(app, people, lambda _, company: setattr(company, "status", "blacklisted"))
    answer = getattr(client, method)("/distributor/brokers/new", data={"csrf_token": token})
    assert answer.status_code == 403


def test_a_session_lasts_as_long_as_the_settings_say(browse: Browse, app: Flask) -> None:
    hours = app.extensions["settings"].session_hours
    with app.app_context():
        start = clock.now()
    with clock.set_to(start):
        client = browse("ana")
    with clock.set_to(start + timedelta(hours=hours, seconds=-1)):
        assert client.get("/me").status_code == 200
    with clock.set_to(start + timedelta(hours=hours)):
        assert client.get("/me").status_code == 303


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(browse: Browse) -> None:
    client = browse()
    header = client.get("/sign-in").headers["Set-Cookie"]
    assert "HttpOnly" in header
    assert "SameSite=Lax" in header


def test_signing_out_everywhere_ends_the_other_browsers_too(browse: Browse) -> None:
    here, there, rival = browse("ana"), browse("ana"), browse("ben")
    assert send(here, "/me/sign-out-everywhere").location == "/sign-in"
    assert [client.get("/me").status_code for client in (here, there, rival)] == [303, 303, 200]


def test_htmx_is_sent_to_the_whole_sign_in_page(browse: Browse) -> None:
    answer = browse().get("/me", headers=HTMX)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/sign-in")


def test_the_first_password_comes_before_everything(browse: Browse, app: Flask, people: People) -> None:
    change(app, people, lambda ana, _: setattr(ana, "must_change_password", True))
    client = browse("ana")
    for address in ("/", "/me", "/distributor/brokers", "/nowhere-at-all"):
        assert client.get(address).status_code in {303, 404}
    assert client.get("/me").location == "/me/password"
    assert send(client, "/me/sign-out-everywhere", "/me/password").location == "/me/password"
    assert_page(client.get("/me/password"))
    assert client.get("/language?lang=en").status_code == 303
    assert send(client, "/sign-out", "/me/password").location == "/sign-in"


def test_static_files_ask_for_nobody(browse: Browse, app: Flask, people: People) -> None:
    change(app, people, lambda ana, _: setattr(ana, "must_change_password", True))
    with browse("ana").get("/static/site.css") as answer:
        assert answer.status_code == 200
