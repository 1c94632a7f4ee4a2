"""Bulk or non-bulk (大宗): the site's decision after the visit (RE-2.6, RE-2.7)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from portal import audit
from portal.audit import reason_digest
from portal.models import Classification, Extension, Registration, User, db
from portal.rules.classification import LATE_FLAG, check_classification, is_late
from portal.rules.refusal import Refusal, refusal_of
from portal.services.editions import NO_PAGE, Seen, check_read
from portal.services.locks import lock_registration


def classify(
    *, actor: User, registration: Registration, bulk: bool, reason: str, seen: Seen = NO_PAGE
) -> Classification:
    """Record the class; the same word sent again while it may be said is the one decision.

    Raises Refusal RE-2.7 before the visit, after an end, or against an application (RE-F10), and when somebody has decided
    since the actor opened the page.
    """
    _, now = lock_registration(registration)
    asked = db.session.scalar(select(Extension.id).where(Extension.registration_id == registration.id))
    check_classification(registration.facts(), now, bulk=bulk, extension_asked=asked is not None)
    latest = _latest_of(registration)
    if latest is not None and (latest.is_bulk, latest.reason, latest.decided_by_id) == (bulk, reason, actor.id):
        return latest
    check_read(seen, decided_values(registration))
    late = is_late(
        registration.visited_at,  # type: ignore[arg-type]  # checked: classified only after the visit
        now,
        first=registration.is_bulk is None,
        due_days=registration.policy.terms.classification_due_days,
        zone=registration.project.zone,
    )
    decision = Classification(
        registration_id=registration.id,
        is_bulk=bulk,
        reason=reason,
        decided_by_id=actor.id,
        decided_at=now,
        late=late,
    )
    registration.is_bulk = bulk
    db.session.add(decision)
    db.session.flush()
    audit.record(
        "registration.classified",
        registration,
        actor=actor,
        now=now,
        clause="RE-2.7",
        bulk=bulk,
        flag=LATE_FLAG if late else None,
        reason_digest=reason_digest(reason),
    )
    return decision


def decided_values(registration: Registration) -> dict[str, Any]:
    """The decision that holds: the same class decided anew is another one."""
    latest = _latest_of(registration)
    return {"decision": latest and latest.id}


def _latest_of(registration: Registration) -> Classification | None:
    query = select(Classification).where(Classification.registration_id == registration.id)
    return db.session.scalars(query.order_by(Classification.id.desc()).limit(1)).first()


def obstacle(registration: Registration, now: datetime) -> Refusal | None:
    """Why the class cannot be decided at ``now``, None when it can. Bulk is what can be decided longest."""
    return refusal_of(lambda: check_classification(registration.facts(), now, bulk=True, extension_asked=False))
