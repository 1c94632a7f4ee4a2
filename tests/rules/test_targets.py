"""Targets of a contract: calendar periods, whole ones only, reached or missed (DM-3.3, DM-10.3, GD-5)."""

from __future__ import annotations

from datetime import date

import pytest

from portal.rules.targets import Count, Span, is_whole, read_target, span_before, span_of


@pytest.mark.parametrize(
    ("day", "per", "first", "last"),
    [
        (date(2026, 2, 28), "month", date(2026, 2, 1), date(2026, 2, 28)),
        (date(2028, 2, 1), "month", date(2028, 2, 1), date(2028, 2, 29)),
        (date(2026, 3, 31), "quarter", date(2026, 1, 1), date(2026, 3, 31)),
        (date(2026, 4, 1), "quarter", date(2026, 4, 1), date(2026, 6, 30)),
        (date(2026, 12, 31), "half_year", date(2026, 7, 1), date(2026, 12, 31)),
        (date(2026, 7, 1), "year", date(2026, 1, 1), date(2026, 12, 31)),
        (date(2026, 12, 1), "month", date(2026, 12, 1), date(2026, 12, 31)),
    ],
)
def test_a_period_is_one_of_the_calendar(day: date, per: str, first: date, last: date) -> None:
    assert span_of(day, per) == Span(first, last)


@pytest.mark.parametrize(
    ("per", "first", "last"),
    [
        ("month", date(2025, 12, 1), date(2025, 12, 31)),
        ("quarter", date(2025, 10, 1), date(2025, 12, 31)),
        ("year", date(2025, 1, 1), date(2025, 12, 31)),
    ],
)
def test_the_period_before_crosses_the_year(per: str, first: date, last: date) -> None:
    assert span_before(span_of(date(2026, 1, 15), per), per) == Span(first, last)


def test_only_a_whole_period_is_measured() -> None:
    quarter = span_of(date(2026, 5, 5), "quarter")
    assert is_whole(quarter, date(2026, 4, 1)) and not is_whole(quarter, date(2026, 4, 2))


@pytest.mark.parametrize(
    ("visits", "deals", "target_visits", "target_deals", "missed"),
    [
        (30, 4, 30, 4, False),
        (29, 4, 30, 4, True),
        (30, 3, 30, 4, True),
        (0, 4, None, 4, False),
        (0, 0, None, None, False),
    ],
)
def test_a_target_is_reached_by_its_number(
    visits: int, deals: int, target_visits: int | None, target_deals: int | None, missed: bool
) -> None:
    assert Count(visits, deals, target_visits, target_deals).missed is missed


@pytest.mark.parametrize(("typed", "read"), [("30", 30), (" 4 ", 4), ("约 30", None), ("", None), (None, None)])
def test_only_a_number_is_a_target(typed: str | None, read: int | None) -> None:
    assert read_target(typed) == read
