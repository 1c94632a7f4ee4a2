"""Prospects: noted, spoken to, evaluated, invited to apply, dropped (CM-2.1 to 2.3, D.1)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from portal import audit, clock, crypto
from portal.models import Prospect, ProspectContact, ProspectEvaluation, User, db
from portal.rules.prospects import check_evaluation, check_invitation, check_open
from portal.rules.refusal import Refusal
from portal.services import applications
from portal.services.unacceptable import unique


def note_prospect(
    *, actor: User, name: str, source: str, contact: str, contact_name: str | None, remark: str | None
) -> Prospect:
    """Put a prospect on the list. Raises Unacceptable("contact", …) for an address that is none or is on the list."""
    read, now = applications.read_contact(contact), clock.now()
    prospect = Prospect(
        name=name,
        source=source,
        contact_name=contact_name or None,
        channel=read.channel,
        contact=read.address,
        contact_fingerprint=crypto.fingerprint("prospect", f"{read.channel}:{read.address}"),
        remark=remark or None,
        found_at=now,
        found_by_id=actor.id,
    )
    with unique(uq_prospects_contact_fingerprint=("contact", "prospect_known")):
        db.session.add(prospect)
    audit.record("prospect.noted", prospect, actor=actor, now=now, clause="CM-2.1", source=source)
    return prospect


def note_contact(
    *, actor: User, prospect: Prospect, kind: str, happened_at: datetime | None, needs: str
) -> ProspectContact:
    """Put a talk or a letter on record, with what they need (CM-2.2); ``happened_at`` None is now.

    The same talk sent again is one. Raises Refusal for one that lies ahead, and for a prospect that was dropped.
    """
    now = _hold(prospect)
    check_open(prospect.state_at(now), "open", "invited", "applied")
    if happened_at is not None and happened_at > now:
        raise Refusal("contact_in_the_future", "CM-2.2")
    if prospect.contacts and (prospect.contacts[-1].kind, prospect.contacts[-1].needs) == (kind, needs):
        return prospect.contacts[-1]
    contact = ProspectContact(
        prospect_id=prospect.id,
        kind=kind,
        happened_at=happened_at or now,
        needs=needs,
        recorded_at=now,
        recorded_by_id=actor.id,
    )
    db.session.add(contact)
    db.session.flush()
    db.session.expire(prospect, ["contacts"])
    audit.record("prospect.contacted", prospect, actor=actor, now=now, clause="CM-2.2", kind=kind)
    return contact


def evaluate(*, actor: User, prospect: Prospect, scores: Mapping[str, Decimal], reasons: str) -> ProspectEvaluation:
    """Fill in the evaluation form: what the review group reads beside the application (CM-2.3). A new one counts instead.

    The same form sent again is one. Raises Refusal before anybody has spoken to the prospect, once it has applied, for a score
    missing or beyond 0 to 100, and without reasons.
    """
    now = _hold(prospect)
    check_evaluation(prospect.state_at(now), len(prospect.contacts), scores)
    if not reasons.strip():
        raise Refusal("evaluation_incomplete", "CM-2.3")
    last = prospect.evaluations[-1] if prospect.evaluations else None
    if last is not None and last.reasons == reasons and all(getattr(last, name) == scores[name] for name in scores):
        return last
    made = ProspectEvaluation(
        prospect_id=prospect.id, reasons=reasons, evaluated_at=now, evaluated_by_id=actor.id, **scores
    )
    db.session.add(made)
    db.session.flush()
    db.session.expire(prospect, ["evaluations"])
    digest = audit.reason_digest(reasons)
    audit.record("prospect.evaluated", prospect, actor=actor, now=now, clause="CM-2.3", reason_digest=digest)
    return made


def invite(*, actor: User, prospect: Prospect, locale: str) -> Prospect:
    """Send the link to apply to the prospect's address; again once an earlier one has run out unopened.

    Raises Refusal before anybody has spoken to it and evaluated it, and while a link is open or an application has begun.
    """
    now = _hold(prospect)
    check_invitation(prospect.state_at(now), len(prospect.contacts), len(prospect.evaluations))
    invitation = applications.invite(actor=actor, name=prospect.name, contact=prospect.contact or "", locale=locale)
    prospect.invitation_id = invitation.id
    db.session.flush()
    db.session.expire(prospect, ["invitation"])
    audit.record("prospect.invited", prospect, actor=actor, now=now, clause="DO-2.1")
    return prospect


def drop(*, actor: User, prospect: Prospect, reason: str) -> Prospect:
    """Take it off the list: the reason stays, name and address of the person are forgotten. Raises Refusal once invited."""
    now = _hold(prospect)
    check_open(prospect.state_at(now), "open")
    prospect.contact_name = prospect.channel = prospect.contact = prospect.contact_fingerprint = None
    prospect.dropped_at, prospect.dropped_by_id, prospect.dropped_reason = now, actor.id, reason
    db.session.flush()
    digest = audit.reason_digest(reason)
    audit.record("prospect.dropped", prospect, actor=actor, now=now, clause="CM-2.2", reason_digest=digest)
    return prospect


def _hold(prospect: Prospect) -> datetime:
    """One step at a time; what it decides by is read after the lock."""
    db.session.refresh(prospect, with_for_update={"of": Prospect})
    db.session.refresh(prospect, ["contacts", "evaluations"])
    return clock.now()
