"""Deals (成交): what the site or the developer's system reports, and whose they are at once (RE-8, RE-Q27, RE-Q40)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal import audit
from portal.crypto import search_token
from portal.models import BuyerKey, Deal, DealBuyer, DealEvent, Project, Registration, User, db
from portal.models.base import event_order
from portal.queries.deals import WITH_EVENTS
from portal.rules.attribution import CORRECT
from portal.rules.deal_events import FREEZING, check_event, next_kinds
from portal.rules.refusal import Refusal
from portal.rules.search import query_word, search_words
from portal.services import attribution, notices
from portal.services.attribution import Circle, Heard
from portal.services.customers import Customer, customer_of, search_tokens
from portal.services.editions import NO_PAGE, Seen, check_read
from portal.services.references import reference
from portal.services.unacceptable import Unacceptable


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvent:
    """What is reported. ``happened_at`` None: now. The amount is in CNY."""

    kind: str
    buyers: tuple[Customer, ...]
    unit: str | None = None
    amount: Decimal | None = None
    happened_at: datetime | None = None
    source: str = "consultant"
    submission_key: str | None = None


def open_deal(*, actor: User | None, project: Project, event: NewEvent, source_number: str | None = None) -> DealEvent:
    """The first event of a new deal. A form sent twice, or a deal number of the sales system known already, makes no second.

    Raises Refusal: RE-8.1 (nobody bought, no key, in the future), RE-6.2 (an online signing alone).
    """
    circle, now = _hold(project, event, None)
    known = _sent_before(event.submission_key) or _deal_numbered(project, source_number)
    if known is not None:
        return known
    check_event(event.kind, event.happened_at or now, now, ())
    seq = db.session.scalar(event_order.next_value())
    deal = Deal(
        seq=seq,
        reference=reference("deal", project, seq, now),
        project_id=project.id,
        unit=event.unit,
        source_number=source_number,
        opened_at=event.happened_at or now,
        clause="RE-4.1",
    )
    deal.project, deal.events, deal.owner = project, [], None
    db.session.add(deal)
    db.session.flush()
    return _record(actor, deal, event, circle, now)


def open_by_hand(*, actor: User, project: Project, event: NewEvent, source_number: str | None = None) -> DealEvent:
    """``open_deal`` for somebody at a form: a number that another deal bears is an objection, not that deal.

    So is a form that the browser brought back and that says something else now: it would be lost without a word.
    Raises Refusal as ``open_deal``, Unacceptable("source_number", "deal_number_taken") or ("unit", "form_used").
    """
    made = open_deal(actor=actor, project=project, event=event, source_number=source_number)
    if made.submission_key != event.submission_key:
        raise Unacceptable("source_number", "deal_number_taken")
    if not _says(made, event):
        raise Unacceptable("unit", "form_used")
    return made


def _says(made: DealEvent, event: NewEvent) -> bool:
    """Whether the event on record is what is reported."""
    deal = db.session.get_one(Deal, made.deal_id)
    buyers = select(DealBuyer).where(DealBuyer.event_id == made.id).order_by(DealBuyer.position)
    on_record = [(one.customer_name, customer_of(one).fingerprints) for one in db.session.scalars(buyers)]
    reported = [(one.name, one.fingerprints) for one in event.buyers]
    return (deal.unit, made.kind, made.amount, on_record) == (event.unit, event.kind, event.amount, reported)


def add_event(*, actor: User | None, deal: Deal, event: NewEvent, seen: Seen = NO_PAGE) -> DealEvent:
    """A later event of ``deal`` (loaded with project and events); the buyers may have changed, both versions are kept.

    Raises Refusal when it cannot be the next one, and when another was recorded since the actor opened the page.
    """
    db.session.refresh(deal, ["project", "events"])
    circle, now = _hold(deal.project, event, deal)
    known = _sent_before(event.submission_key)
    if known is not None:
        return known
    db.session.refresh(deal, ["owner_id", "clause", "registration_id", "frozen_at", "settled"], with_for_update=True)
    db.session.refresh(deal, ["events"])
    check_event(event.kind, event.happened_at or now, now, [(one.kind, one.happened_at) for one in deal.events])
    check_read(seen, last_values(deal))
    return _record(actor, deal, event, circle, now)


def last_values(deal: Deal) -> dict[str, Any]:
    """The event after which the next one comes, with its buyers."""
    return {"last": deal.events[-1].id}


def next_events(deal: Deal | None) -> tuple[str, ...]:
    """Which events a consultant may record now: the first ones of a new deal (None), or what follows the last one."""
    return next_kinds(() if deal is None else [event.kind for event in deal.events])


def hold_deals_of(registration: Registration) -> None:
    """Hold what a review of this registration's deals would read, before the registration itself is held."""
    if registration.frozen_at is None:
        return
    query = select(Deal).where(Deal.registration_id == registration.id).options(joinedload(Deal.project), *WITH_EVENTS)
    for deal in db.session.scalars(query.order_by(Deal.id)).all():
        for event in deal.events:
            circle = attribution.circle_of_event(event, deal.project)
            attribution.hold(circle, *(customer_of(buyer).fingerprints for buyer in event.buyers))


def review(registration: Registration, now: datetime) -> None:
    """Rule anew the deals that rest on this registration: an audit failed or an extension was refused (RE-F14, RE-Q41)."""
    if registration.frozen_at is None:
        return
    query = select(Deal).where(Deal.registration_id == registration.id).order_by(Deal.id)
    for deal in db.session.scalars(query.with_for_update(of=Deal).execution_options(populate_existing=True)).all():
        db.session.refresh(deal, ["project"])
        ruling = attribution.latest_of(deal)
        assert ruling is not None
        if ruling.origin == "redetermined":
            continue  # What headquarters decided after a finding stands until headquarters decides again (RE-8.5).
        event = db.session.get_one(DealEvent, ruling.event_id)
        heard = attribution.hear(event, attribution.circle_of_event(event, deal.project))
        if heard.attribution.registration != registration.seq:
            attribution.keep(heard, event=event, deal=deal, origin="fallen", actor=None, now=now)


def _hold(project: Project, event: NewEvent, deal: Deal | None) -> tuple[Circle, datetime]:
    """Hold the buyers of this event and of every earlier one of its deal: two commands on one deal never cross."""
    if not event.buyers or any(not buyer.fingerprints for buyer in event.buyers):
        raise Refusal("buyer_needs_a_key", "RE-8.4")
    circle = attribution.circle_of(project, (buyer.fingerprints.values() for buyer in event.buyers))
    earlier = [] if deal is None else [customer_of(buyer) for one in deal.events for buyer in one.buyers]
    groups = [customer.fingerprints for customer in (*event.buyers, *earlier)]
    return circle, attribution.hold(circle, *groups)


def _sent_before(submission_key: str | None) -> DealEvent | None:
    if submission_key is None:
        return None
    return db.session.scalar(select(DealEvent).where(DealEvent.submission_key == submission_key))


def _deal_numbered(project: Project, source_number: str | None) -> DealEvent | None:
    if source_number is None:
        return None
    query = (
        select(DealEvent)
        .join(Deal, Deal.id == DealEvent.deal_id)
        .where(Deal.project_id == project.id, Deal.source_number == source_number)
        .order_by(DealEvent.seq)
        .limit(1)
    )
    return db.session.scalar(query)


def _record(actor: User | None, deal: Deal, given: NewEvent, circle: Circle, now: datetime) -> DealEvent:
    event = _write(actor, deal, given, now)
    audit.record(
        "deal.recorded",
        event,
        actor=actor,
        now=now,
        clause="RE-8.1",
        deal=deal.reference,
        kind=event.kind,
        happened_at=event.happened_at,
        buyers=len(event.buyers),
    )
    heard = attribution.hear(event, circle, with_claims=False)
    first = len(deal.events) == 1
    if event.kind in FREEZING and not deal.settled:
        attribution.keep(heard, event=event, deal=deal, origin="event", actor=None, now=now)
    elif first:
        raise Refusal("online_signing_without_signing", "RE-6.2")
    _tell_holders(heard, event, now)
    return event


def _write(actor: User | None, deal: Deal, given: NewEvent, now: datetime) -> DealEvent:
    seq = db.session.scalar(event_order.next_value())
    event = DealEvent(
        seq=seq,
        reference=reference("deal_event", deal.project, seq, now),
        deal_id=deal.id,
        project_id=deal.project_id,
        kind=given.kind,
        happened_at=given.happened_at or now,
        recorded_at=now,
        recorded_by_id=None if actor is None else actor.id,
        source=given.source,
        submission_key=given.submission_key,
        unit=given.unit or deal.unit,
        amount=given.amount,
        buyers=[_buyer(deal, place, buyer) for place, buyer in enumerate(given.buyers)],
    )
    deal.events.append(event)
    deal.search_tokens = sorted({*(deal.search_tokens or ()), *_tokens(given, event.unit)})
    db.session.flush()
    return event


def _tokens(given: NewEvent, unit: str | None) -> set[int]:
    """By what the deal is found: its buyers, and the unit in any of its parts."""
    words = search_words(query_word(unit)) if unit else frozenset[str]()
    return {search_token(word) for word in words}.union(*(search_tokens(buyer) for buyer in given.buyers))


def _buyer(deal: Deal, place: int, buyer: Customer) -> DealBuyer:
    keys = [
        BuyerKey(project_id=deal.project_id, kind=kind, fingerprint=fingerprint)
        for kind, fingerprint in buyer.fingerprints.items()
    ]
    return DealBuyer(position=place, **buyer.columns(), keys=keys)


def _tell_holders(heard: Heard, event: DealEvent, now: datetime) -> None:
    """Told are only those whose lock was good at the event; nobody learns of others (RE-Q28)."""
    holders: Sequence[Registration] = [
        heard.registrations[verdict.registration] for verdict in heard.attribution.verdicts if verdict.step >= CORRECT
    ]
    for registration in holders:
        notices.tell(
            [registration.broker_id],
            "deal.recorded",
            registration,
            occasion=event.reference,
            clause="RE-8.1",
            facts={"reference": registration.reference, "event": event.kind, "happened_at": event.happened_at},
            now=now,
        )
