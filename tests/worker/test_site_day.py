"""A flow left open when the site closes is pointed out once, to those who can finish it (RE-3.7)."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from portal import clock
from portal.models import HistoryEntry, Notice, User
from portal.rules.site_day import last_closing
from portal.services import site_day, visit_flow
from tests.fixtures import People, Stage

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 3, 5, 12, 0, tzinfo=SHANGHAI)
CLOSING = datetime(2026, 3, 5, 20, 30, tzinfo=SHANGHAI)


def left_at(stage: Stage, people: People, step: str):  # type: ignore[no-untyped-def]
    """A visit of noon that has come as far as ``step``, which is still to be done."""
    with clock.set_to(NOON - timedelta(hours=3)):
        registration = stage.file()
    with clock.set_to(NOON):
        visit = stage.arrive(registration)
        if step != "slip":
            stage.sign(visit)
        if step in {"sign_off", "entry"}:
            visit_flow.audit_visit(actor=people.get("bo"), visit=visit, passed=True)
        if step == "entry":
            visit_flow.sign_off_visit(actor=people.get("lin"), visit=visit)
    return visit


def told(session) -> set[str]:  # type: ignore[no-untyped-def]
    query = select(User.login).join(Notice, Notice.user_id == User.id).where(Notice.kind == "visit.left_open")
    return set(session.scalars(query))


@pytest.mark.parametrize(
    ("step", "people_told"),
    [
        ("slip", {"rui", "bo", "lin"}),
        ("audit", {"bo", "lin"}),
        ("sign_off", {"bo", "lin"}),
        ("entry", {"cai", "bo", "lin"}),
    ],
)
def test_those_who_can_finish_it_are_told(session, stage: Stage, people: People, step: str, people_told) -> None:
    visit = left_at(stage, people, step)
    session.flush()
    assert site_day.alert_open_flows(now=CLOSING - timedelta(seconds=1)) == 0
    assert site_day.alert_open_flows(now=CLOSING) == 1
    entry = session.scalars(select(HistoryEntry).where(HistoryEntry.verb == "visit.left_open")).one()
    assert (entry.subject_id, entry.clause, entry.facts) == (visit.id, "RE-3.7", {"step": step})
    assert told(session) == people_told


def test_it_is_pointed_out_once(session, stage: Stage, people: People) -> None:
    left_at(stage, people, "audit")
    session.flush()
    assert [site_day.alert_open_flows(now=CLOSING + timedelta(minutes=n)) for n in range(3)] == [1, 0, 0]


def test_who_arrives_as_the_doors_close_belongs_to_the_next_day(session, stage: Stage, people: People) -> None:
    with clock.set_to(NOON - timedelta(hours=3)):
        registration = stage.file()
    with clock.set_to(CLOSING):
        stage.arrive(registration)
    session.flush()
    assert [site_day.alert_open_flows(now=CLOSING + timedelta(days=day)) for day in (0, 1)] == [0, 1]


def test_a_project_that_takes_no_filings_any_more_still_finishes_its_visits(
    session, stage: Stage, people: People
) -> None:
    left_at(stage, people, "audit")
    people.project().is_open = False
    session.flush()
    assert site_day.alert_open_flows(now=CLOSING) == 1


def test_after_a_week_without_worker_it_is_still_pointed_out(session, stage: Stage, people: People) -> None:
    left_at(stage, people, "audit")
    session.flush()
    assert site_day.alert_open_flows(now=CLOSING + timedelta(days=7)) == 1


def test_finished_and_failed_flows_are_not(session, stage: Stage, people: People) -> None:
    done = left_at(stage, people, "entry")
    failed = left_at(stage, people, "audit")
    with clock.set_to(NOON):
        visit_flow.enter_customer(actor=people.get("cai"), visit=done)
        visit_flow.audit_visit(actor=people.get("bo"), visit=failed, passed=False, reason="电话不符")
    session.flush()
    assert site_day.alert_open_flows(now=CLOSING) == 0


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-03-05 20:29:59", "2026-03-04 20:30:00"),
        ("2026-03-05 20:30:00", "2026-03-05 20:30:00"),
        ("2026-03-06 00:10:00", "2026-03-05 20:30:00"),
    ],
)
def test_the_last_closing_is_judged_in_the_zone_of_the_project(now: str, expected: str) -> None:
    local = datetime.fromisoformat(now).replace(tzinfo=SHANGHAI)
    found = last_closing(local.astimezone(UTC), time(20, 30), SHANGHAI)
    assert found == datetime.fromisoformat(expected).replace(tzinfo=SHANGHAI)
