"""Who hears of an ending: the people of the distributor, its owners, the channel department; once per occasion."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from portal.models import Exit, RoleGrant, User, db
from portal.services import notices


def people_of(distributor_id: int) -> Sequence[int]:
    """Everybody of the distributor with an account that is open, as user ids."""
    query = select(User.id).where(User.distributor_id == distributor_id, User.disabled_at.is_(None))
    return db.session.scalars(query.order_by(User.id)).all()


def tell_people(found: Exit, kind: str, now: datetime, clause: str, **facts: Any) -> int:
    """Tell everybody of the distributor."""
    return _tell(people_of(found.distributor_id), found, kind, now, clause, facts)


def tell_owners(found: Exit, kind: str, now: datetime, clause: str, **facts: Any) -> int:
    """Tell those who answer for the distributor."""
    owners = _holding("owner").where(User.distributor_id == found.distributor_id)
    return _tell(db.session.scalars(owners).all(), found, kind, now, clause, facts)


def tell_headquarters(
    found: Exit, kind: str, now: datetime, clause: str, *, but: User | None = None, **facts: Any
) -> int:
    """Tell the channel department, save the one who did it."""
    people = [one for one in db.session.scalars(_holding("hq_channel")) if but is None or one != but.id]
    return _tell(people, found, kind, now, clause, facts)


def _holding(role: str) -> Select[Any]:
    holders = select(RoleGrant.user_id).where(RoleGrant.role == role)
    return select(User.id).where(User.id.in_(holders), User.disabled_at.is_(None)).order_by(User.id)


def _tell(people: Sequence[int], found: Exit, kind: str, now: datetime, clause: str, facts: dict[str, Any]) -> int:
    occasion = f"{found.reference}:{now:%Y%m%d%H%M%S}"
    return notices.tell(people, kind, found, occasion, clause, {"reference": found.reference} | facts, now=now)
