"""Who hears of claims and rulings: the site of a claim, each party of its own outcome and of nobody else's (RE-Q28)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from portal.models import Claim, Registration, RoleGrant, Ruling, User, db
from portal.services import notices
from portal.services.distributor_notices import followers


def tell_site(claim: Claim, now: datetime) -> None:
    """Tell the back office of the project that a claim waits, whether or not what was typed fits a deal."""
    back_office = (
        select(RoleGrant.user_id)
        .join(User, User.id == RoleGrant.user_id)
        .where(RoleGrant.role == "back_office", RoleGrant.project_id == claim.project_id, User.disabled_at.is_(None))
    )
    facts = {"reference": claim.reference, "until": claim.answer_at}
    occasion = f"claim:{claim.id}"
    notices.tell(db.session.scalars(back_office), "claim.received", claim, occasion, "RE-8.1", facts, now=now)


def tell_parties(ruling: Ruling) -> None:
    """Tell each party how the ruling came out for it."""
    for party in ruling.parties:
        registration = db.session.get_one(Registration, party.registration_id)
        facts = {"reference": party.reference, "registration": registration.reference, "wins": party.wins}
        people, occasion = followers(registration), f"ruling_party:{party.id}"
        notices.tell(people, "ruling.issued", party, occasion, party.clause, facts, now=ruling.decided_at)
