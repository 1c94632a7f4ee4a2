"""Rulings confirmed by people: the back office rules a deal or a claim, headquarters decides anew (RE-8.3 to RE-8.9)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select, update

from portal.models import Claim, Deal, DealEvent, Finding, Registration, Ruling, RulingParty, User, db
from portal.models.base import event_order
from portal.rules.attribution import Verdict, decide_anew
from portal.rules.deal_events import FREEZING
from portal.rules.near_matches import one_digit_off
from portal.rules.refusal import Refusal
from portal.services import attribution, documents
from portal.services.attribution import Heard
from portal.services.customers import Customer, customer_of
from portal.services.editions import NO_PAGE, Seen
from portal.services.findings import OPENING
from portal.services.references import reference
from portal.services.ruling_notices import tell_parties

#: What stands for the company where a registration would be named.
COMPANY = "company"


def rule_deal(
    *,
    actor: User,
    deal: Deal,
    event: DealEvent,
    accepted: Collection[int] = (),
    reason: str | None = None,
    seen: Seen = NO_PAGE,
) -> Ruling:
    """Rule the deal on every claim made on it; a frozen deal is judged at the event that froze it (RE-F17).

    ``accepted``: ids of registrations whose near match the actor takes for right, with a reason (RE-Q25). ``seen`` is the
    number of the ruling that the actor looked at. Raises Refusal when a near match is accepted without a reason, when it is
    none, and when somebody has ruled since.
    """
    if accepted and not (reason or "").strip():
        raise Refusal("near_match_needs_a_reason", "RE-8.4")
    heard, decisive, now = hear(deal, event, accepted)
    _check_seen(deal, seen)
    _check_not_decided_anew(deal)
    _check_accepted(heard, decisive, accepted)
    ruling = attribution.keep(
        heard, event=decisive, deal=deal, origin="ruled", actor=actor, now=now, reason=reason or None
    )
    _name_parties(ruling, heard, deal)
    _close_claims(deal)
    _issue(ruling)
    return ruling


def redetermine(
    *,
    actor: User,
    deal: Deal,
    finding: Finding,
    registration: Registration | None,
    reason: str,
    seen: Seen = NO_PAGE,
) -> Ruling:
    """Headquarters decides anew after a confirmed complaint or grab; the old ruling stays, the new one names it (RE-8.5).

    ``registration`` is one of those considered, None gives the deal to the company. Raises Refusal without a confirmed
    finding on this deal, without a reason, or for a registration that was not considered.
    """
    db.session.refresh(deal, ["project", "events"])
    heard, decisive, now = hear(deal, deal.events[0])
    _check_seen(deal, seen)
    db.session.refresh(finding, ["state", "deal_id"])
    if finding.state != "confirmed" or finding.deal_id != deal.id or finding.kind not in OPENING:
        raise Refusal("redetermination_needs_a_finding", "RE-8.5")
    if not reason.strip():
        raise Refusal("redetermination_needs_a_reason", "RE-8.5")
    seq = None if registration is None else registration.seq
    if seq is not None and seq not in heard.registrations:
        raise Refusal("registration_not_considered", "RE-8.3")
    anew = replace(heard, attribution=decide_anew(heard.case, seq), finding=finding)
    ruling = attribution.keep(
        anew, event=decisive, deal=deal, origin="redetermined", actor=actor, now=now, reason=reason
    )
    _name_parties(ruling, anew, deal)
    _close_claims(deal)
    _issue(ruling)
    return ruling


def decide_anew_of(
    *, actor: User, deal: Deal, finding: Finding, chosen: str, reason: str, seen: Seen = NO_PAGE
) -> Ruling:
    """``redetermine`` by the number of a registration; "company" gives the deal to the company. Raises Refusal."""
    registration = None
    if chosen != COMPANY:
        query = select(Registration).where(Registration.reference == chosen, Registration.project_id == deal.project_id)
        registration = db.session.scalar(query)
        if registration is None:
            raise Refusal("registration_not_considered", "RE-8.3")
    return redetermine(actor=actor, deal=deal, finding=finding, registration=registration, reason=reason, seen=seen)


def preview(deal: Deal, event: DealEvent, accepted: Collection[int] = ()) -> tuple[Heard, DealEvent]:
    """What the rule says now and the event it was judged at, holding nothing: to look at, never to keep.

    Raises Refusal like ``rule_deal`` for an accepted registration that is no near match.
    """
    heard, decisive = _hear_in_order(deal, event, accepted, lock=False)
    _check_accepted(heard, decisive, accepted)
    return heard, decisive


def hear(deal: Deal, event: DealEvent, accepted: Collection[int] = ()) -> tuple[Heard, DealEvent, datetime]:
    """What the rule says now, the event it was judged at, and the time; everything it read is held."""
    db.session.refresh(deal, ["project", "events"])
    decisive = _decisive(deal, event)
    circle = attribution.circle_of_event(decisive, deal.project)
    groups = [customer_of(buyer).fingerprints for one in deal.events for buyer in one.buyers]
    now = attribution.hold(circle, *groups)
    db.session.refresh(deal, ["owner_id", "clause", "registration_id", "frozen_at", "settled"], with_for_update=True)
    heard, decisive = _hear_in_order(deal, event, accepted, lock=True)
    return heard, decisive, now


def near_matches(heard: Heard, event: DealEvent) -> frozenset[int]:
    """The ids of registrations in the case whose phone or ID number is one digit off a buyer's (RE-Q25)."""
    wrong = {one.registration.seq for one in heard.case.candidates if one.incorrect}
    return frozenset(
        row.id
        for seq, row in heard.registrations.items()
        if seq in wrong and any(_is_near(customer_of(row), customer_of(buyer)) for buyer in event.buyers)
    )


def _check_seen(deal: Deal, seen: Seen) -> None:
    latest = attribution.latest_of(deal)
    if seen is not NO_PAGE and latest is not None and latest.reference != seen:
        raise Refusal("ruled_meanwhile", "RE-8.3", reference=latest.reference)


def _check_not_decided_anew(deal: Deal) -> None:
    """What headquarters decided after a finding only headquarters decides again (RE-8.5)."""
    latest = attribution.latest_of(deal)
    if latest is not None and latest.origin == "redetermined":
        raise Refusal("decided_anew_stays", "RE-8.5", reference=latest.reference)


def _is_near(filed: Customer, bought: Customer) -> bool:
    return one_digit_off(((filed.phone, bought.phone), (filed.id_number, bought.id_number)))


def _check_accepted(heard: Heard, event: DealEvent, accepted: Collection[int]) -> None:
    if set(accepted) - near_matches(heard, event):
        raise Refusal("not_a_near_match", "RE-8.4")


def _issue(ruling: Ruling) -> None:
    """The papers and the notices of a ruling that a person confirmed, in its transaction."""
    documents.order_ruling(ruling)
    tell_parties(ruling)


def _hear_in_order(deal: Deal, event: DealEvent, accepted: Collection[int], *, lock: bool) -> tuple[Heard, DealEvent]:
    """The first event that gives the deal an owner decides (RE-Q40); when none does, the event that was asked about."""
    heard, decisive = None, _decisive(deal, event)
    for one in [decisive] if deal.settled else [one for one in deal.events if one.kind in FREEZING]:
        circle = attribution.circle_of_event(one, deal.project)
        found = attribution.hear(one, circle, accepted=accepted, lock=lock)
        if heard is None or one.id == decisive.id or found.attribution.owner is not None:
            heard, judged = found, one
        if found.attribution.owner is not None:
            break
    assert heard is not None
    return heard, judged


def _decisive(deal: Deal, event: DealEvent) -> DealEvent:
    ruling = attribution.latest_of(deal)
    if not deal.settled or ruling is None:
        return event
    return next(one for one in deal.events if one.id == ruling.event_id)


def _name_parties(ruling: Ruling, heard: Heard, deal: Deal) -> None:
    """Told are the owner, whoever owned it before, and those who claimed and have a registration in the case.

    A claimant without one learns nothing here, so that a claim is no way to find out who bought (RE-Q28).
    """
    claimants = db.session.scalars(
        select(Claim.distributor_id).where(Claim.event_id.in_([event.id for event in deal.events]))
    ).all()
    before = db.session.get(Ruling, ruling.supersedes_id) if ruling.supersedes_id else None
    told = {ruling.owner_id, before.owner_id if before else None, *claimants}
    best = {verdict.distributor: verdict for verdict in sorted(heard.attribution.verdicts, key=lambda one: one.step)}
    for distributor_id in sorted(best):
        if distributor_id in told:
            ruling.parties.append(_party(ruling, heard, best[distributor_id]))
    db.session.flush()


def _party(ruling: Ruling, heard: Heard, verdict: Verdict) -> RulingParty:
    seq = db.session.scalar(event_order.next_value())
    wins = verdict.distributor == ruling.owner_id
    return RulingParty(
        seq=seq,
        reference=reference("ruling_extract", ruling.deal.project, seq, ruling.decided_at),
        distributor_id=verdict.distributor,
        registration_id=heard.registrations[verdict.registration].id,
        wins=wins,
        clause=ruling.clause if wins else heard.attribution.passed_over[verdict.distributor],
    )


def _close_claims(deal: Deal) -> None:
    db.session.execute(
        update(Claim)
        .where(Claim.event_id.in_([event.id for event in deal.events]), Claim.state == "open")
        .values(state="decided")
        .execution_options(synchronize_session="fetch")
    )
