"""Clash claims (撞单申请) by those who know of the deal: made in time, joined when made twice (RE-8.1, RE-8.2, RE-F16).

Claims by a typed number are in ``typed_claims``.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from portal import audit, clock
from portal.models import Claim, ClaimFile, Deal, DealEvent, Project, Registration, StoredFile, User, db
from portal.models.base import event_order
from portal.rules.claims import check_claim, window_end
from portal.rules.partnership import check_may_act
from portal.services import policies
from portal.services.locks import lock_distributor
from portal.services.references import reference
from portal.services.ruling_notices import tell_site


def claim_deal(
    *,
    actor: User,
    event: DealEvent,
    project: Project,
    registration: Registration | None = None,
    statement: str | None = None,
    files: tuple[StoredFile, ...] = (),
    submission_key: str | None = None,
) -> Claim:
    """Claim the deal that ``event`` belongs to, for the actor's distributor.

    A second claim of the same broker on the same event joins the first, those of one distributor are heard as one; after a
    ruling it opens the case again (RE-F16). Raises Refusal: RE-5.4, DM-12.1 (who asks), RE-8.2 (too late, or on an online
    signing). Who asks comes first (RE-F5).
    """
    distributor = lock_distributor(actor.distributor_id)
    check_may_act(distributor.status_at(clock.now()))
    _hold(event)
    sent = sent_before(actor, submission_key)
    if sent is not None:
        return sent
    now = clock.now()
    terms = policies.in_force(project.id, event.happened_at).terms
    flags = check_claim(event.kind, event.happened_at, now, terms.claim_window, project.zone)
    claim = _own_claim(event, actor) or write_claim(
        actor=actor, project=project, now=now, event_id=event.id, registration=registration, flags=flags
    )
    claim.state, claim.submission_key = "open", submission_key
    claim.statement = _joined(claim.statement, statement)
    attach(claim, files)
    db.session.flush()
    audit.record(
        "claim.made", claim, actor=actor, now=now, clause="RE-8.1", reference=claim.reference, flags=list(flags)
    )
    return claim


def close_unfounded(now: datetime, limit: int = 500) -> int:
    """Close the claims that fit no deal once their answer is due; how many. Run by the worker, may run twice."""
    query = (
        select(Claim)
        .where(Claim.state == "open", Claim.event_id.is_(None), Claim.answer_at <= now)
        .order_by(Claim.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    claims = db.session.scalars(query).all()
    for claim in claims:
        claim.state = "unfounded"
        audit.record("claim.closed", claim, actor=None, now=now, clause="RE-8.4", reference=claim.reference)
    db.session.flush()
    return len(claims)


def sent_before(actor: User, submission_key: str | None) -> Claim | None:
    """The actor's claim that this very form has made already."""
    if submission_key is None:
        return None
    return db.session.scalar(select(Claim).where(Claim.submission_key == submission_key, Claim.broker_id == actor.id))


def attach(claim: Claim, files: tuple[StoredFile, ...]) -> None:
    """Add files to a claim, each once."""
    known = {attached.file_id for attached in claim.files}
    claim.files += [ClaimFile(file_id=file.id, file=file) for file in dict.fromkeys(files) if file.id not in known]


def write_claim(
    *,
    actor: User,
    project: Project,
    now: datetime,
    event_id: int | None,
    registration: Registration | None,
    flags: tuple[str, ...],
    typed: str | None = None,
    submission_key: str | None = None,
) -> Claim:
    """The row of a claim, told to the site. For the commands that make claims: nothing is checked here."""
    seq = db.session.scalar(event_order.next_value())
    window = policies.in_force(project.id, now).terms.claim_window
    claim = Claim(
        seq=seq,
        reference=reference("claim", project, seq, now),
        project_id=project.id,
        event_id=event_id,
        distributor_id=actor.distributor_id,
        broker_id=actor.id,
        registration_id=None if registration is None else registration.id,
        typed=typed,
        submission_key=submission_key,
        claimed_at=now,
        flags=list(flags),
        answer_at=window_end(now, window, project.zone),
        state="open",
        files=[],
    )
    db.session.add(claim)
    db.session.flush()
    tell_site(claim, now)
    return claim


def _hold(event: DealEvent) -> None:
    """Claims, rulings and later events of one deal wait for each other: no claim is closed unheard."""
    db.session.execute(select(Deal.id).where(Deal.id == event.deal_id).with_for_update()).one()


def _own_claim(event: DealEvent, actor: User) -> Claim | None:
    query = select(Claim).where(Claim.event_id == event.id, Claim.broker_id == actor.id, Claim.typed.is_(None))
    return db.session.scalar(query)


def _joined(before: str | None, statement: str | None) -> str | None:
    return "\n".join(part for part in (before, statement) if part) or None
