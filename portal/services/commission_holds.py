"""Commissions that wait: held by an enforcement, released by a named person (RE-Q34). Commission work asks ``is_held``."""

from __future__ import annotations

from sqlalchemy import exists, select

from portal import audit, clock
from portal.models import CommissionHold, Deal, Distributor, User, db
from portal.rules.refusal import Refusal


def is_held(deal: Deal) -> bool:
    """Whether the deal's commission waits: it is held, or came to its owner after the owner was blacklisted."""
    held = exists().where(CommissionHold.deal_id == deal.id, CommissionHold.released_at.is_(None))
    decided = exists().where(CommissionHold.deal_id == deal.id)
    barred = exists().where(Distributor.id == deal.owner_id, Distributor.status == "blacklisted")
    return bool(db.session.scalar(select(held | (barred & ~decided))))


def release(*, actor: User, hold: CommissionHold, reason: str) -> CommissionHold:
    """Let the commission of this deal be put forward again. Raises Refusal when somebody has released it already."""
    db.session.refresh(hold, ["released_at"], with_for_update=True)
    if hold.released_at is not None:
        raise Refusal("commission_not_held", "RE-Q34")
    hold.released_at, hold.released_by_id, hold.release_reason = clock.now(), actor.id, reason
    db.session.flush()
    audit.record(
        "commission.released",
        hold.deal,
        actor=actor,
        now=hold.released_at,
        clause="RE-Q34",
        deal=hold.deal.reference,
        reason_digest=audit.reason_digest(reason),
    )
    return hold
