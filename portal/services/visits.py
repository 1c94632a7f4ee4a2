"""Arrivals at the front desk and the slip (带客确认单): RE-2.4, RE-3.2, RE-4.1."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal import audit, crypto
from portal.models import Distributor, Project, Registration, Signature, User, Visit, db
from portal.models.base import event_order
from portal.models.visits import PARTIES
from portal.queries import matches
from portal.rules.arrivals import Arrival, Verdict, judge_arrival
from portal.rules.lead_time import in_time
from portal.rules.periods import local_date, period_end
from portal.rules.refusal import Refusal
from portal.services import documents, identities, notices
from portal.services.corrections import shown_values
from portal.services.customers import Customer, customer_of
from portal.services.editions import NO_PAGE, Seen, is_other
from portal.services.locks import lock_distributor, lock_registration, lock_visit, written
from portal.services.once import once
from portal.services.records import write_record
from portal.services.references import reference

_AUDIT_VERBS = {
    "natural": "visit.natural",
    "refused": "visit.refused",
    "repeat": "visit.repeated",
    "unsigned": "visit.arrived",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipSignature:
    """One party's signature: ``glass`` with strokes and image, or ``paper`` with the photographed slip."""

    party: str
    signer_name: str
    method: str = "glass"
    strokes: dict[str, Any] | None = None
    image: bytes | None = None


def register_arrival(
    *, actor: User, registration: Registration, party_size: int | None = None, submission_key: str | None = None
) -> Visit:
    """Register that the customer of ``registration`` has come. The front desk's time decides to the second (RE-Q2).

    The visit comes out ``unsigned`` (the slip is to be signed), ``repeat``, ``natural`` or ``refused`` with its clause.
    """
    distributor, now = lock_registration(registration)
    sent_before = _sent_before(submission_key)
    if sent_before is not None:
        return sent_before
    verdict = verdict_at_desk(registration, distributor, now)
    visit = _write(
        actor, registration.project, distributor, registration, verdict, now, party_size=party_size, key=submission_key
    )
    _end_registration(registration, visit, verdict, actor, now)
    if verdict.leaves_record:
        _write_natural_record(actor, visit, customer_of(registration), now)
    return visit


def register_unfiled_arrival(
    *, actor: User, project: Project, distributor: Distributor, customer: Customer, submission_key: str | None = None
) -> Visit:
    """A broker brings a customer without naming a filing: the running one is used, else it is natural (RE-F7)."""
    lock_distributor(distributor.id)
    now = identities.lock(project.id, customer.fingerprints)
    key = once(submission_key, customer, project.id, distributor.id)
    running = matches.running_of(distributor.id, project.id, customer.fingerprints.values(), now)
    if running is not None:
        return register_arrival(actor=actor, registration=running, submission_key=key)
    sent_before = _sent_before(key)
    if sent_before is not None:
        return sent_before
    verdict = judge_arrival(Arrival(at=now, distributor_status=distributor.status, registration=None))
    visit = _write(actor, project, distributor, None, verdict, now, party_size=None, key=key)
    _write_natural_record(actor, visit, customer, now)
    return visit


def sign_slip(*, actor: User, visit: Visit, signatures: Sequence[SlipSignature], seen: Seen = NO_PAGE) -> Visit:
    """Add signatures to the slip. The last of the three makes the visit a registered one: the 45 days run from it.

    A late visit may be signed too, so that the leader can excuse it (RE-F9). Raises Refusal when the slip is not open, and
    when it says something else than the signer had read.
    """
    registration = flow_registration(visit)
    distributor, now = lock_registration(registration)
    lock_visit(visit)
    check_slip_open(visit, now)
    _check_unsigned(visit, signatures)
    check_slip_read(seen, visit)
    _write_signatures(visit, signatures, actor, now)
    if {signature.party for signature in visit.signatures} == set(PARTIES):
        visit.signed_at = now
        if visit.result == "unsigned":
            _begin_flow(actor, visit, registration, distributor, now)
    db.session.flush()
    return visit


def begin_protection(visit: Visit, registration: Registration) -> None:
    """The registration counts as visited from the front desk's time, provisionally until the entry (RE-Q9, RE-Q52)."""
    terms = registration.policy.terms
    registration.visited_at = visit.arrived_at
    registration.visit_ends_at = period_end(
        visit.arrived_at, terms.protection.days, registration.project.zone, count=terms.protection.count
    )


def verdict_at_desk(registration: Registration, distributor: Distributor, at: datetime) -> Verdict:
    """What an arrival at ``at`` comes out as at the front desk, its slip still to be signed. Keeps nothing."""
    return judge_arrival(_arrival(registration, distributor, at, signed=False))


def _arrival(registration: Registration, distributor: Distributor, at: datetime, *, signed: bool) -> Arrival:
    terms = registration.policy.terms
    return Arrival(
        at=at,
        distributor_status=distributor.status,
        registration=registration.facts(),
        in_time=in_time(
            registration.filed_at,
            at,
            is_local=registration.is_local,
            lead_time=terms.lead_time,
            zone=registration.project.zone,
        ),
        signed=signed,
    )


def _sent_before(submission_key: str | None) -> Visit | None:
    if submission_key is None:
        return None
    return db.session.scalar(db.select(Visit).where(Visit.submission_key == submission_key))


def _write(
    actor: User,
    project: Project,
    distributor: Distributor,
    registration: Registration | None,
    verdict: Verdict,
    now: datetime,
    *,
    party_size: int | None,
    key: str | None,
) -> Visit:
    seq = db.session.scalar(event_order.next_value())
    visit = Visit(
        seq=seq,
        reference=reference("visit", project, seq, now),
        project_id=project.id,
        registration_id=None if registration is None else registration.id,
        distributor_id=distributor.id,
        submission_key=key,
        arrived_at=now,
        registered_by_id=actor.id,
        party_size=party_size,
        result=verdict.result,
        clause=verdict.clause,
    )
    visit.project, visit.registration, visit.distributor = project, registration, distributor
    visit.signatures = []
    db.session.add(visit)
    db.session.flush()
    written(Visit, visit.id)
    audit.record(
        _AUDIT_VERBS[verdict.result],
        visit,
        actor=actor,
        now=now,
        clause=verdict.clause,
        reference=visit.reference,
        arrived_at=now,
    )
    _tell_harm(visit, registration, now)
    return visit


def _tell_harm(visit: Visit, registration: Registration | None, now: datetime) -> None:
    """The distributor is told of a visit that does not count, with the clause (RE-2.4)."""
    if registration is None or visit.result not in {"natural", "refused"}:
        return
    facts = {"reference": registration.reference}
    if visit.result == "natural":
        facts["arrived_at"] = now.isoformat()
    notices.tell(
        [registration.broker_id],
        f"visit.{visit.result}",
        registration,
        occasion=visit.reference,
        clause=visit.clause,
        facts=facts,
        now=now,
    )


def _end_registration(registration: Registration, visit: Visit, verdict: Verdict, actor: User, now: datetime) -> None:
    if verdict.outcome is not None:
        registration.outcome = verdict.outcome
        registration.outcome_at = now
        registration.outcome_clause = verdict.clause
        db.session.flush()


def _write_natural_record(actor: User, visit: Visit, customer: Customer, now: datetime) -> None:
    write_record(actor=actor, project=visit.project, source="natural", customer=customer, now=now, visit=visit)


def flow_registration(visit: Visit) -> Registration:
    """The registration that the slip of the visit is about. Raises Refusal when nothing was filed (RE-2.4)."""
    if visit.registration is None:
        raise Refusal("slip_without_filing", "RE-2.4")
    return visit.registration


def check_slip_open(visit: Visit, now: datetime) -> None:
    """The slip belongs to the day of the visit (RE-3.7, RE-Q42) and to a visit that can still count. Raises Refusal."""
    if visit.signed_at is not None:
        raise Refusal("slip_already_signed", "RE-3.2")
    if visit.result != "unsigned" and (visit.result, visit.clause) != ("natural", "RE-2.4"):
        raise Refusal("slip_not_open", visit.clause or "RE-3.2")
    if local_date(now, visit.project.zone) != local_date(visit.arrived_at, visit.project.zone):
        raise Refusal("slip_of_another_day", "RE-3.7")


def slip_values(visit: Visit) -> dict[str, Any]:
    """What the slip says and each party signs; that another party has signed meanwhile is no other slip."""
    registration = flow_registration(visit)
    return {
        "customer": shown_values(registration),
        "broker": visit.broker_present or registration.broker.name,
        "people": visit.party_size,
        "result": visit.result,
    }


def check_slip_read(seen: Seen, visit: Visit) -> None:
    """Nobody signs, or declines to sign, another text than was on the glass. Raises Refusal; the visit must be held."""
    if seen is not NO_PAGE and is_other(seen, slip_values(visit)):
        raise Refusal("slip_changed", "RE-3.2")


def _check_unsigned(visit: Visit, signatures: Sequence[SlipSignature]) -> None:
    signed = {signature.party for signature in visit.signatures}
    if any(given.party in signed for given in signatures):
        raise Refusal("party_already_signed", "RE-3.2")


def _write_signatures(visit: Visit, signatures: Sequence[SlipSignature], actor: User, now: datetime) -> None:
    # All rows before the first entry: writing an entry sends what is pending, and together they are one statement.
    rows = [_signature(given, now) for given in signatures]
    visit.signatures.extend(rows)
    for row in rows:
        audit.record(
            "visit.slip_signed",
            visit,
            actor=actor,
            now=now,
            clause="RE-3.2",
            party=row.party,
            method=row.method,
            digest=row.digest,
        )


def _signature(given: SlipSignature, now: datetime) -> Signature:
    return Signature(
        party=given.party,
        method=given.method,
        signer_name=given.signer_name,
        strokes=given.strokes,
        image=given.image,
        digest=signature_digest(given.strokes, given.image),
        signed_at=now,
    )


def signature_digest(strokes: dict[str, Any] | None, image: bytes | None) -> str:
    """SHA-256 over the strokes in canonical JSON and the image, the same again when read back from the database."""
    drawn = b"" if strokes is None else json.dumps(strokes, sort_keys=True, separators=(",", ":")).encode()
    return crypto.digest(drawn + (image or b""))


def _begin_flow(actor: User, visit: Visit, registration: Registration, distributor: Distributor, now: datetime) -> None:
    """Judge again as of the arrival: another visit or a blacklisting may have come between desk and signature."""
    verdict = judge_arrival(_arrival(registration, distributor, visit.arrived_at, signed=True))
    visit.result, visit.clause = verdict.result, verdict.clause
    if verdict.result != "registered":
        return
    begin_protection(visit, registration)
    lead = registration.visited_at - registration.filed_at  # type: ignore[operator]
    audit.record(
        "visit.registered",
        visit,
        actor=actor,
        now=now,
        clause="RE-3.2",
        reference=visit.reference,
        arrived_at=visit.arrived_at,
        lead_seconds=int(lead.total_seconds()),
    )
    audit.record(
        "visit.protected", registration, actor=actor, now=now, clause="RE-2.10", until=registration.visit_ends_at
    )
    documents.order_visit_slip(visit, now)
