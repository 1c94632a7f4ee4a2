"""Ordering documents: the row is written ``waiting`` with the change that it documents, the worker prints it later."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy.dialects.postgresql import insert

from portal import jobs
from portal.models import Document, Extension, Registration, Visit, db

#: Bytes of randomness in the address of the public check: nobody finds a document by guessing.
_CHECK_BYTES = 16


def order_filing_slip(registration: Registration, now: datetime) -> None:
    """Have the filing slip (报备单, RE-2.1) of ``registration`` printed once this transaction has committed."""
    _order(
        "filing_slip",
        registration,
        now,
        project_id=registration.project_id,
        distributor_id=registration.distributor_id,
    )


def order_visit_slip(visit: Visit, now: datetime) -> None:
    """Have the signed visit slip (带客确认单, RE-3.2) of ``visit`` printed once this transaction has committed."""
    _order("visit_slip", visit, now, project_id=visit.project_id, distributor_id=visit.distributor_id)


def order_extension_approval(extension: Extension, now: datetime) -> None:
    """Have the approval (延期批复, RE-2.11) of ``extension`` printed; its ``registration`` must be loaded."""
    registration = extension.registration
    _order(
        "extension_approval",
        extension,
        now,
        project_id=registration.project_id,
        distributor_id=registration.distributor_id,
    )


def _order(
    kind: str,
    subject: Registration | Visit | Extension,
    now: datetime,
    *,
    project_id: int,
    distributor_id: int | None,
) -> None:
    """A subject has one document of a kind: ordering it again changes nothing."""
    statement = (
        insert(Document)
        .values(
            reference=subject.reference,
            kind=kind,
            subject_id=subject.id,
            project_id=project_id,
            distributor_id=distributor_id,
            check_code=secrets.token_urlsafe(_CHECK_BYTES),
            state="waiting",
            attempts=0,
            created_at=now,
        )
        .on_conflict_do_nothing(constraint="uq_documents_once")
        .returning(Document.id)
    )
    document_id = db.session.execute(statement).scalar_one_or_none()
    if document_id is not None:
        jobs.enqueue_after_commit(jobs.PRINT_DOCUMENT, document_id)
