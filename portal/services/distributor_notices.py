"""Which people of a distributor hear of what, and telling them of its status (DM-12.1, RE-5.4, RE-Q46)."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from portal.models import Distributor, Registration, RoleGrant, User, db
from portal.services import notices

#: A change is still worth telling for so long, should the queue have been away.
WORTH_TELLING = timedelta(days=14)
_TOLD = {
    "suspended": ("distributor.suspended", "DM-12.1"),
    "blacklisted": ("distributor.blacklisted", "RE-5.4"),
    "active": ("distributor.reinstated", "DM-12.1"),
}


def followers(registration: Registration) -> list[int]:
    """Who hears of a decision about a registration: its broker and the owners of the distributor, as user ids."""
    owners = (
        select(RoleGrant.user_id)
        .join(User, User.id == RoleGrant.user_id)
        .where(
            RoleGrant.role == "owner", User.distributor_id == registration.distributor_id, User.disabled_at.is_(None)
        )
    )
    return [registration.broker_id, *db.session.scalars(owners)]


def tell_status(*, distributor_id: int, now: datetime) -> int:
    """Tell everybody of the distributor of its present status, once per change; how many were told anew.

    A distributor that has been active from the start has nothing to be told.
    """
    distributor = db.session.get_one(Distributor, distributor_id)
    if distributor.status not in _TOLD or distributor.status_since == distributor.created_at:
        return 0
    kind, clause = _TOLD[distributor.status]
    people = select(User.id).where(User.distributor_id == distributor.id, User.disabled_at.is_(None))
    occasion = f"distributor:{distributor.id}:{distributor.status_since:%Y%m%d%H%M%S}"
    return notices.tell(db.session.scalars(people), kind, distributor, occasion, clause, now=now)


def tell_recent_changes(*, now: datetime) -> int:
    """Tell of every change of the last two weeks that has not been told; how many people were told anew."""
    recent = select(Distributor.id).where(
        Distributor.status_since > now - WORTH_TELLING, Distributor.status_since > Distributor.created_at
    )
    return sum(tell_status(distributor_id=found, now=now) for found in db.session.scalars(recent).all())
