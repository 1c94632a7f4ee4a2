"""A broker tells the site that a customer is coming (RE-3.1)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal import clock
from portal.models import ArrivalNotice, db
from tests.fixtures import Stage, csrf_of
from tests.pages import assert_page
from tests.rules.moments import SHANGHAI

Browse = Callable[..., FlaskClient]


@pytest.fixture
def page(app: Flask, stage: Stage) -> str:
    with app.app_context():
        reference = stage.file("ana").reference
        db.session.commit()
    return f"/distributor/customers/{reference}/arrival"


def in_hours(app: Flask, hours: int) -> str:
    with app.app_context():
        return (clock.now() + timedelta(hours=hours)).astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M")


def send(client: FlaskClient, page: str, when: str):  # type: ignore[no-untyped-def]
    return client.post(page, data={"csrf_token": csrf_of(client), "expected_at": when})


def notices(app: Flask) -> int:
    with app.app_context():
        return db.session.query(ArrivalNotice).count()


def test_the_site_is_told_once_however_often_it_is_sent(app: Flask, browse: Browse, page: str) -> None:
    ana, when = browse("ana"), in_hours(app, 3)
    assert [send(ana, page, when).status_code for _ in range(2)] == [303, 303]
    assert notices(app) == 1


@pytest.mark.parametrize(
    "when", ["", "soon", "2026-13-45T99:99", "<b>", "2020-01-01T10:00", "2099-01-01T10:00", "0001-01-01T00:00"]
)
def test_a_time_that_is_none_or_cannot_be_is_refused_and_nothing_is_stored(
    app: Flask, browse: Browse, page: str, when: str
) -> None:
    assert send(browse("ana"), page, when).status_code in {409, 422}
    assert notices(app) == 0


@pytest.mark.parametrize(("who", "status"), [("rui", 403), ("hua", 403), ("ben", 404), ("abe", 404)])
def test_nobody_else_announces(browse: Browse, page: str, who: str, status: int) -> None:
    assert browse(who).get(page).status_code == status


def test_the_customer_page_offers_it(browse: Browse, page: str) -> None:
    assert "通知到访" in assert_page(browse("ana").get(page.removesuffix("/arrival")))
