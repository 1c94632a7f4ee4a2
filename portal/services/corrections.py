"""Customer data corrected by the site (RE-Q43): the filing keeps its time, both versions are kept side by side."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import Range

from portal import audit
from portal.audit import reason_digest
from portal.models import Correction, FormerKey, Registration, RegistrationKey, User, db
from portal.models.base import event_order
from portal.queries import deals
from portal.rules.customers import is_local
from portal.rules.places import city_name
from portal.rules.refusal import Refusal
from portal.services import identities
from portal.services.customers import Customer, customer_of, search_tokens
from portal.services.editions import NO_PAGE, Seen, check_edition
from portal.services.locks import lock_registration


def correct_customer(
    *, actor: User, registration: Registration, changes: dict[str, Any], reason: str, seen: Seen = NO_PAGE
) -> Correction:
    """Correct fields of the customer. For deals recorded before it the correction is evidence only (RE-Q43, RE-F18).

    Raises Refusal when nothing differs, and when somebody has corrected since the actor opened the page.
    """
    corrected = customer_of(registration).changed(changes)
    # Old and new identities are taken at once, so that two corrections cannot wait for each other.
    identities.lock(registration.project_id, customer_of(registration).fingerprints, corrected.fingerprints)
    _, now = lock_registration(registration)
    before = customer_of(registration)
    after = before.changed(changes)
    fields = before.differences(after)
    if not fields:
        raise Refusal("nothing_corrected", "RE-Q43")
    check_edition(seen, shown_values(registration))
    correction = Correction(
        seq=db.session.scalar(event_order.next_value()),
        registration_id=registration.id,
        corrected_by_id=actor.id,
        corrected_at=now,
        reason=reason,
        before=_kept(before, fields),
        after=_kept(after, fields),
        after_deal=deals.bought(registration.project_id, before.fingerprints.values()),
    )
    db.session.add(correction)
    db.session.flush()
    _apply(registration, after, fields, correction.seq)
    audit.record(
        "registration.corrected",
        registration,
        actor=actor,
        now=now,
        clause="RE-Q43",
        fields=list(fields),
        correction_id=correction.id,
        reason_digest=reason_digest(reason),
    )
    return correction


def shown_values(registration: Registration) -> dict[str, Any]:
    """The customer as a form may show it: phone and document stay masked, that they are others is told by the last change."""
    query = select(func.max(Correction.id)).where(Correction.registration_id == registration.id)
    return {
        "name": registration.customer_name,
        "company": registration.company,
        "company_code": registration.company_code,
        "place": city_name(registration.residence),
        "last_correction": db.session.scalar(query),
    }


def _kept(customer: Customer, fields: tuple[str, ...]) -> str:
    return json.dumps({name: getattr(customer, name) for name in fields}, ensure_ascii=False)


def _apply(registration: Registration, after: Customer, fields: tuple[str, ...], seq: int) -> None:
    for column, value in after.columns().items():
        setattr(registration, column, value)
    if "residence" in fields:
        registration.residence = after.residence
        registration.is_local = is_local(after.residence, registration.project.city_code)
    registration.search_tokens = search_tokens(after)
    _replace_keys(registration, after, seq)
    db.session.flush()


def _replace_keys(registration: Registration, after: Customer, seq: int) -> None:
    """Matching follows the corrected data; deals recorded before still see the former keys (RE-F18).

    The new keys are unguarded: a correction may make two filings meet.
    """
    wanted = after.fingerprints
    kept = {key.kind: key.fingerprint for key in registration.keys}
    changed = {kind: fingerprint for kind, fingerprint in wanted.items() if kept.get(kind) != fingerprint}
    gone = [kind for kind in kept if kept[kind] != wanted.get(kind)]
    _keep_former(registration, gone, seq)
    db.session.execute(
        delete(RegistrationKey).where(
            RegistrationKey.registration_id == registration.id, RegistrationKey.kind.in_(gone)
        )
    )
    end = registration.ends_at if registration.outcome is None else registration.outcome_at
    for kind, fingerprint in changed.items():
        db.session.add(
            RegistrationKey(
                registration_id=registration.id,
                project_id=registration.project_id,
                distributor_id=registration.distributor_id,
                kind=kind,
                fingerprint=fingerprint,
                covers=Range(registration.filed_at, end),
                guarded=False,
                since_seq=seq,
            )
        )
    db.session.flush()
    db.session.expire(registration, ["keys"])


def _keep_former(registration: Registration, gone: list[str], seq: int) -> None:
    db.session.add_all(
        FormerKey(
            registration_id=registration.id,
            project_id=registration.project_id,
            kind=key.kind,
            fingerprint=key.fingerprint,
            since_seq=key.since_seq,
            until_seq=seq,
        )
        for key in registration.keys
        if key.kind in gone
    )
