"""What every answer carries, what every request is held to, and what never reaches a log."""

from __future__ import annotations

import logging
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from redis import Redis

from launcher.places import ROOT
from portal import REDIS_PATIENCE, create_app, security
from portal.config import load_settings
from portal.models import db
from tests.fixtures import People

PAGES = ("/sign-in", "/clauses/RE-2.8", "/check/nothing", "/healthz", "/nowhere")


@pytest.mark.parametrize("page", PAGES)
def test_every_answer_carries_the_headers(browse: Callable[..., FlaskClient], page: str) -> None:
    headers = browse().get(page).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy and "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy and "data:" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Permissions-Policy"].startswith("camera=(), microphone=()")
    assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("page", ["/notices", "/me"])
def test_pages_of_people_signed_in_are_stored_nowhere(browse: Callable[..., FlaskClient], page: str) -> None:
    answer = browse("ana").get(page)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")


def test_static_files_may_be_kept(browse: Callable[..., FlaskClient]) -> None:
    with browse().get("/static/site.css") as answer:
        assert answer.headers.get("Cache-Control") != "no-store"
        assert "Content-Security-Policy" in answer.headers


def test_over_https_cookies_are_bound_to_the_host_and_browsers_stay_on_https(people: People) -> None:
    app = create_app(load_settings().model_copy(update={"cookie_secure": True}))
    answer = app.test_client().get("/sign-in", base_url="https://localhost")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-jieding=")
    assert all(flag in cookie for flag in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"))
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    with app.app_context():
        db.engine.dispose()


def test_a_body_too_large_is_refused(browse: Callable[..., FlaskClient]) -> None:
    answer = browse().post("/sign-in", data={"login": "a" * (security.LIMITS["MAX_FORM_MEMORY_SIZE"] + 1)})
    assert answer.status_code in {413, 419}


@pytest.mark.parametrize(
    ("who", "address"),
    [
        ("hua", "/hq/overview?project=a%00b"),
        ("hua", "/hq/registrations?distributor=a%00b"),
        ("ana", "/distributor/customers/a%00b"),
        (None, "/check/a%00b"),
    ],
)
def test_an_address_that_no_database_looks_up_leads_nowhere(
    browse: Callable[..., FlaskClient], who: str | None, address: str
) -> None:
    assert (browse(who) if who else browse()).get(address).status_code == 404


@pytest.mark.parametrize(
    "said",
    ["13800003691", "138 0000 3691", "+8613800003691", "0086-138-0000-3691", "11010519491231002X", "+852 9123 4567"],
)
def test_logs_show_no_number(said: str) -> None:
    assert security.masked(f"打{said}。") == "打[number]。"


@pytest.mark.parametrize(
    "said", ["YQ-2604-4F7K2M", "2026-04-10 23:59:59", "E-7F31-20C4", "42", "127.0.0.1:8000", "1712345678.123"]
)
def test_other_digits_stay(said: str) -> None:
    assert security.masked(said) == said


def test_neither_message_nor_traceback_of_a_record_shows_it(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    log = logging.getLogger("portal.anything")
    try:
        raise ValueError("13800003691 is taken")
    except ValueError:
        log.exception("filing %s failed", "13800003691")
    assert "13800003691" not in caplog.text
    assert "filing [number] failed" in caplog.text and "[number] is taken" in caplog.text


def test_an_sql_error_shows_no_values(session) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(Exception, match="hide_parameters") as raised:
        session.execute(db.text("SELECT 1 / (:phone - 13800003691)"), {"phone": 13800003691})
    session.rollback()
    assert "'phone'" not in str(raised.value)


_WITHOUT_REDIS = """
from portal import create_app
from tests.fixtures import PASSWORD, csrf_of
client = create_app().test_client()
typed = {"login": "ana", "password": PASSWORD, "csrf_token": csrf_of(client)}
print(client.post("/sign-in", data=typed).status_code, client.get("/notices").status_code)
print(*[client.get("/check/nothing").status_code for _ in range(32)])
"""


def test_without_redis_people_sign_in_and_rates_are_counted_in_memory(people: People) -> None:
    """In a process of its own: the limiter is one for all applications of a process."""
    env = {**os.environ, "RATE_LIMITS": "true", "REDIS_URL": "redis://127.0.0.1:1/0"}
    done = subprocess.run(
        [sys.executable, "-c", _WITHOUT_REDIS], cwd=ROOT, env=env, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["303", "200"] + ["404"] * 30 + ["429"] * 2, done.stderr


_WITHOUT_DATABASE = """
from portal import create_app, sessions
client = create_app().test_client()
with client.session_transaction() as cookie:
    cookie.update({"_user_id": "1", "_fresh": True, sessions.EPOCH: 1, sessions.UNTIL: 2**40})
answer = client.get("/healthz")
print(answer.status_code, answer.get_json()["database"])
"""


def test_health_asks_nobody_who_is_there(app: Flask) -> None:
    """A browser that is signed in hears as well that the database is away, and not a page that failed."""
    env = {**os.environ, "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing"}
    done = subprocess.run(
        [sys.executable, "-c", _WITHOUT_DATABASE], cwd=ROOT, env=env, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["503", "away"], done.stderr


def test_health_says_what_is_away(app: Flask, browse: Callable[..., FlaskClient]) -> None:
    client = browse()
    assert client.get("/healthz").get_json() == {"database": "ok", "redis": "ok"}
    there, app.extensions["redis"] = app.extensions["redis"], Redis(port=1, **REDIS_PATIENCE)
    try:
        answer = client.get("/healthz")
    finally:
        app.extensions["redis"] = there
    assert (answer.status_code, answer.get_json()["redis"]) == (200, "away")


def test_a_redis_that_hung_is_not_waited_for_long(
    app: Flask, browse: Callable[..., FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        monkeypatch.setitem(app.extensions, "redis", Redis.from_url(address, **REDIS_PATIENCE))
        began = time.monotonic()
        assert browse().get("/healthz").get_json()["redis"] == "away"
        # Two tries of a second each; the library's own way is four of five seconds with pauses.
        assert time.monotonic() - began < 15
