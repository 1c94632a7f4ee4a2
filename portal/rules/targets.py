"""Targets that a contract agrees on (DM-3.3): the calendar period they are for, and whether they were reached (DM-10.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from portal.rules.contract_terms import TARGET_PERIODS

_MONTHS = dict(zip(TARGET_PERIODS, (1, 3, 6, 12), strict=True))


@dataclass(frozen=True, slots=True)
class Span:
    """A calendar period: its first and its last day."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Count:
    """What was reached in a period beside what was agreed; None where nothing was."""

    visits: int
    deals: int
    target_visits: int | None
    target_deals: int | None

    @property
    def missed(self) -> bool:
        """Whether one of the targets was not reached."""
        agreed = ((self.visits, self.target_visits), (self.deals, self.target_deals))
        return any(target is not None and reached < target for reached, target in agreed)


def span_of(day: date, per: str) -> Span:
    """The calendar month, quarter, half year or year that ``day`` lies in (GD-5). Raises KeyError for another period."""
    months = _MONTHS[per]
    number = (day.year * 12 + day.month - 1) // months
    return Span(_month(number * months), _month((number + 1) * months) - timedelta(days=1))


def span_before(span: Span, per: str) -> Span:
    """The period before."""
    return span_of(span.first - timedelta(days=1), per)


def is_whole(span: Span, starts_on: date) -> bool:
    """Whether the contract ran through all of the period: what began in its middle is not measured by the whole target."""
    return starts_on <= span.first


def read_target(typed: str | None) -> int | None:
    """The number that was agreed; None where it is no plain number."""
    text = (typed or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None


def _month(number: int) -> date:
    year, month = divmod(number, 12)
    return date(year, month + 1, 1)
