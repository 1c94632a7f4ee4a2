"""The life of a complaint: the table of D.10, its times, when it may be closed, what is a breach."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from portal.rules import complaints
from portal.rules.refusal import Refusal
from portal.rules.working_days import is_settled, is_working_day, last_published_year, working_days_end

SHANGHAI = ZoneInfo("Asia/Shanghai")
TABLE = {
    (None, "received"): "CX-5.1",
    ("received", "accepted"): "DS-4.5",
    ("accepted", "investigating"): "DS-4.6",
    ("investigating", "resolved"): "DM-12.4",
    ("resolved", "fed_back"): "DS-4.7",
    ("fed_back", "closed"): "DS-4.7",
    ("fed_back", "reopened"): "DS-4.7",
    ("reopened", "investigating"): "DS-4.6",
    ("closed", "analysed"): "DS-5.10",
}


def at(text: str) -> datetime:
    """A time on the group's wall clock, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


@pytest.mark.parametrize(("start", "end"), list(product((None, *complaints.STATES), complaints.STATES)))
def test_every_step_of_the_table_is_taken_and_every_other_refused(start: str | None, end: str) -> None:
    if (start, end) in TABLE:
        assert complaints.step(start, end) == TABLE[start, end]
    else:
        with pytest.raises(Refusal, match="complaint_step"):
            complaints.step(start, end)


def test_every_state_is_reached_and_only_the_last_is_left_by_nothing() -> None:
    assert {end for _start, end in TABLE} == set(complaints.STATES)
    assert [state for state in complaints.STATES if not complaints.next_of(state)] == ["analysed"]


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        # Thursday, the day itself is not counted.
        ("2026-03-05T09:00:00", 1, "2026-03-07T00:00:00"),
        # Friday: over the weekend.
        ("2026-03-06T23:59:59", 1, "2026-03-10T00:00:00"),
        ("2026-03-05T09:00:00", 3, "2026-03-11T00:00:00"),
        # The holidays of October.
        ("2026-09-30T12:00:00", 1, "2026-10-09T00:00:00"),
    ],
)
def test_working_days_leave_out_weekends_and_holidays(start: str, days: int, end: str) -> None:
    assert working_days_end(at(start), days, SHANGHAI) == at(end)


def test_a_make_up_saturday_is_worked_and_years_without_a_table_have_weekends_and_fixed_holidays() -> None:
    assert is_working_day(date(2026, 10, 10)) and not is_working_day(date(2026, 10, 11))
    assert is_working_day(date(2049, 3, 5)) and not is_working_day(date(2049, 3, 6))
    assert not is_working_day(date(2049, 1, 1)) and not is_working_day(date(2049, 10, 1))


@pytest.mark.parametrize(
    ("month", "day", "settled"), [(12, 20, True), (12, 25, True), (12, 26, False), (12, 31, False)]
)
def test_a_deadline_at_the_end_of_the_calendar_may_still_move(month: int, day: int, settled: bool) -> None:
    """The bound is exclusive: one that ends with 24 December is the last that no coming calendar can move."""
    end = datetime(last_published_year(), month, day, tzinfo=SHANGHAI).astimezone(UTC)
    assert is_settled(end, SHANGHAI) is settled
    assert not is_settled(end.replace(year=end.year + 1), SHANGHAI)


def test_each_state_has_its_time() -> None:
    since, answer = at("2026-03-05T09:00:00"), at("2026-03-20T00:00:00")

    def due(state: str, gravity: str = "ordinary") -> datetime | None:
        return complaints.due(state, since, gravity, answer, SHANGHAI)

    assert due("received") == due("resolved") == at("2026-03-07T00:00:00")
    assert due("accepted") == due("reopened") == at("2026-03-11T00:00:00")
    assert due("accepted", "complex") == at("2026-03-27T00:00:00")
    assert due("investigating") == answer
    assert due("fed_back") == at("2026-03-13T00:00:00")
    assert due("closed") is not None and due("analysed") is None


def test_only_a_distributors_complaint_can_be_knowingly_false() -> None:
    complaints.check_outcome("knowingly_false", by_partner=True)
    complaints.check_outcome("unfounded", by_partner=False)
    with pytest.raises(Refusal, match="knowingly_false_is_of_partners"):
        complaints.check_outcome("knowingly_false", by_partner=False)


def test_complaining_in_good_faith_is_no_breach() -> None:
    assert [one for one in (None, *complaints.OUTCOMES) if complaints.is_breach(one)] == ["knowingly_false"]


def test_it_is_closed_after_a_word_or_after_the_time_for_one() -> None:
    due = at("2026-03-13T00:00:00")
    complaints.check_closing(5, due, due - timedelta(days=2))
    complaints.check_closing(None, due, due)
    with pytest.raises(Refusal, match="complaint_waits_for_a_word"):
        complaints.check_closing(None, due, due - timedelta(seconds=1))
