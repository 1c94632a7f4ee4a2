"""The two signatures and what follows from them: a distributor with its owner's account, or a refusal (DO-2.3, DM-2.8)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import text

from portal import audit
from portal.models import Application, ApplicationSignature, Delegation, Distributor, User, db
from portal.rules.applications import DAYS_TO_SIGN, check_signature, next_signer
from portal.rules.delegations import MATTERS, check_stands
from portal.rules.names import pinyin_key
from portal.rules.refusal import Refusal
from portal.rules.working_days import working_days_end
from portal.services import accounts, application_notices, outgoing_messages
from portal.services.application_reviews import hold
from portal.services.applications import move, record
from portal.services.blacklist_matches import check_blacklist_match
from portal.services.unacceptable import Unacceptable, unique
from portal.wording.times import PORTAL_ZONE

#: The reference carries the row's own number: D-0042.
_NEXT_NUMBER = text("SELECT nextval(pg_get_serial_sequence('distributors', 'id'))")
_TAKEN = {
    "uq_distributors_name": ("name", "distributor_name_taken"),
    "uq_distributors_registration_code": ("registration_code", "distributor_code_taken"),
}


def sign(
    *, actor: User, application: Application, approved: bool, reason: str, delegation: Delegation | None = None
) -> ApplicationSignature:
    """Sign as the department manager, then as the general manager; the second approval makes the distributor (DO-2.3).

    Either may refuse, which ends the application; the reason is told to the applicant (CH-3.12). A deputy signs by the
    ``delegation`` that names it and stands at this second (DO-Q2). Raises Refusal out of turn, for whoever reviewed it or
    signed before, and when the partner matches the blacklist (RE-5.4).
    """
    if delegation is not None:
        # Held first: it cannot be taken back between the look at the clock and the signature.
        db.session.refresh(delegation, with_for_update={"read": True, "of": Delegation})
    now = hold(application, ("examined",))
    role = signing_role(application, actor, now, delegation)
    if not reason.strip():
        raise Refusal("signature_needs_a_reason", "CH-3.12")
    if approved:
        check_blacklist_match(application.partner_file)
    signature = ApplicationSignature(
        application_id=application.id,
        role=role,
        signer_id=actor.id,
        as_deputy=delegation is not None,
        delegation_id=None if delegation is None else delegation.id,
        approved=approved,
        reason=reason,
        signed_at=now,
    )
    db.session.add(signature)
    db.session.flush()
    db.session.expire(application, ["signatures"])
    _remember(signature, application, actor, delegation, now)
    _go_on(actor, application, approved, reason, now)
    return signature


def signing_role(application: Application, actor: User, now: datetime, delegation: Delegation | None = None) -> str:
    """The role in which the actor signs now, its own or the principal's. Raises Refusal when it is not the actor's turn."""
    reviewers = {application.reviewer_id, application.confirmed_by_id} - {None}
    roles, signers = actor.roles, {actor.id}
    if delegation is not None:
        upcoming = next_signer([one.role for one in application.signatures])
        check_stands(delegation.facts(), role=upcoming, deputy=actor.id, now=now)
        roles, signers = frozenset({MATTERS[delegation.matter]}), {actor.id, delegation.principal_id}
    return check_signature(
        signed=[(one.role, _behind(one)) for one in application.signatures],
        roles=roles,
        signers=signers,
        reviewers=reviewers,  # type: ignore[arg-type]
    )


def _behind(signature: ApplicationSignature) -> frozenset[int]:
    """Who signed, and for whom."""
    people = {signature.signer_id}
    return frozenset(people if signature.delegation is None else people | {signature.delegation.principal_id})


def _remember(
    signature: ApplicationSignature, application: Application, actor: User, delegation: Delegation | None, now: datetime
) -> None:
    facts: dict[str, Any] = {
        "role": signature.role,
        "approved": signature.approved,
        "reason_digest": audit.reason_digest(signature.reason),
    }
    if delegation is None:
        record("application.signed", application, actor, now, "DO-2.3", deputy=False, **facts)
    else:
        record("application.signed_for", application, actor, now, "DO-Q2", delegation=delegation.reference, **facts)


def _go_on(actor: User, application: Application, approved: bool, reason: str, now: datetime) -> None:
    upcoming = next_signer([one.role for one in application.signatures])
    if not approved:
        _reject(actor, application, reason, now)
    elif upcoming is None:
        _approve(actor, application, reason, now)
    else:
        application.signature_due_at = working_days_end(now, DAYS_TO_SIGN, PORTAL_ZONE)
        db.session.flush()
        application_notices.tell_signer(application, upcoming, now)


def _reject(actor: User, application: Application, reason: str, now: datetime) -> None:
    step = move(application, "rejected", now)
    _decided(application, reason, now)
    record("application.rejected", application, actor, now, step.clause, reason_digest=audit.reason_digest(reason))


def _approve(actor: User, application: Application, reason: str, now: datetime) -> None:
    distributor = _distributor(actor, application, now)
    step = move(application, "approved", now)
    application.partner_file.distributor_id = distributor.id
    _decided(application, reason, now)
    db.session.expire(application.partner_file, ["distributor"])
    record("application.approved", application, actor, now, step.clause, distributor=distributor.reference)
    _owner_account(actor, application, distributor, now)


def _decided(application: Application, reason: str, now: datetime) -> None:
    application.decided_at, application.decision_reason, application.signature_due_at = now, reason, None
    db.session.flush()
    application_notices.tell([application.reviewer_id], application, "application.decided", "CH-3.12", now)
    application_notices.write_to_applicant(application, "application_decided", now)


def _distributor(actor: User, application: Application, now: datetime) -> Distributor:
    """The company as a partner that is approved and not yet under contract."""
    file = application.partner_file
    number = db.session.scalar(_NEXT_NUMBER)
    distributor = Distributor(
        id=number,
        reference=f"D-{number:04d}",
        name=file.name,
        name_pinyin=pinyin_key(file.name or ""),
        registration_code=file.registration_code,
        status="approved",
        status_since=now,
        created_at=now,
    )
    try:
        with unique(**_TAKEN):
            db.session.add(distributor)
    except Unacceptable as taken:
        raise Refusal(taken.reason, "DO-Q3") from None
    audit.record("distributor.created", distributor, actor=actor, now=now, reference=distributor.reference)
    return distributor


def _owner_account(actor: User, application: Application, distributor: Distributor, now: datetime) -> None:
    """The owner signs in by the distributor's number; the first password goes to the proved address, to nobody here."""
    file = application.partner_file
    handover = accounts.create_account(
        actor=actor,
        login=distributor.reference.lower(),
        name=file.contact_name or distributor.name,
        phone=file.contact_phone,
        grants=[("owner", None)],
        distributor_id=distributor.id,
    )
    facts = {
        "login": handover.user.login,
        "password": handover.first_password,
        "link": f"{current_app.extensions['settings'].public_url}/sign-in",
    }
    outgoing_messages.write(
        kind="owner_account",
        channel=application.channel,
        address=application.contact,
        locale=application.locale,
        facts=facts,
        now=now,
    )
