"""Claims as the forms send them: evidence is kept first, a button pressed twice makes one claim (RE-8.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from portal import audit, clock, crypto
from portal.models import Claim, DealEvent, Project, Registration, StoredFile, User, db
from portal.rules.claims import check_evidence
from portal.rules.customers import StrongKey
from portal.rules.refusal import Refusal
from portal.services.claims import attach, claim_deal
from portal.services.files import store_file
from portal.services.typed_claims import claim_by_number
from portal.services.unacceptable import Unacceptable

#: For one claim, however often something is added.
MOST_FILES = 30


@dataclass(frozen=True, slots=True)
class Brought:
    """A file as it was brought: its bytes and what it was called."""

    content: bytes
    name: str


def send_claim(
    *,
    actor: User,
    registration: Registration,
    event: DealEvent,
    statement: str | None,
    evidence: Sequence[Brought],
    submission_key: str,
) -> str:
    """Claim the deal by a registration of one's own; the claim's number. Raises as ``claim_deal`` and ``store_file``."""
    claim = claim_deal(
        actor=actor,
        event=event,
        project=registration.project,
        registration=registration,
        statement=statement,
        files=_stored(actor, evidence),
        submission_key=_key(actor, submission_key, event.reference),
    )
    # Not the row: after the commit whoever asks it for its number reads it from the database again.
    return claim.reference


def send_number(
    *,
    actor: User,
    project: Project,
    number: StrongKey,
    statement: str | None,
    evidence: Sequence[Brought],
    submission_key: str,
) -> str:
    """Claim by a typed number; returns the claim's number. Raises as ``claim_by_number`` and ``store_file``."""
    claim = claim_by_number(
        actor=actor,
        project=project,
        number=number,
        statement=statement,
        files=_stored(actor, evidence),
        submission_key=_key(actor, submission_key, f"{project.id}|{number.value}"),
    )
    return claim.reference


def add_evidence(*, actor: User, claim: Claim, evidence: Sequence[Brought]) -> Claim:
    """Add files to a claim while it is open. Raises Refusal(RE-8.1) afterwards, Unacceptable for too many or a bad one."""
    files = _stored(actor, evidence)
    db.session.refresh(claim, ["state", "answer_at"], with_for_update=True)
    now = clock.now()
    check_evidence(typed=claim.typed is not None, is_open=claim.state == "open", answer_at=claim.answer_at, at=now)
    attach(claim, files)
    if len(claim.files) > MOST_FILES:
        raise Unacceptable("evidence", "too_many_files", most=MOST_FILES)
    db.session.flush()
    audit.record("claim.supported", claim, actor=actor, now=now, reference=claim.reference, files=len(files))
    return claim


def may_add_evidence(claim: Claim, now: datetime) -> bool:
    """The same asked in advance."""
    try:
        check_evidence(typed=claim.typed is not None, is_open=claim.state == "open", answer_at=claim.answer_at, at=now)
    except Refusal:
        return False
    return len(claim.files) < MOST_FILES


def _stored(actor: User, evidence: Sequence[Brought]) -> tuple[StoredFile, ...]:
    return tuple(
        store_file(
            actor=actor,
            content=one.content,
            name=one.name,
            distributor_id=actor.distributor_id,
            field="evidence",
        )
        for one in evidence
    )


def _key(actor: User, form_key: str, claimed: str) -> str:
    """One claim per form, person and object: the same form filled with something else is another claim."""
    return str(UUID(bytes=crypto.fingerprint("claim", f"{actor.id}|{form_key}|{claimed}")))
