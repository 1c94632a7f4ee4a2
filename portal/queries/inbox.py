"""What waits for one person at headquarters (待办): only what this person may decide, soonest due first.

Each kind of thing gives one query of the same columns; a page is read from their union behind a key. Without a date of its
own a thing counts as due a day after it began to wait (GD-8).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Integer, Select, bindparam, func, select, tuple_, union_all

from portal.addresses import hidden, uncovered
from portal.models import Extension, User, db
from portal.queries.inbox_reads import LOADS, OPINIONS, READS, Viewer, viewer_of
from portal.straight import Straight

PAGE = 30
#: Of each kind no more are counted; a larger number reads "99+".
MOST = 100
#: The kinds in the order of the pills, and what an extension can be narrowed to.
KINDS = tuple(READS)
SHOWN = ("all", "overdue", *KINDS, *OPINIONS)
_KEY = re.compile(r"(-?\d{1,17})-([a-z]{1,20})-([0-3][0-9a-f]{7})")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that waits. ``step`` says what is to be done; ``due_at`` is None where no date is set; times UTC."""

    kind: str
    number: int
    step: str
    since: datetime
    due_at: datetime | None
    order_at: datetime

    @property
    def key(self) -> str:
        """What an address carries to go on after this one."""
        micros = (self.order_at - _EPOCH) // timedelta(microseconds=1)
        return f"{micros}-{self.kind}-{hidden(self.number)}"


@dataclass(frozen=True, slots=True)
class Page:
    """One page; ``next_key`` opens the following one."""

    items: Sequence[Item]
    next_key: str | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many of a kind and step wait, at most MOST of a kind, and how many of them are past their date."""

    kind: str
    step: str
    number: int
    overdue: int


def page_of(user: User, shown: str, now: datetime, after: str | None = None) -> Page:
    """What waits for the person, narrowed to ``shown`` (one of SHOWN), behind the key of the item ``after``."""
    queries = [query for kind, query in _mine(viewer_of(user, now), now) if shown not in KINDS or kind == shown]
    if not queries:
        return Page([])
    start = _read_key(after)
    pieces = [_piece(query.subquery(), shown, now, start, PAGE + 1) for query in queries]
    rows = union_all(*(select(piece.subquery()) for piece in pieces)).subquery().c
    query = select(*rows).order_by(rows.order_at, rows.kind, rows.number).limit(PAGE + 1)
    items = [_item(row) for row in db.session.execute(query)]
    return Page(items[:PAGE], items[PAGE - 1].key if len(items) > PAGE else None)


def waiting(user: User, now: datetime) -> list[Waiting]:
    """How much waits for the person, by kind and step; no more than MOST of each kind are looked at."""
    viewer = viewer_of(user, now)
    counted = _counting(viewer.roles, viewer.stands_for)
    return [Waiting(*row) for row in counted.rows({"viewer": user.id, "now": now, "most": MOST})] if counted else []


@cache
def _counting(roles: frozenset[str], stands_for: frozenset[str]) -> Straight | None:
    """The count for everybody with these roles, None for who decides nothing.

    Every page of headquarters asks it for its menu: writing ten queries anew took longer than answering them.
    """
    now = bindparam("now", type_=Extension.asked_at.type)
    queries = _mine(Viewer(bindparam("viewer", type_=User.id.type), roles, stands_for), now)
    if not queries:
        return None
    pieces = [_piece(query.subquery(), "all", now, None, bindparam("most", type_=Integer)) for _kind, query in queries]
    rows = union_all(*(select(piece.subquery()) for piece in pieces)).subquery().c
    late = func.count().filter(rows.due_at <= now)
    query = select(rows.kind, rows.step, func.count().label("number"), late.label("overdue"))
    return Straight(query.group_by(rows.kind, rows.step).order_by(rows.kind, rows.step))


def _item(row: Any) -> Item:
    return Item(row.kind, row.number, row.step, row.since, row.due_at, row.order_at)


def _read_key(after: str | None) -> tuple[datetime, str, int] | None:
    """Where a page begins; a key that is none begins at the beginning."""
    found = _KEY.fullmatch(after or "")
    if found is None:
        return None
    micros, kind, number = found.groups()
    return _EPOCH + timedelta(microseconds=int(micros)), kind, uncovered(number)


def _piece(rows: Any, shown: str, now: Any, start: tuple[datetime, str, int] | None, limit: Any) -> Select[Any]:
    """The first rows of one kind behind the key: the union reads no more of it than a page."""
    query = select(rows).order_by(rows.c.order_at, rows.c.number).limit(limit)
    if shown == "overdue":
        query = query.where(rows.c.due_at <= now)
    if shown in OPINIONS:
        query = query.where(rows.c.step == shown)
    if start is not None:
        query = query.where(rows.c.order_at >= start[0], tuple_(rows.c.order_at, rows.c.kind, rows.c.number) > start)
    return query


def _mine(viewer: Viewer, now: Any) -> list[tuple[str, Select[Any]]]:
    """The kinds in which the person may decide anything."""
    found = [(kind, read(viewer, now)) for kind, read in READS.items()]
    return [(kind, query) for kind, query in found if query is not None]


def load(items: Sequence[Item]) -> dict[tuple[str, int], Any]:
    """The things themselves, as far as a row of the list shows them, by kind and number."""
    found: dict[tuple[str, int], Any] = {}
    for kind, query in LOADS.items():
        numbers = [item.number for item in items if item.kind == kind]
        if numbers:
            model = query.column_descriptions[0]["entity"]
            rows = db.session.scalars(query.where(model.id.in_(numbers))).unique()
            found |= {(kind, row.id): row for row in rows}
    return found
