"""Which people of a distributor hear of a decision, and for how long it is worth telling."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from portal.models import Registration, RoleGrant, User, db

#: A decision is still worth telling for so long, should the queue have been away.
WORTH_TELLING = timedelta(days=14)


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
