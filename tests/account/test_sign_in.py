"""Signing in: who gets in, what the others are told, and that nobody learns which logins exist."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from portal import clock, create_app
from portal.extensions import limiter
from portal.models import HistoryEntry, SignInAttempts, User, db
from portal.services import sign_in
from tests.fixtures import PASSWORD, People, csrf_of
from tests.likeness import statements_of
from tests.pages import assert_page, text_of
from tests.send import send, try_to_sign_in

Browse = Callable[..., FlaskClient]


@pytest.fixture
def browse(app: Flask, people: People) -> Browse:
    """``browse("ana")`` is a browser in which Ana has signed in with her password."""

    def open_browser(name: str | None = None) -> FlaskClient:
        client = app.test_client()
        if name is not None:
            answer = try_to_sign_in(client, name)
            assert answer.status_code == 303, answer.get_data(as_text=True)[:2000]
        return client

    return open_browser


def verbs(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(db.select(HistoryEntry.verb).order_by(HistoryEntry.id)))


def test_the_right_password_opens_the_room(browse: Browse, app: Flask) -> None:
    client = browse()
    assert_page(client.get("/sign-in"))
    answer = try_to_sign_in(client, "ana")
    assert (answer.status_code, answer.location) == (303, "/")
    assert_page(client.get("/me"))
    assert verbs(app)[-1] == "user.signed_in"


def test_a_wrong_password_asks_the_database_the_same_as_an_unknown_login(browse: Browse, app: Flask) -> None:
    asked = []
    for login in ("olga", "nobody", "ana", "nobody-either"):
        client = browse()
        token = csrf_of(client, "/sign-in")
        with statements_of(app) as statements:
            form = {"login": login, "password": "wrong", "csrf_token": token}
            assert client.post("/sign-in", data=form).status_code == 422
        asked.append(statements)
    # The first two only warm caches up.
    assert asked[2] == asked[3]


@pytest.mark.parametrize("spelling", ["ANA", " ana ", "ａｎａ"])
def test_the_login_is_read_in_any_spelling(browse: Browse, spelling: str) -> None:
    assert try_to_sign_in(browse(), spelling).status_code == 303


def test_a_wrong_password_keeps_the_login_and_says_how_many_tries_are_left(browse: Browse) -> None:
    html = assert_page(try_to_sign_in(browse(), "ana", "wrong"), 422)
    assert "登录名或密码不正确" in html
    assert "还可再试 4 次" in html
    assert 'value="ana"' in html
    assert "wrong" not in html


@pytest.mark.parametrize(
    ("login", "password", "says"),
    [
        ("", "x", "请填写手机号或登录名"),
        ("ana", "", "请填写密码"),
        ("a" * 101, "x", "最多 100 个字符"),
        ("a\x00na", "x", "控制字符"),
    ],
)
def test_what_is_not_a_login_is_said_so(browse: Browse, login: str, password: str, says: str) -> None:
    assert says in assert_page(try_to_sign_in(browse(), login, password), 422)


@pytest.mark.parametrize("login", ["<script>alert(1)</script>", "安娜😀", "' OR 1=1 --"])
def test_odd_logins_are_answered_like_any_other(browse: Browse, login: str) -> None:
    html = assert_page(try_to_sign_in(browse(), login), 422)
    assert "还可再试 4 次" in html
    assert "<script>alert" not in html


def test_an_unknown_login_is_answered_word_for_word_like_a_known_one(browse: Browse) -> None:
    known, unknown = browse(), browse()
    for _ in range(sign_in.MAX_FAILURES + 1):
        first, second = (try_to_sign_in(known, "ana", "wrong"), try_to_sign_in(unknown, "eva", "wrong"))
        assert first.status_code == second.status_code
        assert plain(first.text) == plain(second.text)


def plain(html: str) -> str:
    """The words of the page without the minute in them."""
    return re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d", "", text_of(html))


def test_an_unknown_login_costs_the_same_work(app: Flask, people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    verified: list[str] = []
    real = PasswordHasher.verify
    monkeypatch.setattr(PasswordHasher, "verify", lambda self, h, p: verified.append(h) or real(self, h, p))
    with app.app_context():
        for login in ("ana", "eva", "\x00"):
            sign_in.sign_in(login=login, password="wrong")
    costs = [re.search(r"m=\d+,t=\d+,p=\d+", used) for used in verified]
    assert len(verified) == 3
    assert len({found[0] for found in costs if found}) == 1


def test_five_failures_lock_the_login_for_fifteen_minutes(browse: Browse, app: Flask, people: People) -> None:
    with app.app_context():
        start = clock.now()
    client = browse()
    with clock.set_to(start):
        for _ in range(4):
            try_to_sign_in(client, "ana", "wrong")
        assert "暂停登录 15 分钟" in assert_page(try_to_sign_in(client, "ana", "wrong"), 422)
    with clock.set_to(start + timedelta(minutes=15, seconds=-1)):
        assert try_to_sign_in(client, "ana").status_code == 422
    with clock.set_to(start + timedelta(minutes=15)):
        assert try_to_sign_in(client, "ana").status_code == 303
    assert verbs(app).count("user.locked_out") == 1


def guess(client: FlaskClient, login: str, times: int = sign_in.MAX_FAILURES) -> str:
    """What the last of so many wrong passwords is answered."""
    return [try_to_sign_in(client, login, "wrong").text for _ in range(times)][-1]


def out(client: FlaskClient) -> FlaskClient:
    """The browser once its person has signed out."""
    assert send(client, "/sign-out", "/me").status_code == 303
    return client


def test_who_guesses_elsewhere_locks_nobody_out_of_a_browser_of_theirs(browse: Browse) -> None:
    mine, stranger = out(browse("ana")), browse()
    assert "暂停登录" in guess(stranger, "ana")
    assert try_to_sign_in(browse(), "ana").status_code == 422
    assert try_to_sign_in(mine, "ana").status_code == 303


def test_a_known_browser_has_five_tries_of_its_own(browse: Browse) -> None:
    mine = out(browse("ana"))
    assert "暂停登录" in guess(mine, "ana")
    assert try_to_sign_in(mine, "ana").status_code == 422
    assert try_to_sign_in(browse(), "ana").status_code == 303


def test_a_browser_is_known_for_those_who_signed_in_there_and_for_nobody_else(browse: Browse) -> None:
    shared = out(browse("ana"))
    assert try_to_sign_in(shared, "rui").status_code == 303
    out(shared)
    for login in ("ana", "rui", "ben"):
        guess(browse(), login)
    assert try_to_sign_in(shared, "ben").status_code == 422
    assert try_to_sign_in(shared, "ana").status_code == 303
    out(shared)
    assert try_to_sign_in(shared, "rui").status_code == 303


def test_once_all_sessions_are_ended_no_browser_is_known(browse: Browse) -> None:
    mine = browse("ana")
    assert send(mine, "/me/sign-out-everywhere").status_code == 303
    guess(browse(), "ana")
    assert try_to_sign_in(mine, "ana").status_code == 422


def test_to_unlock_is_to_unlock_everywhere(browse: Browse, app: Flask) -> None:
    mine = out(browse("ana"))
    for client in (mine, browse()):
        guess(client, "ana")
    with app.app_context():
        assert sign_in.unlock(login="ana")
        db.session.commit()
    assert try_to_sign_in(mine, "ana").status_code == 303


@pytest.mark.parametrize("value", ["", ".....", "x" * 3000, "é.\x7f", "a.b.c.d.e.f.g.h.i.j"])
def test_a_forged_mark_is_none(browse: Browse, value: str) -> None:
    client = browse()
    client.set_cookie("known-browser", value, path="/sign-in")
    assert "还可再试 4 次" in guess(client, "ana", 1)
    guess(browse(), "ana", 4)
    assert try_to_sign_in(client, "ana").status_code == 422


def test_the_mark_goes_to_the_sign_in_page_alone_and_names_nobody(browse: Browse) -> None:
    answer = try_to_sign_in(browse(), "ana")
    (cookie,) = (one for one in answer.headers.getlist("Set-Cookie") if one.startswith("known-browser="))
    assert all(flag in cookie for flag in ("Path=/sign-in", "HttpOnly", "SameSite=Lax"))
    assert "ana" not in cookie


def test_after_the_lock_there_are_five_tries_again(browse: Browse, app: Flask, people: People) -> None:
    with app.app_context():
        start = clock.now()
    for _ in range(5):
        try_to_sign_in(browse(), "ana", "wrong")
    with clock.set_to(start + timedelta(minutes=16)):
        assert "还可再试 4 次" in try_to_sign_in(browse(), "ana", "wrong").text


def test_success_forgets_the_failures(browse: Browse, app: Flask) -> None:
    client = browse()
    for _ in range(4):
        try_to_sign_in(client, "ana", "wrong")
    assert try_to_sign_in(client, "ana").status_code == 303
    assert "还可再试 4 次" in try_to_sign_in(browse(), "ana", "wrong").text


def test_a_lock_does_not_end_sessions_that_are_open(browse: Browse) -> None:
    inside = browse("ana")
    for _ in range(5):
        try_to_sign_in(browse(), "ana", "wrong")
    assert inside.get("/me").status_code == 200


def test_tries_at_the_same_time_are_all_counted(app: Flask, people: People) -> None:
    def guess(_: int) -> int:
        with app.app_context():
            attempt = sign_in.sign_in(login="ana", password="wrong")
            db.session.commit()
            return attempt.tries_left

    with ThreadPoolExecutor(8) as pool:
        left = sorted(pool.map(guess, range(8)), reverse=True)
    assert left == [4, 3, 2, 1, 0, 0, 0, 0]


def test_failures_of_yesterday_are_forgotten_and_swept(app: Flask, people: People) -> None:
    with app.app_context():
        start = clock.now()
        with clock.set_to(start):
            for login in ("ana", "eva", "ida"):
                sign_in.sign_in(login=login, password="wrong")
        db.session.commit()
        with clock.set_to(start + timedelta(days=1, seconds=1)):
            assert sign_in.sign_in(login="ana", password="wrong").tries_left == 4
        db.session.commit()
        assert db.session.query(SignInAttempts).count() == 1


def test_no_login_is_stored_with_the_failures(app: Flask, people: People) -> None:
    with app.app_context():
        sign_in.sign_in(login="my-secret-password", password="wrong")
        row = db.session.query(SignInAttempts).one()
        assert b"secret" not in row.login_fingerprint


def test_a_disabled_account_is_told_so_only_with_the_right_password(browse: Browse, app: Flask, people: People) -> None:
    with app.app_context():
        people.get("ana").disabled_at = clock.now()
        db.session.commit()
    assert "登录名或密码不正确" in try_to_sign_in(browse(), "ana", "wrong").text
    client = browse()
    assert "账号已停用" in assert_page(try_to_sign_in(client, "ana"), 403)
    assert client.get("/me").status_code == 303


def test_people_of_a_blacklisted_distributor_stay_outside(browse: Browse, app: Flask, people: People) -> None:
    with app.app_context():
        people.distributor().status = "blacklisted"
        db.session.commit()
    client = browse()
    html = assert_page(try_to_sign_in(client, "ana"), 403)
    assert "合作已终止" in html
    assert "RE-5.4" in html
    assert client.get("/me").status_code == 303


def test_people_of_a_suspended_distributor_sign_in_and_read(browse: Browse, app: Flask, people: People) -> None:
    with app.app_context():
        people.distributor().status = "suspended"
        db.session.commit()
    assert browse("ana").get("/me").status_code == 200


def test_nothing_planted_before_the_sign_in_survives_it(browse: Browse) -> None:
    client = browse()
    token = csrf_of(client)
    with client.session_transaction() as cookie:
        cookie["planted"] = "by somebody else"
    client.post("/sign-in", data={"login": "ana", "password": PASSWORD, "csrf_token": token})
    with client.session_transaction() as cookie:
        assert "planted" not in cookie
    assert csrf_of(client, "/me") != token


@pytest.mark.parametrize("wanted", ["/me", "/me?a=1"])
def test_the_page_that_was_wanted_comes_next(browse: Browse, wanted: str) -> None:
    client = browse()
    answer = client.get(wanted)
    assert answer.location.startswith("/sign-in?next=")
    assert try_to_sign_in(client, "ana", address=answer.location).location == wanted


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil",
        "javascript:alert(1)",
        "/\tevil",
        "evil",
        "",
    ],
)
def test_no_other_place_comes_next(browse: Browse, wanted: str) -> None:
    client = browse()
    answer = client.post(
        "/sign-in",
        query_string={"next": wanted},
        data={"login": "ana", "password": PASSWORD, "csrf_token": csrf_of(client)},
    )
    assert answer.location == "/"


def test_who_is_inside_is_sent_on_from_the_sign_in_page(browse: Browse) -> None:
    assert browse("ana").get("/sign-in").location == "/"


def test_a_hash_with_old_parameters_is_renewed(browse: Browse, app: Flask, people: People) -> None:
    with app.app_context():
        people.get("ana").password_hash = old = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(
            PASSWORD
        )
        db.session.commit()
    browse("ana")
    with app.app_context():
        assert people.get("ana").password_hash != old
    browse("ana")


def test_without_the_token_of_the_form_nothing_happens(browse: Browse, app: Flask) -> None:
    client = browse()
    assert client.post("/sign-in", data={"login": "ana", "password": PASSWORD}).status_code == 419
    with app.app_context():
        assert db.session.query(SignInAttempts).count() == 0
        assert db.session.query(User).filter_by(login="ana").one().session_epoch == 1


@pytest.fixture
def limited(settings_env: dict[str, str], people: People, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """The application with its rate limits on."""
    monkeypatch.setenv("RATE_LIMITS", "true")
    application = create_app()
    application.testing = True
    limiter.reset()
    yield application
    limiter.reset()
    limiter.enabled = False
    with application.app_context():
        db.engine.dispose()


def test_one_address_may_try_thirty_times_a_minute(limited: Flask) -> None:
    client = limited.test_client()
    token = csrf_of(client)
    codes = [
        client.post("/sign-in", data={"login": "", "password": "", "csrf_token": token}).status_code for _ in range(31)
    ]
    assert codes == [422] * 30 + [429]
    assert client.get("/sign-in").status_code == 200


def test_signing_out_ends_the_session(browse: Browse) -> None:
    client = browse("ana")
    assert send(client, "/sign-out").location == "/sign-in"
    assert client.get("/me").status_code == 303
