"""Distributors as partners: what runs for each now, and what a change of status would touch or has touched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, select, true

from portal.models import Distributor, Extension, Registration, User, db
from portal.queries import changes

#: A larger count reads "999+"; more rows than this are not looked at for one distributor in the list.
MOST = 1000
_R = Registration


@dataclass(frozen=True, slots=True)
class Running:
    """Holds and protections that run, settled ones left out; ``cut`` says that there are more than were counted."""

    holds: int = 0
    protections: int = 0
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Effects:
    """What hangs on a distributor's status now: counted in full, because somebody decides by it."""

    holds: int
    protections: int
    frozen: int
    requests: int
    people: int

    @property
    def voidable(self) -> int:
        """What a blacklisting voids (RE-5.4, RE-Q34)."""
        return self.holds + self.protections


def running_of(distributors: Sequence[Distributor], now: datetime) -> dict[int, Running]:
    """By the distributor's id, at most MOST rows of each."""
    first = (
        select(_R.visited_at)
        .where(_R.distributor_id == Distributor.id, _R.ends_at > now, _R.outcome.is_(None), _R.frozen_at.is_(None))
        .limit(MOST)
        .subquery()
        .lateral()
    )
    numbers = (func.count().filter(first.c.visited_at.is_(None)), func.count().filter(first.c.visited_at.is_not(None)))
    query = (
        select(Distributor.id, *numbers)
        .join(first, true())
        .where(Distributor.id.in_([distributor.id for distributor in distributors]))
        .group_by(Distributor.id)
    )
    found = db.session.execute(query).all() if distributors else []
    return {number: Running(holds, protections, holds + protections >= MOST) for number, holds, protections in found}


def effects_of(distributor: Distributor, now: datetime) -> Effects:
    """What a change of status would touch at ``now``."""
    loose = _R.frozen_at.is_(None)
    numbers = (
        func.count().filter(and_(loose, _R.visited_at.is_(None))),
        func.count().filter(and_(loose, _R.visited_at.is_not(None))),
        func.count().filter(~loose),
    )
    mine = (_R.distributor_id == distributor.id, _R.ends_at > now, _R.outcome.is_(None))
    holds, protections, frozen = db.session.execute(select(*numbers).where(*mine)).one()
    asked = select(func.count()).select_from(Extension).join(_R, _R.id == Extension.registration_id)
    requests = db.session.scalar(asked.where(Extension.state == "pending", _R.distributor_id == distributor.id)) or 0
    able = (User.distributor_id == distributor.id, User.disabled_at.is_(None))
    people = db.session.scalar(select(func.count()).select_from(User).where(*able)) or 0
    return Effects(holds, protections, frozen, requests, people)


def changes_of(distributor: Distributor) -> list[changes.Change]:
    """The history of the cooperation, the newest first."""
    return changes.changes_of(changes.about("distributors", [distributor.id]))
