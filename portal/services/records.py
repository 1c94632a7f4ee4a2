"""Company-source records (RE-4.1): walk-ins, calls, own customers, referrals, other partners' customers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, select, update

from portal import audit
from portal.models import CompanyRecord, Project, RecordKey, User, Visit, db
from portal.models.base import event_order
from portal.services import identities
from portal.services.customers import Customer
from portal.services.once import once

_SENT_BEFORE = select(CompanyRecord).where(CompanyRecord.submission_key == bindparam("key"))


def record_customer(
    *,
    actor: User,
    project: Project,
    source: str,
    customer: Customer,
    party_size: int | None = None,
    note: str | None = None,
    submission_key: str | None = None,
) -> CompanyRecord:
    """Put a customer on the company's record. Says nothing of filings: whoever records learns nothing (RE-Q29).

    A form sent twice gives the one record; brought back and filled with another customer it gives another.
    """
    now = identities.lock(project.id, customer.fingerprints)
    key = once(submission_key, customer, project.id)
    sent_before = None if key is None else db.session.scalar(_SENT_BEFORE, {"key": key})
    if sent_before is not None:
        return sent_before
    return write_record(
        actor=actor,
        project=project,
        source=source,
        customer=customer,
        now=now,
        party_size=party_size,
        note=note,
        submission_key=key,
    )


def write_record(
    *,
    actor: User | None,
    project: Project,
    source: str,
    customer: Customer,
    now: datetime,
    visit: Visit | None = None,
    party_size: int | None = None,
    note: str | None = None,
    submission_key: str | None = None,
) -> CompanyRecord:
    """Write the record while the customer's identities are locked; a natural visit names its visit."""
    record = CompanyRecord(
        seq=db.session.scalar(event_order.next_value()),
        project_id=project.id,
        submission_key=submission_key,
        source=source,
        **customer.columns(),
        party_size=party_size,
        note=note,
        recorded_at=now,
        recorded_by_id=None if actor is None else actor.id,
        visit_id=None if visit is None else visit.id,
    )
    record.keys = [
        RecordKey(project_id=project.id, kind=kind, fingerprint=fingerprint)
        for kind, fingerprint in customer.fingerprints.items()
    ]
    db.session.add(record)
    db.session.flush()
    audit.record("record.written", record, actor=actor, now=now, clause="RE-4.1", source=source)
    return record


def lift_records_of(visit: Visit, *, actor: User, now: datetime) -> None:
    """The natural record of an excused visit stops blocking others (RE-Q42)."""
    lifted = db.session.scalars(
        update(CompanyRecord)
        .where(CompanyRecord.visit_id == visit.id, CompanyRecord.lifted_at.is_(None))
        .values(lifted_at=now)
        .returning(CompanyRecord)
    ).all()
    for record in lifted:
        audit.record("record.lifted", record, actor=actor, now=now, clause="RE-Q42", visit=visit.reference)
