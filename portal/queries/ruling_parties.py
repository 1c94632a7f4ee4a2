"""Rulings as a distributor's people may read them: how each came out for their own company, and for nobody else (RE-Q28)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, false, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from portal.models import Claim, Deal, DealEvent, Registration, Ruling, RulingParty, User, db
from portal.queries.registrations import WITH_PARTIES

PAGE = 30
_KEY = aliased(RulingParty)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of outcomes, the newest first; ``next_key`` is the number after which the next begins."""

    parties: Sequence[RulingParty]
    next_key: str | None


def visible_to(user: User) -> ColumnElement[bool]:
    """An owner reads the company's, a broker those about a registration of one's own; others have none."""
    if "owner" in user.roles:
        return RulingParty.distributor_id == user.distributor_id
    return Registration.broker_id == user.id if "broker" in user.roles else false()


def find(reference: str, user: User) -> RulingParty | None:
    """The outcome with this number, if it is the person's to read."""
    return db.session.scalar(_query(user).where(RulingParty.reference == reference))


def page_of(user: User, before: str | None = None) -> Page:
    """The person's outcomes."""
    query = _query(user).order_by(RulingParty.id.desc())
    if before is not None:
        query = query.where(RulingParty.id < select(_KEY.id).where(_KEY.reference == before).scalar_subquery())
    rows = db.session.scalars(query.limit(PAGE + 1)).all()
    return Page(rows[:PAGE], rows[PAGE - 1].reference if len(rows) > PAGE else None)


def later_than(party: RulingParty, user: User) -> RulingParty | None:
    """The newest outcome of the same deal for the same person, when there is one after ``party``."""
    query = _query(user).where(Ruling.deal_id == party.ruling.deal_id, RulingParty.seq > party.seq)
    return db.session.scalars(query.order_by(RulingParty.seq.desc()).limit(1)).first()


def answering(claim: Claim, user: User) -> RulingParty | None:
    """The newest outcome, for this person, of the deal that was claimed; the same statement whether there is a deal or not."""
    claimed, event = aliased(Claim), aliased(DealEvent)
    deal = (
        select(event.deal_id).join(claimed, claimed.event_id == event.id).where(claimed.id == claim.id)
    ).scalar_subquery()
    query = _query(user).where(Ruling.deal_id == deal, Ruling.decided_at >= claim.claimed_at)
    return db.session.scalars(query.order_by(RulingParty.seq.desc()).limit(1)).first()


def _query(user: User) -> Select[Any]:
    return (
        select(RulingParty)
        .join(RulingParty.ruling)
        .join(RulingParty.registration)
        .where(visible_to(user), RulingParty.distributor_id == user.distributor_id)
        .options(
            contains_eager(RulingParty.ruling).options(
                joinedload(Ruling.event), joinedload(Ruling.deal).joinedload(Deal.project)
            ),
            contains_eager(RulingParty.registration).options(*WITH_PARTIES),
        )
    )
