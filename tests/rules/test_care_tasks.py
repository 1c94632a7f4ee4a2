"""The calendar of care: a research every quarter, a report every half year, reminders to the second (CM-2.1, CM-7.3)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from portal.rules.care_tasks import asked_for, check_done, stage_of
from portal.rules.refusal import Refusal

ZONE = ZoneInfo("Asia/Shanghai")
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


@pytest.mark.parametrize(
    ("now", "quarter", "half"),
    [
        ("2026-01-01T00:00", (date(2026, 1, 1), date(2026, 3, 31)), (date(2025, 7, 1), date(2025, 12, 31))),
        ("2026-03-31T23:59", (date(2026, 1, 1), date(2026, 3, 31)), (date(2025, 7, 1), date(2025, 12, 31))),
        ("2026-04-01T00:00", (date(2026, 4, 1), date(2026, 6, 30)), (date(2025, 7, 1), date(2025, 12, 31))),
        ("2026-07-01T00:00", (date(2026, 7, 1), date(2026, 9, 30)), (date(2026, 1, 1), date(2026, 6, 30))),
        ("2026-12-31T23:59", (date(2026, 10, 1), date(2026, 12, 31)), (date(2026, 1, 1), date(2026, 6, 30))),
    ],
)
def test_every_day_has_its_quarter_and_the_half_year_before(
    now: str, quarter: tuple[date, date], half: tuple[date, date]
) -> None:
    research, report = asked_for(datetime.fromisoformat(now).replace(tzinfo=ZONE), ZONE)
    assert (research.first, research.last) == quarter and (report.first, report.last) == half
    assert research.due_at.astimezone(ZONE) == datetime.combine(quarter[1] + DAY, datetime.min.time(), ZONE)
    assert report.due_at.astimezone(ZONE).date() == half[1] + 32 * DAY


def test_people_are_reminded_twice_before_and_once_after() -> None:
    due_at = datetime(2026, 7, 1, tzinfo=ZONE)
    at = {
        due_at - 14 * DAY - SECOND: ("", ""),
        due_at - 14 * DAY: ("ending", "14"),
        due_at - 3 * DAY - SECOND: ("ending", "14"),
        due_at - 3 * DAY: ("ending", "3"),
        due_at - SECOND: ("ending", "3"),
        due_at: ("late", ""),
    }
    assert {now: stage_of(due_at, now) for now in at} == at


@pytest.mark.parametrize(
    ("kind", "done", "findings", "measures", "reason"),
    [
        ("research", True, "看了三个展会", None, "care_task_is_done"),
        ("research", False, " ", None, "care_task_needs_words"),
        ("report", False, "执行良好", None, "care_task_needs_words"),
        ("report", False, "执行良好", " ", "care_task_needs_words"),
    ],
)
def test_it_is_done_once_and_in_words(kind: str, done: bool, findings: str, measures: str | None, reason: str) -> None:
    with pytest.raises(Refusal, match=reason):
        check_done(kind, done, findings, measures)
