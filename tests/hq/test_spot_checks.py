"""Spot checks on the screens of headquarters: drawn, asked about, reported; the auditor reads (RE-4.6, RE-4.7)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.models import CheckTry, Finding, SpotCheck, db
from tests.clashes import clashed
from tests.fixtures import Stage, csrf_of

Browse = Callable[..., FlaskClient]

NEW = "/hq/spot-checks/new"
WANTED = {"first_day": "2026-01-01", "last_day": "2049-12-31", "number": "5", "reason": "季度抽查"}


@pytest.fixture
def checked(app: Flask, stage: Stage, browse: Browse) -> str:
    """The page of a check of the one deal that there is, drawn by Hua."""
    with app.app_context():
        clashed(stage)
        db.session.commit()
    answer = _draw(browse("hua"))
    assert answer.status_code == 303
    return str(answer.location)


def _draw(client: Any, **changes: str) -> Any:
    shown = client.get(NEW)
    assert shown.status_code == 200
    key = re.search(r'name="submission_key"[^>]*value="([^"]+)"', shown.text)
    assert key is not None, shown.text
    sent = {"csrf_token": csrf_of(client, NEW), "submission_key": key[1], **WANTED, **changes}
    return client.post(NEW, data=sent)


def _ask(client: Any, page: str, **values: str) -> Any:
    link = re.search(r'href="(/hq/spot-checks/[^"]+/deals/[^"]+)"', client.get(page).text)
    assert link is not None
    data = {"csrf_token": csrf_of(client, link[1]), "method": "call", "words": "", "asked_at": "", **values}
    return client.post(link[1], data=data)


def count(app: Flask, model: Any) -> int:
    with app.app_context():
        return db.session.scalar(db.select(db.func.count()).select_from(model)) or 0


def test_a_check_is_drawn_asked_about_and_reported(app: Flask, checked: str, browse: Browse) -> None:
    hua = browse("hua")
    assert "1 笔待询问" in hua.get("/hq/spot-checks").text
    assert _ask(hua, checked, result="name_unknown", words="没听过这家公司").status_code == 303
    with app.app_context():
        case = db.session.scalars(db.select(Finding.reference).where(Finding.kind == "false_filing")).one()
    assert case in hua.get(checked).text
    closing = {"csrf_token": csrf_of(hua, checked), "conclusion": "一笔疑似违约报备，已立案"}
    assert hua.post(f"{checked}/conclusion", data=closing).status_code == 303
    assert "一笔疑似违约报备" in hua.get(checked).text
    table = hua.get(f"{checked}/report.csv").data.decode("utf-8-sig")
    assert "没听过这家公司" in table and case in table


def test_what_cannot_be_comes_back_as_typed(app: Flask, checked: str, browse: Browse) -> None:
    hua = browse("hua")
    answer = _ask(hua, checked, result="confirmed", words="")
    assert answer.status_code == 409 and "原话" in answer.text
    assert _ask(hua, checked, words="是").status_code == 422
    assert count(app, CheckTry) == 0
    for changes in ({"number": "0"}, {"last_day": "2025-12-31"}, {"reason": ""}):
        assert _draw(hua, **changes).status_code == 422
    assert _draw(hua, first_day="2048-01-01", last_day="2048-01-02").status_code == 409
    early = hua.post(f"{checked}/conclusion", data={"csrf_token": csrf_of(hua, checked), "conclusion": "无"})
    assert early.status_code == 409


def test_the_auditor_reads_and_asks_nobody(checked: str, browse: Browse) -> None:
    aud = browse("aud")
    assert aud.get(checked).status_code == 200 and aud.get(f"{checked}/report.csv").status_code == 200
    assert aud.get(NEW).status_code == 403
    assert re.search(r'href="/hq/spot-checks/[^"]+/deals/', aud.get(checked).text) is None


@pytest.mark.parametrize("who", ["ana", "olga", "bo", "kit"])
def test_nobody_else_sees_any_of_it(checked: str, browse: Browse, who: str) -> None:
    assert browse(who).get(checked).status_code == 403


def test_a_form_pressed_twice_is_one_check(app: Flask, stage: Stage, browse: Browse) -> None:
    with app.app_context():
        clashed(stage)
        db.session.commit()
    hua = browse("hua")
    page = hua.get(NEW).text
    key = re.search(r'name="submission_key"[^>]*value="([^"]+)"', page)
    assert key is not None
    sent = {"csrf_token": csrf_of(hua, NEW), "submission_key": key[1], **WANTED}
    assert [hua.post(NEW, data=sent).status_code for _time in range(2)] == [303, 303]
    assert count(app, SpotCheck) == 1
