"""Research and reports: begun once for their period, reminded of, done by a named person with the figures of that moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from portal import clock
from portal.models import CareTask, HistoryEntry, Notice, db
from portal.queries import care_tasks as found
from portal.queries import inbox
from portal.rules.refusal import Refusal
from portal.services import care_tasks, prospects
from tests.caring import begun_task, opened_sheet
from tests.fixtures import People
from worker.jobs import care as jobs

#: Noon of 2 April 2026 in Hangzhou; the midnight that ends that quarter.
APRIL, JULY = datetime(2026, 4, 2, 4, tzinfo=UTC), datetime(2026, 6, 30, 16, tzinfo=UTC)
#: 3 July, and the midnight that ends July.
SUMMER, AUGUST = datetime(2026, 7, 3, 4, tzinfo=UTC), datetime(2026, 7, 31, 16, tzinfo=UTC)
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


def told() -> list[str]:
    return [row.kind for row in db.session.query(Notice).filter(Notice.kind.like("care.re%")).order_by(Notice.id)]


def test_each_is_begun_once_and_nobody_begins_with_what_is_late(session: Any, people: People) -> None:
    for now in (APRIL, APRIL, APRIL + 30 * DAY):
        with clock.set_to(now):
            jobs.open_tasks()
    research = db.session.query(CareTask).one()
    assert (research.kind, str(research.first_day), research.due_at) == ("research", "2026-04-01", JULY)
    with clock.set_to(SUMMER):
        jobs.open_tasks()
    report = db.session.query(CareTask).filter_by(kind="report").one()
    assert (str(report.first_day), str(report.last_day), report.due_at) == ("2026-01-01", "2026-06-30", AUGUST)
    assert told() == ["care.research_opened"] * 2 + ["care.report_opened"]


def test_the_channel_department_is_reminded_before_the_end_and_once_it_is_late(session: Any, people: People) -> None:
    with clock.set_to(APRIL):
        jobs.open_tasks()
    for now in (JULY - 14 * DAY, JULY - 4 * DAY, JULY - 3 * DAY, JULY - SECOND, JULY, JULY + 9 * DAY):
        with clock.set_to(now):
            jobs.remind()
            jobs.remind()
    assert told() == ["care.research_opened", *["care.research_ending"] * 2, "care.research_late"]
    assert {row.user_id for row in db.session.query(Notice).filter(Notice.kind.like("care.research%"))} == {
        people.users["hua"]
    }


def test_the_research_keeps_what_was_found_in_its_quarter(session: Any, people: People) -> None:
    hua = people.get("hua")
    with clock.set_to(APRIL):
        task = begun_task()
        prospect = prospects.note_prospect(
            actor=hua, name="远帆渠道", source="research", contact="lu@example.cn", contact_name=None, remark=None
        )
        prospects.note_contact(actor=hua, prospect=prospect, kind="phone", happened_at=None, needs="想代理云栖府")
    with clock.set_to(JULY):
        prospects.note_prospect(
            actor=hua, name="下一季度", source="fair", contact="ne@example.cn", contact_name=None, remark=None
        )
        care_tasks.finish(actor=hua, task=task, findings="走访三个商圈，记下一家")
        assert (task.figures or {})["prospects"] == 1 and (task.figures or {})["talks"] == 1
        prospects.drop(actor=hua, prospect=prospect, reason="区域已满")
        assert found.figures_of(task)["dropped"] == 0
        with pytest.raises(Refusal, match="care_task_is_done"):
            care_tasks.finish(actor=hua, task=task, findings="再写一次")
    entry = db.session.query(HistoryEntry).filter_by(verb="care.research_done").one()
    assert (entry.actor_id, entry.clause) == (hua.id, "CM-2.1")


def test_the_report_counts_its_half_year_and_says_what_follows(session: Any, people: People) -> None:
    sheet = opened_sheet(people)
    with clock.set_to(sheet.opened_at):
        task, hua = begun_task("report"), people.get("hua")
        assert task.first_day == sheet.first_day and task.due_at == sheet.due_at
        assert [item.step for item in inbox.page_of(hua, "task", clock.now()).items] == ["report", "research"]
        with pytest.raises(Refusal, match="care_task_needs_words"):
            care_tasks.finish(actor=hua, task=task, findings="评审已开始")
        care_tasks.finish(actor=hua, task=task, findings="评审已开始", measures="华敏 2 月底前补齐联系")
        assert [item.step for item in inbox.page_of(hua, "task", clock.now()).items] == ["research"]
    assert task.figures is not None and (task.figures["sheets"], task.figures["published"]) == (2, 0)
    raw = session.execute(db.text("SELECT findings, measures FROM care_tasks WHERE kind = 'report'")).one()
    assert not any("华敏".encode() in bytes(value) or "评审".encode() in bytes(value) for value in raw)
