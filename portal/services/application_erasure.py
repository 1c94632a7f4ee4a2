"""Erasing what names people in applications that came to nothing, once its time is over (docs/decisions on retention).

Number, states with their instants, scores, departments' opinions and the decision with its reason stay, and of a company
its name and registration code; everything else that was typed, brought or found out goes.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Select, select

from portal import audit
from portal.models import Application, Invitation, PartnerFile, PartnerPaper, Prospect, StoredFile, db
from portal.one_by_one import attempt, failed_of
from portal.queries.retention import application_end, touched_at
from portal.rules.applications import STEPS
from portal.rules.retention import ABANDONED_DAYS, REJECTED_YEARS, WITH_THE_APPLICANT
from portal.services.erasing import ERASED_NAME, erase_files

#: What names no person: kept of a company, so that a later reader knows whom the decision was about.
_OF_A_COMPANY = frozenset({"name", "registration_code"})
_TYPED = frozenset(field for fields in STEPS.values() for field in fields) - {"partner_type"}
_BESIDE = (
    "folder_location",
    "legal_id_fingerprint",
    "contact_phone_fingerprint",
    "beneficial_phone_fingerprint",
    "bank_account_fingerprint",
)


def erase_next(*, now: datetime) -> int:
    """Erase the next rejected or abandoned application, or unopened invitation, whose time is over; how many, none or one.

    Each of a kind is found by when its time began, so that the first that is not due ends its kind. One that fails in a job
    is passed over by the next look.
    """
    for query in (_rejected(now), _abandoned(now)):
        number = db.session.scalar(query)
        if number is not None and attempt(
            Application.__tablename__, number, partial(_erase_if_over, number, now), True
        ):
            return 1
    number = db.session.scalar(_unopened(now))
    if number is None:
        return 0
    return attempt(Invitation.__tablename__, number, partial(_forget_unopened, number, now), 1)


def forget_applicant(application: Application, now: datetime) -> None:
    """What of an application names people beside its partner file: contact, findings, remarks, invitations, prospects."""
    application.contact, application.contact_fingerprint = ERASED_NAME, secrets.token_bytes(32)
    application.sent_code, application.erased_at = None, now
    for inquiry in application.inquiries:
        inquiry.findings = ERASED_NAME
    for remark in application.remarks:
        remark.words = ERASED_NAME
    for score in application.scores:
        score.comment = None
    invitations = select(Invitation).where(Invitation.application_id == application.id)
    for invitation in db.session.scalars(invitations).unique():
        _forget_invitation(invitation, now)
    db.session.flush()
    reference, state = application.reference, application.state
    audit.record("application.erased", application, actor=None, now=now, reference=reference, state=state)


def _rejected(now: datetime) -> Select[int]:
    long_ago = Application.state_since <= now - timedelta(days=365 * REJECTED_YEARS)
    return _first(Application.state == "rejected", long_ago).order_by(Application.state_since, Application.id)


def _abandoned(now: datetime) -> Select[int]:
    long_ago, touched = now - timedelta(days=ABANDONED_DAYS - 1), touched_at()
    waits = Application.state.in_(WITH_THE_APPLICANT)
    return _first(waits, Application.state_since <= long_ago, touched <= long_ago).order_by(touched, Application.id)


def _first(*conditions: ColumnElement[bool]) -> Select[int]:
    others = Application.id.not_in(failed_of(Application.__tablename__))
    query = select(Application.id).where(Application.erased_at.is_(None), others, *conditions)
    return query.limit(1).with_for_update(of=Application, skip_locked=True)


def _unopened(now: datetime) -> Select[int]:
    """Invitations that nobody opened, half a year after they ran out."""
    ended = Invitation.expires_at <= now - timedelta(days=ABANDONED_DAYS)
    query = select(Invitation.id).where(Invitation.erased_at.is_(None), Invitation.used_at.is_(None), ended)
    query = query.where(Invitation.id.not_in(failed_of(Invitation.__tablename__)))
    return (
        query.order_by(Invitation.expires_at, Invitation.id).limit(1).with_for_update(of=Invitation, skip_locked=True)
    )


def _is_over(application: Application, now: datetime) -> bool:
    touched = db.session.scalars(select(touched_at()).where(Application.id == application.id)).one()
    end = application_end(application, touched)
    return end is not None and end <= now


def _erase_if_over(number: int, now: datetime) -> bool:
    application = db.session.get_one(Application, number)
    over = _is_over(application, now)
    if over:
        _erase(application, now)
    return over


def _forget_unopened(number: int, now: datetime) -> int:
    _forget_invitation(db.session.get_one(Invitation, number), now)
    return 1


def _erase(application: Application, now: datetime) -> None:
    file = application.partner_file
    db.session.refresh(file, with_for_update={"of": PartnerFile})
    kept = _OF_A_COMPANY if file.partner_type == "company" else frozenset()
    nothing: dict[str, Any] = dict.fromkeys((*(_TYPED - kept), *_BESIDE))
    for column, value in nothing.items():
        setattr(file, column, value)
    papers = select(StoredFile).join(PartnerPaper, PartnerPaper.file_id == StoredFile.id)
    mine = papers.where(PartnerPaper.partner_file_id == file.id, StoredFile.erased_at.is_(None))
    erase_files(db.session.scalars(mine.distinct().order_by(StoredFile.id)), now)
    forget_applicant(application, now)


def _forget_invitation(invitation: Invitation, now: datetime) -> None:
    invitation.name = invitation.contact = ERASED_NAME
    invitation.erased_at = now
    audit.record("application.invitation_erased", invitation, actor=None, now=now)
    if invitation.application_id is None:
        return
    came_of_it = select(Prospect).where(Prospect.invitation_id == invitation.id, Prospect.contact.is_not(None))
    for prospect in db.session.scalars(came_of_it).unique():
        prospect.contact_name = prospect.channel = prospect.contact = prospect.contact_fingerprint = None
        prospect.erased_at = now
