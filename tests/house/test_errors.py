"""When something goes wrong, people read what happened, what was kept and what to do, and get back what they typed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from sqlalchemy import text

from portal import create_app
from portal.extensions import csrf, db
from portal.rules.refusal import Refusal
from portal.wording.refusals import REASONS
from tests.pages import assert_page, problems, text_of

HTMX = {"HX-Request": "true"}
TYPED = {"name": "林书航<b>", "phone": "166 0000 3391", "password": "secret-word", "visit_note": "下午来"}


@pytest.fixture(scope="module")
def failing(settings_env: dict[str, str]) -> Iterator[Flask]:
    """The application with routes that fail in every way, as in production: exceptions do not reach the test."""
    app = create_app()

    def crash() -> str:
        raise RuntimeError("nobody has caught this")

    def refuse() -> str:
        end = datetime(2026, 4, 10, 16, tzinfo=UTC)
        raise Refusal("already_filed", "RE-2.8", reference="YQ-2604-1", ends_at=end, zone="Asia/Shanghai")

    def break_database() -> str:
        db.session.execute(text("SELECT * FROM no_such_table"))
        return ""

    app.add_url_rule("/fail/<int:code>", "fail", lambda code: abort(code), methods=["GET", "POST"])
    for name, view in {"crash": crash, "refuse": refuse, "database": break_database}.items():
        app.add_url_rule(f"/{name}", name, view, methods=["GET", "POST"])
    for name in ("fail", "crash", "refuse", "database"):
        csrf.exempt(app.view_functions[name])
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def client(failing: Flask) -> FlaskClient:
    return failing.test_client()


@pytest.mark.parametrize("code", [400, 403, 404, 409, 413, 422, 429, 500, 503])
def test_a_failure_is_a_page_with_three_lines_and_a_number(client: FlaskClient, code: int) -> None:
    html = assert_page(client.get(f"/fail/{code}"), code)
    for line in ("发生了什么", "保留了什么", "怎么办"):
        assert line in html
    assert re.search(r"E-[0-9A-F]{4}-[0-9A-F]{4}", html)


@pytest.mark.parametrize("code", [403, 409, 429, 500])
def test_htmx_gets_a_notice_that_leaves_the_form_alone(client: FlaskClient, code: int) -> None:
    answer = client.post(f"/fail/{code}", data=TYPED, headers=HTMX)
    assert answer.status_code == code
    assert (answer.headers["HX-Retarget"], answer.headers["HX-Reswap"]) == ("#notices", "innerHTML")
    assert answer.headers["HX-Reselect"] == "unset"  # a form that looks for its page in the answer would find nothing
    html = answer.get_data(as_text=True)
    assert "<html" not in html and 'role="alert"' in html
    assert problems(html, fragment=True) == []


def test_what_was_typed_comes_back_without_secrets(client: FlaskClient) -> None:
    html = assert_page(client.post("/crash", data=TYPED), 500)
    assert 'value="林书航&lt;b&gt;"' in html and 'value="166 0000 3391"' in html and 'value="下午来"' in html
    assert "secret-word" not in html
    assert "再提交一次" in html and 'action="/crash"' in html


def test_too_much_is_not_given_back(client: FlaskClient) -> None:
    html = assert_page(client.post("/crash", data={"text": "长" * 20_001}), 500)
    assert "长长" not in html


def test_a_refusal_that_nobody_caught_speaks_for_itself(client: FlaskClient) -> None:
    html = assert_page(client.post("/refuse", data=TYPED), 409)
    words = text_of(html)
    assert "您已报备过这位客户，保护仍有效，编号 YQ-2604-1，至 2026-04-10 23:59。" in words
    assert str(REASONS["already_filed"][2]) in words
    assert ">RE-2.8</a>" in html


def test_a_broken_database_still_gets_an_answer(client: FlaskClient) -> None:
    assert_page(client.post("/database", data=TYPED), 500)


def test_a_form_without_its_token_is_told_so(client: FlaskClient) -> None:
    html = assert_page(client.post("/sign-in", data={"login": "ana", "password": "secret-word"}), 419)
    assert "页面放得太久" in html and 'value="ana"' in html and "secret-word" not in html


def test_a_wrong_method_names_the_right_ones(client: FlaskClient) -> None:
    answer = client.delete("/sign-in")
    assert answer.status_code in (405, 419)
    answer = client.get("/static/nothing.css")
    assert answer.status_code == 404


def test_failures_are_said_in_english_too(client: FlaskClient) -> None:
    with client.session_transaction() as session:
        session["locale"] = "en"
    html = assert_page(client.get("/fail/404"), 404)
    assert 'lang="en"' in html and "What happened" in html
    assert not re.search(r"[\u4e00-\u9fff]", text_of(html).replace("简体中文", ""))


def test_somebody_signed_in_keeps_the_menu(browse: Callable[[str], FlaskClient]) -> None:
    html = assert_page(browse("hua").get("/no-such-page"), 404)
    assert 'aria-label="主导航"' in html and "华敏" in html
