"""Bulk extensions (大宗延期): the distributor asks, the leader gives an opinion, headquarters decides (RE-2.11, RE-2.12)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from portal import audit
from portal.audit import reason_digest
from portal.models import Extension, Registration, User, db
from portal.models.base import event_order
from portal.rules.extensions import ExtensionCase, check_application, extended_end
from portal.rules.partnership import check_may_act
from portal.rules.refusal import Refusal
from portal.services import deals, documents, notices
from portal.services.corrections import shown_values
from portal.services.distributor_notices import followers
from portal.services.editions import NO_PAGE, Seen, check_read
from portal.services.locks import lock_extension, lock_registration, written
from portal.services.references import reference


def ask_extension(*, actor: User, registration: Registration, reason: str) -> Extension:
    """Apply for the bulk extension. In time it holds the customer until the decision (RE-Q10).

    Raises Refusal: RE-5.4, DM-12.1 (who asks), RE-2.11 (too late, no visit, entry or bulk class), RE-2.12 (once).
    """
    distributor, now = lock_registration(registration)
    check_may_act(distributor.status_at(now))
    check_application(_case(registration, now))
    seq = db.session.scalar(event_order.next_value())
    extension = Extension(
        seq=seq,
        reference=reference("extension", registration.project, seq, now),
        registration_id=registration.id,
        reason=reason,
        asked_by_id=actor.id,
        asked_at=now,
        original_end=registration.visit_ends_at,
        state="pending",
    )
    extension.registration = registration
    db.session.add(extension)
    registration.pending_until = granted_end(registration)
    db.session.flush()
    written(Extension, extension.id)
    digest = reason_digest(reason)
    audit.record(
        "extension.asked",
        extension,
        actor=actor,
        now=now,
        project_id=registration.project_id,
        clause="RE-2.11",
        reference=extension.reference,
        reason_digest=digest,
    )
    return extension


def give_opinion(*, actor: User, extension: Extension, opinion: str, seen: Seen = NO_PAGE) -> Extension:
    """The site leader's opinion on an undecided application (RE-Q10); the same said twice by one person is one.

    Raises Refusal once it is decided, and when another opinion was given since the actor opened the page.
    """
    _, now = lock_registration(extension.registration)
    lock_extension(extension)
    _check_pending(extension)
    if (extension.opinion, extension.opinion_by_id) == (opinion, actor.id):
        return extension
    check_read(seen, spoken_values(extension))
    extension.opinion, extension.opinion_by_id, extension.opinion_at = opinion, actor.id, now
    db.session.flush()
    audit.record(
        "extension.commented",
        extension,
        actor=actor,
        now=now,
        project_id=extension.registration.project_id,
        clause="RE-2.11",
        reason_digest=reason_digest(opinion),
    )
    return extension


def spoken_values(extension: Extension) -> dict[str, Any]:
    """The opinion that holds."""
    return {"opinion": extension.opinion, "at": extension.opinion_at}


def read_values(extension: Extension) -> dict[str, Any]:
    """What a decision rests on: the leader's opinion, the class, and the customer as it is now."""
    registration = extension.registration
    return spoken_values(extension) | {"bulk": registration.is_bulk, "customer": shown_values(registration)}


def decide_extension(
    *, actor: User, extension: Extension, approve: bool, reason: str, seen: Seen = NO_PAGE
) -> Extension:
    """Headquarters decides once. A consent runs from the old end, however late it comes; a refusal leaves the old end.

    Raises Refusal once it is decided, and when what speaks for it was changed since the actor opened the page.
    """
    registration = extension.registration
    deals.hold_deals_of(registration)
    _, now = lock_registration(registration)
    lock_extension(extension)
    _check_pending(extension)
    check_read(seen, read_values(extension))
    extension.decided_by_id, extension.decided_at, extension.decision_reason = actor.id, now, reason
    extension.state = "approved" if approve else "rejected"
    extension.new_end = granted_end(registration) if approve else None
    registration.extension_ends_at, registration.pending_until = extension.new_end, None
    db.session.flush()
    deals.review(registration, now)
    _remember_decision(extension, actor, now)
    documents.order_extension_approval(extension, now)
    return extension


def granted_end(registration: Registration) -> datetime:
    """The exclusive end that a consent gives, UTC."""
    terms = registration.policy.terms
    assert registration.visited_at is not None
    return extended_end(registration.visited_at, terms.protection, terms.extension, registration.project.zone)


def _case(registration: Registration, now: datetime) -> ExtensionCase:
    asked = db.session.scalar(select(Extension.id).where(Extension.registration_id == registration.id))
    return ExtensionCase(
        registration=registration.facts(),
        at=now,
        is_bulk=registration.is_bulk,
        asked_before=asked is not None,
        terms=registration.policy.terms.extension,
    )


def _check_pending(extension: Extension) -> None:
    if extension.state == "lapsed":
        raise Refusal("extension_lapsed", extension.registration.outcome_clause or "RE-5.4")
    if extension.state != "pending":
        raise Refusal("extension_decided", "RE-2.12")


def _remember_decision(extension: Extension, actor: User, now: datetime) -> None:
    registration = extension.registration
    end = extension.new_end or extension.original_end
    clause = "RE-2.12" if extension.state == "approved" else "RE-2.11"
    audit.record(
        f"extension.{extension.state}",
        extension,
        actor=actor,
        now=now,
        project_id=registration.project_id,
        clause=clause,
        until=end,
        reason_digest=reason_digest(extension.decision_reason or ""),
    )
    notices.tell(
        followers(registration),
        f"extension.{extension.state}",
        registration,
        occasion=extension.reference,
        clause=clause,
        facts={"reference": registration.reference, "until": end.isoformat()},
    )
