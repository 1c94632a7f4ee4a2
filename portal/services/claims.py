"""Clash claims (撞单申请): made in time, joined when made twice, never an oracle of who bought (RE-8.1, RE-8.2, RE-F16)."""

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


def claim_deal(
    *,
    actor: User,
    event: DealEvent,
    project: Project,
    registration: Registration | None = None,
    statement: str | None = None,
    files: tuple[StoredFile, ...] = (),
    typed: str | None = None,
    submission_key: str | None = None,
) -> Claim:
    """Claim the deal that ``event`` belongs to, for the actor's distributor.

    A second claim on the same event joins the first; after a ruling it opens the case again (RE-F16). Raises Refusal:
    RE-5.4, DM-12.1 (who asks), RE-8.2 (too late, or on an online signing). Who asks comes first (RE-F5).
    """
    distributor = lock_distributor(actor.distributor_id)
    check_may_act(distributor.status)
    _hold(event)
    now = clock.now()
    terms = policies.in_force(project.id, event.happened_at).terms
    flags = check_claim(event.kind, event.happened_at, now, terms.claim_window, project.zone)
    claim = _own_claim(event, distributor.id)
    if claim is None:
        claim = _write(
            actor, project, now, event=event, registration=registration, flags=flags, typed=typed, key=submission_key
        )
    claim.state = "open"
    claim.statement = _joined(claim.statement, statement)
    _attach(claim, files)
    db.session.flush()
    audit.record(
        "claim.made", claim, actor=actor, now=now, clause="RE-8.1", reference=claim.reference, flags=list(flags)
    )
    return claim


def claim_unknown(
    *, actor: User, project: Project, typed: str, statement: str | None, submission_key: str | None = None
) -> Claim:
    """What was typed fits no deal that can be claimed: kept, and answered word for word like one that fits."""
    distributor = lock_distributor(actor.distributor_id)
    check_may_act(distributor.status)
    now = clock.now()
    sent_before = _sent_before(submission_key)
    if sent_before is not None:
        return sent_before
    claim = _write(actor, project, now, event=None, registration=None, flags=(), typed=typed, key=submission_key)
    claim.statement = statement
    db.session.flush()
    audit.record("claim.made", claim, actor=actor, now=now, clause="RE-8.1", reference=claim.reference, flags=[])
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


def _hold(event: DealEvent) -> None:
    """Claims, rulings and later events of one deal wait for each other: no claim is closed unheard."""
    db.session.execute(select(Deal.id).where(Deal.id == event.deal_id).with_for_update()).one()


def _sent_before(submission_key: str | None) -> Claim | None:
    if submission_key is None:
        return None
    return db.session.scalar(select(Claim).where(Claim.submission_key == submission_key))


def _own_claim(event: DealEvent, distributor_id: int) -> Claim | None:
    query = select(Claim).where(Claim.event_id == event.id, Claim.distributor_id == distributor_id)
    return db.session.scalar(query)


def _write(
    actor: User,
    project: Project,
    now: datetime,
    *,
    event: DealEvent | None,
    registration: Registration | None,
    flags: tuple[str, ...],
    typed: str | None,
    key: str | None,
) -> Claim:
    seq = db.session.scalar(event_order.next_value())
    window = policies.in_force(project.id, now).terms.claim_window
    claim = Claim(
        seq=seq,
        reference=reference("claim", project, seq, now),
        project_id=project.id,
        event_id=None if event is None else event.id,
        distributor_id=actor.distributor_id,
        broker_id=actor.id,
        registration_id=None if registration is None else registration.id,
        typed=typed,
        submission_key=key,
        claimed_at=now,
        flags=list(flags),
        answer_at=window_end(now, window, project.zone),
        state="open",
        files=[],
    )
    db.session.add(claim)
    db.session.flush()
    return claim


def _joined(before: str | None, statement: str | None) -> str | None:
    return "\n".join(part for part in (before, statement) if part) or None


def _attach(claim: Claim, files: tuple[StoredFile, ...]) -> None:
    known = {attached.file_id for attached in claim.files}
    claim.files += [ClaimFile(file_id=file.id, file=file) for file in files if file.id not in known]
