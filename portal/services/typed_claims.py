"""Claims by a typed number: whether it bought, and who else claims, makes no difference to what is done or answered.

The portal would else be a way to find out who bought. So a number that fits an event in its window and one that fits none
take the same steps, each with the same statements, and both are answered at the same time in the same words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, text

from portal import audit, clock
from portal.crypto import fingerprint
from portal.models import Claim, Deal, Project, Registration, StoredFile, User, db
from portal.queries.claims import LATEST_EVENT, filed_under
from portal.rules.claims import check_claim
from portal.rules.customers import StrongKey
from portal.rules.partnership import check_may_act
from portal.rules.refusal import Refusal
from portal.rules.typed_numbers import read_number
from portal.services import policies
from portal.services.claims import attach, sent_before, write_claim
from portal.services.locks import lock_distributor

# One after the other, whatever was typed: waiting for a deal's own lock would tell that there is a deal.
_IN_TURN = text("SELECT pg_advisory_xact_lock(hashtextextended('typed claims', :distributor_id))")
_NO_DEAL = 0


@dataclass(frozen=True, slots=True)
class _Found:
    """The event that the number fits; without one a stand-in, so that the same is done either way."""

    event_id: int | None
    deal_id: int
    kind: str
    happened_at: datetime


def claim_by_number(
    *,
    actor: User,
    project: Project,
    number: StrongKey,
    statement: str | None = None,
    files: tuple[StoredFile, ...] = (),
    submission_key: str | None = None,
) -> Claim:
    """Keep the claim of the actor's distributor on whatever deal ``number`` has part in (RE-8.1, RE-Q44).

    Never says that it is too late: only somebody who knows of the deal could be told so. Raises Refusal for who asks
    (RE-5.4, DM-12.1). A form sent twice is one claim; the same number typed anew is another.
    """
    distributor = lock_distributor(actor.distributor_id)
    check_may_act(distributor.status_at(clock.now()))
    db.session.execute(_IN_TURN, {"distributor_id": distributor.id})
    earlier = sent_before(actor, submission_key)
    if earlier is not None:
        return earlier
    found = _find(project, number, clock.now())
    db.session.execute(select(Deal.id).where(Deal.id == found.deal_id).with_for_update()).first()
    now = clock.now()
    flags = _flags(project, found, now)
    claim = write_claim(
        actor=actor,
        project=project,
        now=now,
        event_id=None if flags is None else found.event_id,
        registration=None,
        flags=flags or (),
        typed=number.value,
        submission_key=submission_key,
    )
    claim.statement = statement
    attach(claim, files)
    db.session.flush()
    audit.record(
        "claim.made", claim, actor=actor, now=now, clause="RE-8.1", reference=claim.reference, flags=list(claim.flags)
    )
    return claim


def own_filings(claim: Claim) -> Sequence[Registration]:
    """The registrations of the claim's distributor that carry the typed number, the newest first: all that its answer needs."""
    key = read_number(claim.typed or "")
    return filed_under(claim.distributor_id, claim.project_id, fingerprint(key.kind, key.value))


def _find(project: Project, number: StrongKey, now: datetime) -> _Found:
    values = {"project_id": project.id, "fingerprint": fingerprint(number.kind, number.value)}
    row = db.session.execute(LATEST_EVENT, values).one_or_none()
    return _Found(None, _NO_DEAL, "deposit", now) if row is None else _Found(*row)


def _flags(project: Project, found: _Found, now: datetime) -> tuple[str, ...] | None:
    """The flags of a timely claim, None when the window of the event is over."""
    try:
        window = policies.in_force(project.id, found.happened_at).terms.claim_window
        return check_claim(found.kind, found.happened_at, now, window, project.zone)
    except Refusal:
        return None
