"""How many of a distributor's registrations are in each state, counted only as far as people read: 99+."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select

from portal.models import Registration, User, db
from portal.queries.registration_lists import STATES, Wanted, conditions, narrowed

#: A larger count reads "99+".
_MOST = 99
#: So many running rows are sorted into their states; of what has ended, where nearly all are of one state, fewer do.
_FARTHEST, _FARTHEST_ENDED = 1000, 2 * (_MOST + 1)
_R = Registration


@dataclass(frozen=True, slots=True)
class Count:
    """A number that people read; ``over`` says that there are more."""

    number: int
    over: bool = False

    def __str__(self) -> str:
        return f"{self.number}+" if self.over else str(self.number)

    def __bool__(self) -> bool:
        return bool(self.number)


def count_states(user: User, wanted: Wanted, now: datetime) -> dict[str, Count]:
    """The count of each state of STATES within the person's scope and search, the state wanted left aside."""
    scope = conditions(user, wanted)
    states = ("soon", "held", "live", "asked", "frozen")
    running = _counted(scope, and_(_R.outcome.is_(None), _R.ends_at > now), now, states, _FARTHEST)
    past = and_(_R.outcome.is_(None), _R.ends_at <= now)
    ended = _counted(scope, past, now, ("expired",), _FARTHEST_ENDED)
    refused = _counted(scope, _R.outcome.is_not(None), now, ("refused",), _FARTHEST_ENDED)
    numbers = running | ended | refused | {"all": running["all"] + ended["all"] + refused["all"]}
    return {state: _shown(numbers[state]) for state in STATES}


def _counted(
    scope: list[ColumnElement[bool]],
    condition: ColumnElement[bool],
    now: datetime,
    states: tuple[str, ...],
    farthest: int,
) -> dict[str, int]:
    """One index walk over at most ``farthest`` rows, sorted into ``states`` on the way."""
    columns = (_R.outcome, _R.frozen_at, _R.ends_at, _R.visited_at, _R.pending_until)
    rows = select(*columns).where(*scope, condition).limit(farthest).subquery().c
    counts = [func.count().filter(narrowed(state, now, rows)).label(state) for state in states]
    every = func.count(rows.ends_at).label("all")
    return {name: int(number) for name, number in db.session.execute(select(every, *counts)).one()._mapping.items()}


def _shown(number: int) -> Count:
    return Count(_MOST, over=True) if number > _MOST else Count(number)
