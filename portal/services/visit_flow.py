"""After the desk: audit, the leader's signature, the consultant's entry, a late filing excused (RE-3.3 to RE-3.7)."""

from __future__ import annotations

from datetime import datetime

from portal import audit
from portal.audit import reason_digest
from portal.models import Registration, User, Visit, db
from portal.queries import matches
from portal.queries.deals import bought
from portal.rules.arrivals import Arrival, judge_audit
from portal.rules.excuses import Excuse, check_decline, check_excuse
from portal.rules.flow import FlowState, check_audit, check_entry, check_sign_off
from portal.rules.refusal import Refusal, refusal_of
from portal.services import deals, documents, notices
from portal.services.locks import lock_registration, lock_visit
from portal.services.records import lift_records_of
from portal.services.visits import begin_protection


def audit_visit(*, actor: User, visit: Visit, passed: bool, reason: str = "") -> Visit:
    """The back office audits (RE-3.3). An older company record refuses whatever the auditor says (RE-4.1, RE-Q48).

    A failed audit ends the registration (RE-Q42). Raises Refusal out of order, RE-3.7.
    """
    if visit.registration is not None:
        deals.hold_deals_of(visit.registration)
    registration, now = _lock(visit)
    check_audit(_state(visit, registration))
    verdict = _audit_verdict(registration, passed, now)
    visit.audited_at, visit.audited_by_id = now, actor.id
    visit.audit_result, visit.audit_reason = verdict, reason
    if verdict != "passed":
        _end(registration, verdict, now)
        deals.review(registration, now)
        _tell_broker("visit.audit_failed", registration, visit, clause=registration.outcome_clause)
    db.session.flush()
    clause = registration.outcome_clause or "RE-3.3"
    digest = reason_digest(reason)
    audit.record("visit.audited", visit, actor=actor, now=now, clause=clause, result=verdict, reason_digest=digest)
    return visit


def sign_off_visit(*, actor: User, visit: Visit) -> Visit:
    """The site leader signs an audited visit. Raises Refusal: RE-3.7 out of order, RE-3.4 for one's own audit."""
    registration, now = _lock(visit)
    check_sign_off(_state(visit, registration), actor.id)
    visit.leader_signed_at, visit.leader_id = now, actor.id
    db.session.flush()
    audit.record("visit.signed_off", visit, actor=actor, now=now, clause="RE-3.4", reference=visit.reference)
    return visit


def enter_customer(*, actor: User, visit: Visit) -> Visit:
    """The consultant enters the customer; the channel source is the distributor and never changes (RE-3.5, RE-3.6)."""
    registration, now = _lock(visit)
    check_entry(_state(visit, registration))
    source = registration.distributor.reference
    visit.entered_at, visit.consultant_id, visit.channel_source = now, actor.id, source
    registration.entered_at = now
    db.session.flush()
    audit.record("visit.entered", visit, actor=actor, now=now, clause="RE-3.5", channel_source=source)
    _tell_broker("visit.protected", registration, visit, clause="RE-2.10", until=_iso(registration.visit_ends_at))
    return visit


def excuse_late_filing(*, actor: User, visit: Visit, reason: str) -> Visit:
    """The site leader excuses a filing that came too late; the visit counts from its arrival (RE-Q4, RE-Q42, RE-F9)."""
    registration, now = _lock(visit)
    check_excuse(_excuse(visit, registration))
    visit.excused_at, visit.excused_by_id, visit.excuse_reason = now, actor.id, reason
    visit.result, visit.clause = "registered", None
    # The excuse may meet a filing made meanwhile by the same distributor; both stand (RE-Q33 is about filing).
    for key in registration.keys:
        key.guarded = False
    db.session.flush()
    registration.outcome = registration.outcome_at = registration.outcome_clause = None
    begin_protection(visit, registration)
    db.session.flush()
    lift_records_of(visit, actor=actor, now=now)
    until = registration.visit_ends_at
    digest = reason_digest(reason)
    audit.record("visit.excused", visit, actor=actor, now=now, clause="RE-2.4", until=until, reason_digest=digest)
    _tell_broker("visit.excused", registration, visit, clause="RE-2.4", until=_iso(until))
    documents.order_visit_slip(visit, now)
    return visit


def decline_excuse(*, actor: User, visit: Visit, reason: str) -> Visit:
    """The site leader does not excuse; the distributor is told with the reason. A later excuse stays open (RE-Q4).

    Sent twice it is one. Raises Refusal when nothing waits for an excuse, and when it was declined before.
    """
    registration, now = _lock(visit)
    check_decline(_excuse(visit, registration))
    if visit.excuse_declined_at is not None:
        if (visit.excuse_declined_by_id, visit.excuse_decline_reason) == (actor.id, reason):
            return visit
        raise Refusal("excuse_declined_before", "RE-Q4")
    visit.excuse_declined_at, visit.excuse_declined_by_id, visit.excuse_decline_reason = now, actor.id, reason
    db.session.flush()
    digest = reason_digest(reason)
    audit.record("visit.excuse_declined", visit, actor=actor, now=now, clause="RE-Q4", reason_digest=digest)
    _tell_broker("visit.excuse_declined", registration, visit, clause="RE-Q4")
    return visit


def decline_obstacle(visit: Visit) -> Refusal | None:
    """Why there is nothing to decline about this visit, None when a leader may."""
    return refusal_of(lambda: check_decline(_excuse(visit, visit.registration)))


def excuse_obstacle(visit: Visit) -> Refusal | None:
    """Why the lateness of this visit cannot be excused as it stands, None when a leader may."""
    return refusal_of(lambda: check_excuse(_excuse(visit, visit.registration)))


def sign_off_obstacle(visit: Visit, leader: User) -> Refusal | None:
    """Why this leader cannot sign the visit as it stands, None when the leader may."""
    if visit.registration is None:
        return Refusal("visit_not_registered", "RE-3.7")
    registration = visit.registration
    return refusal_of(lambda: check_sign_off(_state(visit, registration), leader.id))


def _lock(visit: Visit) -> tuple[Registration, datetime]:
    if visit.registration is None:
        raise Refusal("visit_not_registered", "RE-3.7")
    _, now = lock_registration(visit.registration)
    lock_visit(visit)
    return visit.registration, now


def _state(visit: Visit, registration: Registration) -> FlowState:
    return FlowState(
        result=visit.result,
        audited=visit.audited_at is not None,
        signed_off=visit.leader_signed_at is not None,
        entered=visit.entered_at is not None,
        outcome=registration.outcome,
        outcome_clause=registration.outcome_clause,
        auditor_id=visit.audited_by_id,
    )


def _audit_verdict(registration: Registration, passed: bool, now: datetime) -> str:
    blocked = bool(matches.older_records(registration))
    arrival = Arrival(
        at=now, distributor_status="active", registration=registration.facts(), older_company_record=blocked
    )
    if judge_audit(arrival).result == "refused":
        return "company_record"
    return "passed" if passed else "failed"


def _end(registration: Registration, verdict: str, now: datetime) -> None:
    clauses = {"failed": ("audit_failed", "RE-3.3"), "company_record": ("company_record", "RE-4.1")}
    registration.outcome, registration.outcome_clause = clauses[verdict]
    registration.outcome_at = now


def _excuse(visit: Visit, registration: Registration | None) -> Excuse:
    if registration is None:
        raise Refusal("nothing_to_excuse", "RE-2.4")
    return Excuse(
        excusable=registration.policy.terms.lead_time.excusable,
        registration=registration.facts(),
        arrived_at=visit.arrived_at,
        visit_clause=visit.clause,
        signed=visit.signed_at is not None,
        already_excused=visit.excused_at is not None,
        deal_happened=bought(registration.project_id, [key.fingerprint for key in registration.keys]),
        older_company_record=bool(matches.older_records(registration)),
    )


def _iso(instant: datetime | None) -> str:
    return "" if instant is None else instant.isoformat()


def _tell_broker(
    kind: str, registration: Registration, visit: Visit, *, clause: str | None, until: str | None = None
) -> None:
    facts = {"reference": registration.reference} | ({} if until is None else {"until": until})
    notices.tell([registration.broker_id], kind, registration, occasion=visit.reference, clause=clause, facts=facts)
