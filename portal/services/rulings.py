"""Rulings confirmed by people: the back office rules a deal or a claim, headquarters decides anew (RE-8.3 to RE-8.9)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import update

from portal.models import Claim, Deal, DealEvent, Ruling, User, db
from portal.rules.refusal import Refusal
from portal.services import attribution
from portal.services.attribution import Heard
from portal.services.customers import customer_of


def rule_deal(
    *, actor: User, deal: Deal, event: DealEvent, accepted: Collection[int] = (), reason: str | None = None
) -> Ruling:
    """Rule the deal on the claims that name ``event``; a frozen deal is judged at the event that froze it (RE-F17).

    ``accepted``: ids of registrations whose near match the actor takes for right, with a reason (RE-Q25).
    Raises Refusal when a near match is accepted without a reason.
    """
    if accepted and not (reason or "").strip():
        raise Refusal("near_match_needs_a_reason", "RE-8.4")
    heard, decisive, now = hear(deal, event, accepted)
    ruling = attribution.keep(
        heard, event=decisive, deal=deal, origin="ruled", actor=actor, now=now, reason=reason or None
    )
    _close_claims(event)
    return ruling


def hear(deal: Deal, event: DealEvent, accepted: Collection[int] = ()) -> tuple[Heard, DealEvent, datetime]:
    """What the rule says now, the event it was judged at, and the time; everything it read is held."""
    decisive = _decisive(deal, event)
    circle = attribution.circle_of_event(decisive, deal.project)
    groups = [customer_of(buyer).fingerprints for one in deal.events for buyer in one.buyers]
    now = attribution.hold(circle, *groups)
    db.session.refresh(deal, ["owner_id", "clause", "registration_id", "frozen_at", "settled"], with_for_update=True)
    decisive = _decisive(deal, event)
    circle = attribution.circle_of_event(decisive, deal.project)
    return attribution.hear(decisive, circle, claims_of=event, accepted=accepted), decisive, now


def _decisive(deal: Deal, event: DealEvent) -> DealEvent:
    ruling = attribution.latest_of(deal)
    if not deal.settled or ruling is None:
        return event
    return next(one for one in deal.events if one.id == ruling.event_id)


def _close_claims(event: DealEvent) -> None:
    db.session.execute(
        update(Claim)
        .where(Claim.event_id == event.id, Claim.state == "open")
        .values(state="decided")
        .execution_options(synchronize_session="fetch")
    )
