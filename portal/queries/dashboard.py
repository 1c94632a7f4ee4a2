"""The figures of headquarters' overview: what became of a month's filings, what ends soon, and who has to act.

Each is one statement over a stretch of an index: the month's filings, the running ends, the open flows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Date, and_, cast, func, select, true
from sqlalchemy.dialects.postgresql import INTERVAL
from sqlalchemy.orm import InstrumentedAttribute

from portal.models import Distributor, Extension, Project, Registration, Visit, db

DAYS_AHEAD = 14
#: Distributors in the table: those that filed most in the month.
MOST_DISTRIBUTORS = 8
_R, _V = Registration, Visit
_FLOW = and_(_V.registration_id == _R.id, _V.result == "registered")


@dataclass(frozen=True, slots=True, kw_only=True)
class Funnel:
    """How far the filings of a month have come by now."""

    filed: int
    visited: int
    audited: int
    signed_off: int
    entered: int


@dataclass(frozen=True, slots=True)
class EndingDay:
    """A day with the number of holds and of protections whose last day it is."""

    day: date
    holds: int
    protections: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """A kind of work that waits: for how many, and since when the oldest does."""

    kind: str
    number: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class Share:
    """A distributor's filings of the month, and how many of them led to a visit and to an entry."""

    distributor: Distributor
    filed: int
    visited: int
    entered: int


def funnel(start: datetime, end: datetime, project_id: int | None) -> Funnel:
    """What became of the filings made in [start, end)."""
    query = (
        select(
            func.count(_R.id).label("filed"),
            func.count(_R.visited_at).label("visited"),
            func.count().filter(_V.audit_result == "passed").label("audited"),
            func.count(_V.leader_signed_at).label("signed_off"),
            func.count(_R.entered_at).label("entered"),
        )
        .select_from(_R)
        .outerjoin(_V, _FLOW)
        .where(*_filed(start, end, project_id))
    )
    return Funnel(**db.session.execute(query).one()._mapping)


def filed_in(start: datetime, end: datetime, project_id: int | None) -> int:
    """How many filings were made in [start, end)."""
    return db.session.scalar(select(func.count()).select_from(_R).where(*_filed(start, end, project_id))) or 0


def endings(now: datetime, project_id: int | None) -> list[EndingDay]:
    """What ends in the next days, by the last day covered in each project's own zone; every day is there."""
    last_second = _R.ends_at - cast("1 second", INTERVAL)
    day = cast(func.timezone(Project.timezone, last_second), Date).label("day")
    query = (
        select(
            day,
            func.count().filter(_R.visited_at.is_(None)),
            func.count().filter(_R.visited_at.is_not(None)),
        )
        .join(Project, Project.id == _R.project_id)
        .where(
            _R.outcome.is_(None),
            _R.frozen_at.is_(None),
            _R.ends_at > now,
            _R.ends_at <= now + timedelta(days=DAYS_AHEAD),
            _here(_R.project_id, project_id),
        )
        .group_by(day)
        .order_by(day)
    )
    return [EndingDay(*row) for row in db.session.execute(query)]


def waiting(now: datetime, project_id: int | None) -> list[Waiting]:
    """Everything that somebody of the company has to do, in the order of the flow."""
    audited, signed = _V.audit_result == "passed", _V.leader_signed_at.is_not(None)
    flows = {
        "audit": _V.audited_at.is_(None),
        "sign_off": and_(audited, ~signed),
        "entry": and_(audited, signed),
    }
    return [
        *_open_flows(flows, project_id),
        _unclassified(now, project_id),
        *_undecided(project_id),
    ]


def shares(start: datetime, end: datetime, project_id: int | None) -> Sequence[Share]:
    """The distributors that filed most in [start, end)."""
    numbers = (
        select(
            _R.distributor_id,
            func.count().label("filed"),
            func.count(_R.visited_at).label("visited"),
            func.count(_R.entered_at).label("entered"),
        )
        .where(*_filed(start, end, project_id))
        .group_by(_R.distributor_id)
        .order_by(func.count().desc(), _R.distributor_id)
        .limit(MOST_DISTRIBUTORS)
        .subquery()
    )
    query = select(Distributor, numbers.c.filed, numbers.c.visited, numbers.c.entered).join(
        numbers, numbers.c.distributor_id == Distributor.id
    )
    rows = db.session.execute(query.order_by(numbers.c.filed.desc(), Distributor.id))
    return [Share(*row) for row in rows]


def _filed(start: datetime, end: datetime, project_id: int | None) -> tuple[ColumnElement[bool], ...]:
    return _R.filed_at >= start, _R.filed_at < end, _here(_R.project_id, project_id)


def _here(column: InstrumentedAttribute[int], project_id: int | None) -> ColumnElement[bool]:
    return true() if project_id is None else column == project_id


def _open_flows(kinds: dict[str, ColumnElement[bool]], project_id: int | None) -> list[Waiting]:
    query = (
        select(
            *(func.count().filter(condition) for condition in kinds.values()),
            *(func.min(_V.arrived_at).filter(condition) for condition in kinds.values()),
        )
        .join(_R, _R.id == _V.registration_id)
        .where(
            _V.result == "registered",
            _V.entered_at.is_(None),
            _R.outcome.is_(None),
            _here(_V.project_id, project_id),
        )
    )
    row = db.session.execute(query).one()
    found: Sequence[Any] = row
    return [Waiting(kind, found[place], found[place + len(kinds)]) for place, kind in enumerate(kinds)]


def _unclassified(now: datetime, project_id: int | None) -> Waiting:
    query = select(func.count(), func.min(_R.visited_at)).where(
        _R.outcome.is_(None),
        _R.frozen_at.is_(None),
        _R.ends_at > now,
        _R.visited_at.is_not(None),
        _R.is_bulk.is_(None),
        _here(_R.project_id, project_id),
    )
    number, oldest = db.session.execute(query).one()
    return Waiting("classification", number, oldest)


def _undecided(project_id: int | None) -> list[Waiting]:
    no_opinion = Extension.opinion.is_(None)
    query = (
        select(
            func.count().filter(no_opinion),
            func.min(Extension.asked_at).filter(no_opinion),
            func.count(),
            func.min(Extension.asked_at),
        )
        .join(_R, _R.id == Extension.registration_id)
        .where(Extension.state == "pending", _here(_R.project_id, project_id))
    )
    without, first, number, oldest = db.session.execute(query).one()
    return [Waiting("opinion", without, first), Waiting("decision", number, oldest)]
