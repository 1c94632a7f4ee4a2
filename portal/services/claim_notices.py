"""Telling distributors that claims by number are answered: all at their time, all in the same words."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from portal.models import Claim, RoleGrant, User, db
from portal.one_by_one import each
from portal.services import notices
from portal.services.distributor_notices import WORTH_TELLING


def tell_answers(now: datetime) -> int:
    """Tell the claimants, and the owners of their companies, of every answer that has come due; how many were told anew."""
    due = (
        select(Claim)
        .where(Claim.typed.is_not(None), Claim.answer_at <= now, Claim.answer_at > now - WORTH_TELLING)
        .order_by(Claim.id)
    )
    return each(db.session.scalars(due), lambda claim: _tell(claim, now))


def _tell(claim: Claim, now: datetime) -> int:
    owners = (
        select(RoleGrant.user_id)
        .join(User, User.id == RoleGrant.user_id)
        .where(RoleGrant.role == "owner", User.distributor_id == claim.distributor_id, User.disabled_at.is_(None))
    )
    people, occasion = [claim.broker_id, *db.session.scalars(owners)], f"claim:{claim.id}"
    return notices.tell(people, "claim.answered", claim, occasion, "RE-8.4", {"reference": claim.reference}, now=now)
