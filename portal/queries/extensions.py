"""Bulk extensions for headquarters: what waits for a decision, the soonest end first, and one application with its people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, tuple_
from sqlalchemy.orm import joinedload

from portal.models import Extension, db
from portal.queries.registrations import WITH_PARTIES

PAGE = 30
#: A larger count reads "99+".
MOST = 99
#: What the inbox can be narrowed to, in the order of the pills.
SHOWN = ("all", "overdue", "with_opinion", "without_opinion")
_E = Extension
_KEY = (_E.original_end, _E.id)
_WITH_PEOPLE = (
    joinedload(_E.registration).options(*WITH_PARTIES),
    joinedload(_E.asked_by),
    joinedload(_E.opinion_by),
    joinedload(_E.decided_by),
)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the inbox; ``next_key``, a number of an extension in it, opens the following one."""

    rows: Sequence[Extension]
    next_key: str | None


def pending(shown: str, now: datetime, after: str | None = None) -> Page:
    """Undecided applications, the soonest end of protection first: overdue ones lead. ``shown`` is one of SHOWN."""
    query = _pending().where(_narrowed(shown, now)).order_by(*_KEY).limit(PAGE + 1)
    start = db.session.execute(select(*_KEY).where(_E.reference == after)).one_or_none() if after else None
    if start is not None:
        query = query.where(tuple_(*_KEY) > tuple(start))
    found = db.session.scalars(query).unique().all()
    return Page(found[:PAGE], found[PAGE - 1].reference if len(found) > PAGE else None)


def counts(now: datetime) -> dict[str, str]:
    """How many there are of each kind of SHOWN, as people read it: 99+."""
    rows = select(_E.original_end, _E.opinion).where(_E.state == "pending").limit(10 * MOST).subquery().c
    numbers = [func.count().filter(_narrowed(name, now, rows)).label(name) for name in SHOWN]
    return {
        name: f"{MOST}+" if number > MOST else str(number)
        for name, number in db.session.execute(select(*numbers)).one()._mapping.items()
    }


def waiting(now: datetime) -> tuple[int, int]:
    """(how many wait for a decision, how many of them are overdue), each at most a hundred."""
    first = select(_E.original_end).where(_E.state == "pending").order_by(_E.original_end).limit(MOST + 1).subquery()
    query = select(func.count(), func.count().filter(first.c.original_end <= now)).select_from(first)
    number, overdue = db.session.execute(query).one()
    return number, overdue


def find(reference: str) -> Extension | None:
    """The application with this number, read afresh, with everybody concerned."""
    query = select(_E).where(_E.reference == reference).options(*_WITH_PEOPLE)
    return db.session.scalars(query.execution_options(populate_existing=True)).unique().one_or_none()


def neighbours(extension: Extension) -> tuple[str | None, str | None]:
    """The undecided applications before and after this one in the order of the inbox."""
    here = (extension.original_end, extension.id)
    key = tuple_(*_KEY)
    numbers = select(_E.reference).where(_E.state == "pending")
    before = numbers.where(key < here).order_by(*(column.desc() for column in _KEY)).limit(1)
    after = numbers.where(key > here).order_by(*_KEY).limit(1)
    return db.session.scalar(before), db.session.scalar(after)


def _pending() -> Select[Extension]:
    return select(_E).where(_E.state == "pending").options(joinedload(_E.registration).options(*WITH_PARTIES))


def _narrowed(shown: str, now: datetime, row: Any = Extension) -> ColumnElement[bool]:
    return {
        "all": row.original_end.is_not(None),
        "overdue": row.original_end <= now,
        "with_opinion": row.opinion.is_not(None),
        "without_opinion": row.opinion.is_(None),
    }[shown]
