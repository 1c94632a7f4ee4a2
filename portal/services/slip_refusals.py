"""Somebody will not sign the visit slip: who and why is kept, and unsigned stays unsigned (RE-3.2, RE-8.3)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from portal import audit
from portal.audit import reason_digest
from portal.models import SlipRefusal, User, Visit, db
from portal.rules.refusal import Refusal
from portal.services.editions import NO_PAGE, Seen
from portal.services.locks import lock_registration, lock_visit
from portal.services.visits import check_slip_open, check_slip_read, flow_registration


def decline_slip(*, actor: User, visit: Visit, party: str, reason: str, seen: Seen = NO_PAGE) -> SlipRefusal:
    """Put on record that ``party`` will not sign. The flow does not go on; the party may still sign the same day.

    Sent twice it is one refusal. Raises Refusal when the slip is not open, or this party has signed or refused before.
    """
    _, now = lock_registration(flow_registration(visit))
    lock_visit(visit)
    check_slip_open(visit, now)
    if party in {signature.party for signature in visit.signatures}:
        raise Refusal("party_already_signed", "RE-3.2")
    before = db.session.scalar(select(SlipRefusal).where(SlipRefusal.visit_id == visit.id, SlipRefusal.party == party))
    if before is None:
        check_slip_read(seen, visit)
        return _write(actor, visit, party, reason, now)
    if before.reason != reason:
        raise Refusal("party_already_declined", "RE-3.2")
    return before


def _write(actor: User, visit: Visit, party: str, reason: str, now: datetime) -> SlipRefusal:
    refusal = SlipRefusal(visit_id=visit.id, party=party, reason=reason, refused_at=now, recorded_by_id=actor.id)
    db.session.add(refusal)
    db.session.flush()
    digest = reason_digest(reason)
    audit.record("visit.slip_declined", visit, actor=actor, now=now, clause="RE-3.2", party=party, reason_digest=digest)
    return refusal
