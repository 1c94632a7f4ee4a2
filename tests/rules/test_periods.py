"""GD-2, RE-2.8, RE-2.10, RE-2.12: the day of the event is not counted, the last day is covered to its last second."""

from __future__ import annotations

import pytest

from portal.rules.periods import period_end
from portal.rules.standing import last_second
from tests.rules.moments import SHANGHAI, at


@pytest.mark.parametrize(
    ("start", "days", "last"),
    [
        ("2026-03-05 09:00", 7, "2026-03-12 23:59:59"),
        ("2026-03-05 00:00", 7, "2026-03-12 23:59:59"),
        ("2026-03-05 23:59:59", 7, "2026-03-12 23:59:59"),
        ("2026-01-31 12:00", 7, "2026-02-07 23:59:59"),
        ("2026-12-28 12:00", 7, "2027-01-04 23:59:59"),
        ("2028-02-25 12:00", 7, "2028-03-03 23:59:59"),
        ("2026-02-25 12:00", 7, "2026-03-04 23:59:59"),
        ("2026-03-05 10:00", 45, "2026-04-19 23:59:59"),
        ("2026-03-05 10:00", 90, "2026-06-03 23:59:59"),
    ],
)
def test_the_last_second_of_a_period(start: str, days: int, last: str) -> None:
    assert last_second(period_end(at(start), days, SHANGHAI)) == at(last)


def test_counted_inclusively_the_first_day_is_day_one() -> None:
    assert last_second(period_end(at("2026-03-05 10:00"), 7, SHANGHAI, count="INCLUSIVE")) == at("2026-03-11 23:59:59")


def test_days_are_the_projects_days_wherever_the_clock_stands() -> None:
    late_in_shanghai_still_yesterday_in_london = at("2026-03-06 00:30")
    assert last_second(period_end(late_in_shanghai_still_yesterday_in_london, 7, SHANGHAI)) == at("2026-03-13 23:59:59")
