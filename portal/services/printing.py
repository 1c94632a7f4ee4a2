"""Printing a document that waits: by compare-and-set, so that two workers print it once and a killed one loses nothing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update

from portal import audit, crypto, jobs
from portal.documents.cases import (
    print_evidence_package,
    print_explanation_request,
    print_penalty_notice,
    print_staff_letter,
)
from portal.documents.contracts import print_contract
from portal.documents.digest import fact_digest
from portal.documents.endings import print_exit_approval, print_settlement, print_termination_letter
from portal.documents.extension_approvals import print_extension_approval
from portal.documents.filing_slips import print_filing_slip
from portal.documents.rulings import print_ruling, print_ruling_extract
from portal.documents.visit_slips import print_visit_slip
from portal.models import Deal, DealEvent, Document, RoleGrant, User, db
from portal.rules.periods import local_date
from portal.services import notices
from portal.services.contract_papers import print_signed_contract
from portal.services.document_values import values_of
from portal.services.ruling_values import draft_of
from portal.services.rulings import preview
from portal.wording.times import PORTAL_ZONE

#: How often a document is tried before it is given up; the job's own retries are one fewer.
MOST_ATTEMPTS = 5
#: The sweep leaves a document to its own job for so long.
LEFT_TO_ITS_JOB = timedelta(seconds=30)
SWEEP = 500

_PRESSES: dict[str, Callable[[Any], bytes]] = {
    "filing_slip": print_filing_slip,
    "visit_slip": print_visit_slip,
    "extension_approval": print_extension_approval,
    "ruling": print_ruling,
    "ruling_extract": print_ruling_extract,
    "explanation_request": print_explanation_request,
    "penalty_notice": print_penalty_notice,
    "staff_letter": print_staff_letter,
    "evidence_package": print_evidence_package,
    "exit_approval": print_exit_approval,
    "termination_letter": print_termination_letter,
    "settlement": print_settlement,
    "contract": print_contract,
    "contract_signed": print_signed_contract,
}


def begin(*, document_id: int, now: datetime) -> bool:
    """Count an attempt, in a transaction of its own; False when there is nothing to print any more.

    A document whose worker was killed over and over is given up here, since nobody was left to say so.
    """
    counted = (
        update(Document)
        .where(Document.id == document_id, Document.state == "waiting")
        .values(attempts=Document.attempts + 1)
        .returning(Document.attempts)
    )
    attempts = db.session.execute(counted).scalar_one_or_none()
    if attempts is not None and attempts > MOST_ATTEMPTS:
        note_failure(document_id=document_id, reason="the worker ended while printing", now=now)
        return False
    return attempts is not None


def print_now(*, document_id: int, now: datetime) -> None:
    """Print the document and keep it; only one of two that try writes it and the history."""
    document = db.session.get_one(Document, document_id)
    values = values_of(document)
    content = _PRESSES[document.kind](values)
    found = {"content": content, "sha256": crypto.digest(content), "fact_digest": fact_digest(values)}
    if _set_if("waiting", document_id, state="ready", ready_at=now, failure=None, **found):
        audit.record(
            "document.printed",
            document,
            actor=None,
            now=now,
            reference=document.reference,
            kind=document.kind,
            sha256=found["sha256"],
        )


def draft_ruling(
    *, actor: User, deal: Deal, event: DealEvent, accepted: Collection[int], reason: str, now: datetime
) -> bytes:
    """The ruling as the actor would issue it now, printed to be looked at; nothing is kept. Raises Refusal."""
    heard, decisive = preview(deal, event, accepted)
    return print_ruling(draft_of(heard, decisive, deal, actor=actor, reason=reason, now=now))


def note_failure(*, document_id: int, reason: str, now: datetime) -> None:
    """Remember why an attempt failed; after the last one the document has failed and the administrators are told.

    ``reason`` is a type and a place, never a value of the document.
    """
    document = db.session.get_one(Document, document_id, populate_existing=True)
    document.failure = reason
    if document.attempts < MOST_ATTEMPTS or not _set_if("waiting", document_id, state="failed", failure=reason):
        return
    reference, occasion = document.reference, f"document:{document.id}:{now:%Y%m%d%H%M%S}"
    audit.record("document.failed", document, actor=None, now=now, reference=reference, kind=document.kind)
    notices.tell(_administrators(), "document.failed", document, occasion, facts={"reference": reference}, now=now)


def waiting(*, now: datetime) -> Sequence[int]:
    """The documents, oldest first, that wait although their own job has had its time."""
    query = (
        select(Document.id)
        .where(Document.state == "waiting", Document.created_at < now - LEFT_TO_ITS_JOB)
        .order_by(Document.created_at)
        .limit(SWEEP)
    )
    return db.session.scalars(query).all()


def put_off(*, document_id: int, reason: str, now: datetime) -> None:
    """Somebody outside did not answer: no attempt of ours, the document goes on waiting and the sweep asks again.

    The administrators are told once a day, with ``reason``, which names nobody.
    """
    later = update(Document).where(Document.id == document_id, Document.state == "waiting")
    changed = later.values(attempts=func.greatest(Document.attempts - 1, 0), failure=reason)
    db.session.execute(changed.execution_options(synchronize_session=False))
    document = db.session.get_one(Document, document_id, populate_existing=True)
    facts = {"reference": document.reference}
    occasion = f"delayed:{document.id}:{local_date(now, PORTAL_ZONE)}"
    notices.tell(_administrators(), "document.delayed", document, occasion, facts=facts, now=now)


def print_again(*, actor: User, document: Document, now: datetime) -> None:
    """Have a failed document tried anew, by an administrator."""
    if _set_if("failed", document.id, state="waiting", attempts=0):
        audit.record("job.run_again", document, actor=actor, now=now, job=f"print {document.reference}")
        jobs.enqueue_after_commit(jobs.PRINT_DOCUMENT, document.id)


def _set_if(was: str, document_id: int, **values: Any) -> bool:
    changed = (
        update(Document)
        .where(Document.id == document_id, Document.state == was)
        .values(**values)
        .returning(Document.id)
        .execution_options(synchronize_session=False)
    )
    return db.session.execute(changed).scalar_one_or_none() is not None


def _administrators() -> Sequence[int]:
    holders = select(RoleGrant.user_id).where(RoleGrant.role == "administrator")
    return db.session.scalars(select(User.id).where(User.id.in_(holders), User.disabled_at.is_(None))).all()
