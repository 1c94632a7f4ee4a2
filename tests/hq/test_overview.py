"""The overview counts what it says: a month's filings and what became of them, what ends when, who has to act."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from psycopg import Connection
from sqlalchemy import text

from portal import clock
from portal.models import db
from portal.queries import dashboard, registrations
from portal.queries.dashboard import EndingDay, Funnel
from portal.wording.dashboard import chart, funnel_steps, month_before, month_of, months
from tests.fixtures import People, Stage
from tests.hq.conftest import visited
from tests.pages import assert_page, text_of
from tests.plenty import fill

Browse = Callable[..., FlaskClient]
NOW = datetime(2026, 3, 31, 17, 0, tzinfo=UTC)


def test_the_funnel_follows_each_filing_of_the_month(app: Flask, stage: Stage) -> None:
    with app.app_context():
        now = clock.now()
        visited(stage, days=0)
        held = stage.file("ana")
        signed = registrations.load(stage.file("ben").id)
        with clock.set_to(now + timedelta(hours=2)):
            stage.sign(stage.arrive(signed))
        db.session.commit()
        span = (now - timedelta(days=2), now + timedelta(days=1))
        assert dashboard.funnel(*span, None) == Funnel(filed=3, visited=2, audited=1, signed_off=1, entered=1)
        assert dashboard.funnel(*span, held.project_id + 1).filed == 0
        assert dashboard.filed_in(now - timedelta(days=90), now - timedelta(days=60), None) == 0
        shares = [(one.distributor.name, one.filed, one.visited, one.entered) for one in dashboard.shares(*span, None)]
        assert shares == [("甲渠道", 2, 1, 1), ("乙渠道", 1, 1, 0)]
        assert [(one.kind, one.number) for one in dashboard.waiting(now + timedelta(hours=3), None)] == [
            ("audit", 1),
            ("sign_off", 0),
            ("entry", 0),
            ("classification", 1),
            ("opinion", 0),
            ("decision", 0),
        ]


def test_an_end_counts_on_its_last_day_in_the_site_s_zone(app: Flask, stage: Stage) -> None:
    with app.app_context(), clock.set_to(datetime(2026, 4, 7, 15, 59, 59, tzinfo=UTC)):
        stage.file("ana")
        db.session.commit()
        assert dashboard.endings(clock.now(), None) == [EndingDay(date(2026, 4, 14), 1, 0)]


def test_an_application_waits_for_its_opinion_and_its_decision(
    app: Flask, people: People, asked: Callable[..., str]
) -> None:
    asked()
    with app.app_context():
        found = {one.kind: one.number for one in dashboard.waiting(clock.now(), people.project_id)}
        assert (found["opinion"], found["decision"]) == (1, 1)
        elsewhere = {one.number for one in dashboard.waiting(clock.now(), people.other_project_id)}
        assert elsewhere == {0}


@pytest.mark.parametrize("who", ["hua", "aud"])
@pytest.mark.parametrize("query", ["", "?project=YQ", "?month=2020-01", "?month=2999-13", "?month=%00&project=%27"])
def test_the_page_opens_for_headquarters_and_the_auditor(
    browse: Browse, app: Flask, stage: Stage, who: str, query: str
) -> None:
    with app.app_context():
        visited(stage, days=1)
        stage.file("ana")
        db.session.commit()
    page = text_of(assert_page(browse(who).get(f"/hq/overview{query}")))
    assert "从报备到录入" in page and "在等谁" in page


def test_an_empty_house_has_an_overview_too(browse: Browse, people: People) -> None:
    page = text_of(assert_page(browse("hua").get("/hq/overview")))
    assert "这个月没有报备" in page and "没有在等的" in page and "未来 14 天没有到期的" in page


def test_months_are_those_of_the_portal_s_zone() -> None:
    month = month_of("", NOW)
    assert month.key == "2026-04"
    assert month.start == datetime(2026, 3, 31, 16, tzinfo=UTC) and month.end == datetime(2026, 4, 30, 16, tzinfo=UTC)
    assert month_before(month_of("2026-01", NOW)).key == "2025-12"
    assert [one.key for one in months(NOW, 5)] == ["2026-04", "2026-03", "2026-02", "2026-01", "2025-12"]
    assert month_of("2026-05", NOW).key == month_of("1999-01", NOW).key == "2026-04"


def test_bars_are_shares_of_the_first_step(app: Flask) -> None:
    with app.test_request_context():
        steps = funnel_steps(Funnel(filed=200, visited=100, audited=80, signed_off=80, entered=20))
        none = funnel_steps(Funnel(filed=0, visited=0, audited=0, signed_off=0, entered=0))
    assert [step.width for step in steps] == [100.0, 50.0, 40.0, 40.0, 10.0]
    assert "50%" in steps[1].of_previous and "25%" in steps[4].of_previous
    assert {step.width for step in none} == {0.0}


def test_the_chart_has_every_day_and_a_scale_that_holds_the_highest() -> None:
    drawn = chart([EndingDay(date(2026, 4, 2), 30, 11)], NOW)
    assert len(drawn["bars"]) == 14 and drawn["bars"][0].day == date(2026, 4, 1)
    assert drawn["highest"].number == drawn["total"] == 41
    assert [number for _y, number in drawn["lines"]] == [0, 50, 100]
    tall = drawn["bars"][1]
    assert tall.hold_height + tall.live_height == pytest.approx((214 - 30) * 41 / 100, abs=0.2)
    assert chart([], NOW)["highest"] is None


@pytest.mark.parametrize(
    ("statement", "index"),
    [
        ("SELECT count(*) FROM registrations WHERE filed_at >= now() - interval '1 day'", "ix_registrations_filed"),
        ("SELECT * FROM registrations ORDER BY ends_at, id LIMIT 21", "ix_registrations_by_end"),
    ],
)
def test_a_month_and_the_whole_list_are_read_through_their_index(
    app: Flask, stage: Stage, owner_connection: Connection, statement: str, index: str
) -> None:
    with app.app_context():
        stage.file()
        db.session.commit()
        later = "+ (n - 20000) * interval '10 minutes'"
        fill(owner_connection, 20_000, {name: f"{name} {later}" for name in ("filed_at", "hold_ends_at")})
        plan = "\n".join(db.session.scalars(text(f"EXPLAIN {statement}")))
        assert index in plan
