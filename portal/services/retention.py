"""Erasing what names people once the time for it is over; what proves something stays (docs/decisions on retention)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, select

from portal import audit, passwords
from portal.access import Permission
from portal.models import CareContact, Distributor, StoredFile, db
from portal.one_by_one import attempt, each, failed_of
from portal.queries.blacklist import was_blacklisted
from portal.queries.retention import (
    ERASED_LOGIN,
    PERSONAL,
    applications_of,
    ends_of,
    file_of,
    identity_papers_of,
    people_of,
    something_left,
    talks_with,
)
from portal.rules.retention import APPRAISED, ERASED, RETENTIONS
from portal.services import notices
from portal.services.application_erasure import forget_applicant
from portal.services.contract_notices import holders
from portal.services.erasing import ERASED_NAME, erase_files

#: By which a blacklisted partner is known again (RE-5.4): keyed fingerprints, which name nobody.
_FINGERPRINTS = (
    "legal_id_fingerprint",
    "contact_phone_fingerprint",
    "beneficial_phone_fingerprint",
    "bank_account_fingerprint",
)


def erase_next(*, now: datetime) -> int:
    """Erase the personal data of the next closed partner whose time is over; how many partners, none or one.

    Names, logins and phones of accounts, the persons in the partner's file and its application, those whom one talked with,
    and the copies of their identity cards. What is erased already is not erased or recorded again. The history names nobody
    and stays whole. One that fails in a job is passed over by the next look.
    """
    distributor = db.session.scalars(_first_left()).first()
    if distributor is None or max(ends_of(distributor)[kind] for kind in ERASED) > now:
        return 0
    return attempt(Distributor.__tablename__, distributor.id, lambda: _erase(distributor, now), 1)


def _erase(distributor: Distributor, now: datetime) -> int:
    _erase_accounts(distributor, now)
    _erase_file(distributor, now)
    _forget_talks(distributor, now)
    for application in db.session.scalars(applications_of(distributor.id)).unique():
        forget_applicant(application, now)
    _erase_identity_papers(distributor, now)
    db.session.flush()
    return 1


def _forget_talks(distributor: Distributor, now: datetime) -> None:
    """When, about what and by whom of ours stays; whom of the partner one talked with goes."""
    for talk in db.session.scalars(talks_with(distributor.id).order_by(CareContact.id)):
        talk.with_whom = None
        audit.record("care.contact_erased", talk, actor=None, now=now)


def _first_left() -> Select[Any]:
    """Of the closed partners with something left to erase the one that was closed first."""
    query = select(Distributor).where(Distributor.status == "closed", something_left())
    query = query.where(Distributor.id.not_in(failed_of(Distributor.__tablename__)))
    return query.order_by(Distributor.status_since, Distributor.id).limit(1).with_for_update(skip_locked=True)


def _erase_identity_papers(distributor: Distributor, now: datetime) -> None:
    erase_files(db.session.scalars(identity_papers_of(distributor.id).distinct().order_by(StoredFile.id)), now)


def remind_of_appraisals(now: datetime) -> int:
    """Tell the channel department, once for each partner and date, that papers may be appraised; how many were told."""
    people = holders(Permission.CHANGE_DISTRIBUTOR_STATUS)
    return each(db.session.scalars(_closed_long_ago(now)), lambda one: _remind(one, people, now))


def _closed_long_ago(now: datetime) -> Select[Any]:
    """The closed partners whose time of appraisal may have come: a year has 365 days at least."""
    years = min(one.years for one in RETENTIONS if one.kind in APPRAISED and one.years is not None)
    long_ago = Distributor.status_since <= now - timedelta(days=365 * years)
    return select(Distributor).where(Distributor.status == "closed", long_ago).order_by(Distributor.id)


def _remind(distributor: Distributor, people: Sequence[int], now: datetime) -> int:
    ends = ends_of(distributor)
    due = max(ends[kind] for kind in APPRAISED)
    if due > now:
        return 0
    facts = {"reference": distributor.reference, "until": due}
    return notices.tell(people, "retention.to_appraise", distributor, due.isoformat(), None, facts, now=now)


def _erase_accounts(distributor: Distributor, now: datetime) -> None:
    for person in people_of(distributor):
        if person.login.startswith(ERASED_LOGIN):
            continue
        person.login, person.name, person.phone = f"{ERASED_LOGIN}{person.id}", ERASED_NAME, None
        person.password_hash, person.session_epoch = passwords.NOBODYS_HASH, person.session_epoch + 1
        person.disabled_at = person.disabled_at or now
        audit.record("user.erased", person, actor=None, now=now)


def _erase_file(distributor: Distributor, now: datetime) -> None:
    file = file_of(distributor)
    if file is None or all(getattr(file, column) is None for column in PERSONAL):
        return
    kept = () if not was_blacklisted(distributor.id) else _FINGERPRINTS
    for column in (*PERSONAL, *_FINGERPRINTS):
        if column not in kept:
            setattr(file, column, None)
    audit.record("partner_file.erased", file, actor=None, now=now)
