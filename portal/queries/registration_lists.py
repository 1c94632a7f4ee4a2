"""A distributor's registrations as a list: soonest end first, then what has ended, latest first; by key, both ways.

Two stretches make the whole list. The running ones walk the index (distributor or broker, ends_at, id) forwards from the
present instant, the ended ones walk it backwards; no OFFSET, no count of everything. The key of a page is the number of a
registration in it, so that addresses show neither ids nor how many there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select, tuple_
from sqlalchemy.orm import joinedload

from portal.crypto import search_token
from portal.models import Registration, User, db
from portal.queries.registrations import WITH_PARTIES, visible_to
from portal.rules.search import query_word

PAGE = 20
#: What the pill "ends soon" gathers: as the chips do under the policy as shipped (RE-2.8, RE-2.10).
HOLD_SOON, SOON = timedelta(days=2), timedelta(days=7)
#: The states a list can be narrowed to, in the order of the pills.
STATES = ("all", "soon", "held", "live", "asked", "frozen", "expired", "refused")
_R = Registration
_KEY = (_R.ends_at, _R.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a list is narrowed to. ``words`` is what was typed into the search field, ``broker_id`` an owner's choice,
    ``distributor_id`` headquarters'."""

    state: str = "all"
    words: str = ""
    project_id: int | None = None
    broker_id: int | None = None
    distributor_id: int | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page, and the numbers that open its neighbours."""

    rows: Sequence[Registration]
    next_key: str | None = None
    previous_key: str | None = None


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A part of the list that one index walk gives: its condition, and whether ends are walked upwards."""

    condition: ColumnElement[bool]
    upwards: bool


class UnknownKey(LookupError):
    """The key of the page is no registration of this person's."""


def page_of(user: User, wanted: Wanted, now: datetime, *, after: str | None = None, before: str | None = None) -> Page:
    """The page behind ``after`` or before ``before``; the first without either. Raises UnknownKey."""
    key = after or before
    start = None if key is None else _row(key, user)
    backwards = after is None and before is not None
    found = _walk(user, wanted, now, start, backwards=backwards)
    more = len(found) > PAGE
    rows = found[:PAGE]
    if backwards:
        rows = rows[::-1]
        return Page(rows, _number(rows, -1), _number(rows, 0) if more else None)
    return Page(rows, _number(rows, -1) if more else None, _number(rows, 0) if start is not None else None)


def conditions(user: User, wanted: Wanted) -> list[ColumnElement[bool]]:
    """Scope, project, broker and search as conditions; a whole number is looked up, everything else is a token."""
    found = [visible_to(user)]
    if wanted.broker_id is not None:
        found.append(_R.broker_id == wanted.broker_id)
    if wanted.distributor_id is not None:
        found.append(_R.distributor_id == wanted.distributor_id)
    if wanted.project_id is not None:
        found.append(_R.project_id == wanted.project_id)
    if wanted.words.strip():
        found.append(_search(wanted.words))
    return found


def narrowed(state: str, now: datetime, row: Any = Registration) -> ColumnElement[bool]:
    """The condition of a state of STATES other than ``all``, on ``row``'s columns. Raises KeyError for another word."""
    running = and_(row.outcome.is_(None), row.frozen_at.is_(None), row.ends_at > now)
    return {
        "soon": and_(running, ends_soon(now, row)),
        "held": and_(running, row.visited_at.is_(None)),
        "live": and_(running, row.visited_at.is_not(None)),
        "asked": and_(running, row.pending_until.is_not(None)),
        "frozen": and_(row.outcome.is_(None), row.frozen_at.is_not(None)),
        "expired": and_(row.outcome.is_(None), row.frozen_at.is_(None), row.ends_at <= now),
        "refused": row.outcome.is_not(None),
    }[state]


def ends_soon(now: datetime, row: Any = Registration) -> ColumnElement[bool]:
    """Within a week of its end, a hold within two days; the week alone bounds the index walk."""
    return and_(row.ends_at <= now + SOON, or_(row.visited_at.is_not(None), row.ends_at <= now + HOLD_SOON))


def statement(
    user: User,
    wanted: Wanted,
    stretch: _Stretch,
    start: Registration | None,
    *,
    backwards: bool = False,
    limit: int = PAGE + 1,
) -> Select[Registration]:
    """One index walk over a stretch, from ``start`` (not included) on; for tests of the plan too."""
    upwards = stretch.upwards != backwards
    query = select(_R).where(*conditions(user, wanted), stretch.condition)
    if start is not None:
        key = tuple_(*_KEY)
        place = (start.ends_at, start.id)
        query = query.where(key > place if upwards else key < place)
    order = _KEY if upwards else tuple(column.desc() for column in _KEY)
    return query.order_by(*order).limit(limit).options(*WITH_PARTIES)


def stretches(state: str, now: datetime) -> tuple[_Stretch, ...]:
    """The stretches of which the list of ``state`` consists, in their order."""
    running = _Stretch(and_(_R.outcome.is_(None), _R.ends_at > now), upwards=True)
    ended = _Stretch(or_(_R.outcome.is_not(None), _R.ends_at <= now), upwards=False)
    if state == "all":
        return (running, ended)
    return (_Stretch(narrowed(state, now), upwards=state not in ("expired", "refused")),)


def _walk(
    user: User, wanted: Wanted, now: datetime, start: Registration | None, *, backwards: bool
) -> list[Registration]:
    parts = stretches(wanted.state, now)
    parts = parts[::-1] if backwards else parts
    found: list[Registration] = []
    for stretch in _from(parts, start, now):
        here = start if start is not None and _is_in(start, stretch, parts, now) else None
        query = statement(user, wanted, stretch, here, backwards=backwards, limit=PAGE + 1 - len(found))
        found += db.session.scalars(query).all()
        if len(found) > PAGE:
            break
    return found


def _from(parts: Sequence[_Stretch], start: Registration | None, now: datetime) -> Sequence[_Stretch]:
    """The stretches from the one on in which ``start`` stands."""
    if start is None or len(parts) == 1:
        return parts
    return parts if _is_in(start, parts[0], parts, now) else parts[1:]


def _is_in(start: Registration, stretch: _Stretch, parts: Sequence[_Stretch], now: datetime) -> bool:
    if len(parts) == 1:
        return True
    runs = start.outcome is None and start.ends_at > now
    return stretch.upwards == runs


def _row(reference: str, user: User) -> Registration:
    found = db.session.scalar(select(_R).where(_R.reference == reference, visible_to(user)))
    if found is None:
        raise UnknownKey(reference)
    return found


def _number(rows: Sequence[Registration], position: int) -> str | None:
    return rows[position].reference if rows else None


def _search(words: str) -> ColumnElement[bool]:
    typed = words.strip().upper()
    if typed.count("-") == 2 and typed.replace("-", "").isalnum() and typed.isascii():
        return _R.reference == typed
    return _R.search_tokens.contains([search_token(query_word(words))])


def brokers_of(user: User) -> Sequence[User]:
    """For an owner's choice: the people of the company who file."""
    query = (
        select(User).where(User.distributor_id == user.distributor_id).order_by(User.disabled_at.nulls_first(), User.id)
    )
    return db.session.scalars(query.options(joinedload(User.distributor))).unique().all()
