"""Headquarters writes research and reports: works, invalid, wrong role, twice."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal import clock
from portal.models import db
from tests.caring import after_the_half_year, begun_task
from tests.fixtures import People
from tests.pages import assert_page
from tests.send import send

Browse = Callable[..., FlaskClient]


@pytest.fixture
def report(app: Flask, people: People) -> str:
    """The address of the report on the last half year, a few days after its end."""
    with app.app_context():
        when = after_the_half_year(clock.now())
    with clock.set_to(when):
        with app.app_context():
            address = f"/hq/care/tasks/{begun_task('report').reference}"
            db.session.commit()
        yield address


def test_from_the_list_to_the_finished_report(browse: Browse, report: str) -> None:
    hua = browse("hua")
    assert f'href="{report}"' in assert_page(hua.get("/hq/care/tasks"))
    assert f'href="{report}"' in assert_page(hua.get("/hq/inbox"))
    assert "改进措施" in assert_page(hua.get(report))
    assert_page(send(hua, report, report, findings="执行良好", measures=""), 422)
    said = {"findings": "执行良好，联系偏少", "measures": "华敏 8 月底前补齐联系"}
    assert send(hua, report, report, **said).status_code == 303
    html = assert_page(hua.get(report))
    assert said["findings"] in html and said["measures"] in html and "<textarea" not in html
    assert_page(send(hua, report, report, **said), 409)
    assert "已完成" in assert_page(hua.get("/hq/care/tasks"))


def test_the_auditor_reads_and_changes_nothing(browse: Browse, report: str) -> None:
    aud = browse("aud")
    assert "<textarea" not in assert_page(aud.get(report))
    assert send(aud, report, "/me", findings="x", measures="x").status_code == 403
    assert browse("olga").get("/hq/care/tasks").status_code == 403


def test_a_notice_leads_to_its_task(browse: Browse, report: str) -> None:
    assert f'href="{report}"' in assert_page(browse("hua").get("/notices"))
