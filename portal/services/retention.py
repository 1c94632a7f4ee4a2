"""Erasing what names people once the time for it is over; what proves something stays (docs/decisions on retention)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Select, exists, or_, select

from portal import audit, passwords
from portal.models import Distributor, PartnerFile, User, db
from portal.queries.blacklist import was_blacklisted
from portal.queries.retention import ends_of, file_of, people_of
from portal.rules.retention import ERASED

#: What stands in place of a name; nobody signs in under such a login, and no two are alike.
ERASED_NAME = "已清除"
_ERASED_LOGIN = "erased-"
_PERSONAL = (
    "legal_name",
    "legal_id_number",
    "contact_name",
    "contact_phone",
    "contact_email",
    "beneficial_phone",
    "bank_account",
    "invoice_address",
    "invoice_phone",
    "introduced_by",
)
#: By which a blacklisted partner is known again (RE-5.4): keyed fingerprints, which name nobody.
_FINGERPRINTS = (
    "legal_id_fingerprint",
    "contact_phone_fingerprint",
    "beneficial_phone_fingerprint",
    "bank_account_fingerprint",
)


def erase_next(*, now: datetime) -> int:
    """Erase the personal data of the next closed partner whose time is over; how many partners, none or one.

    Names, logins and phones of accounts, and the persons in the partner's file. The history names nobody and stays whole.
    """
    distributor = db.session.scalars(_first_left()).first()
    if distributor is None or max(ends_of(distributor)[kind] for kind in ERASED) > now:
        return 0
    _erase_accounts(distributor, now)
    _erase_file(distributor, now)
    db.session.flush()
    return 1


def _first_left() -> Select[Any]:
    """Of the closed partners with something left to erase the one that was closed first."""
    named = exists().where(User.distributor_id == Distributor.id, User.login.not_like(f"{_ERASED_LOGIN}%"))
    filed = exists().where(
        PartnerFile.distributor_id == Distributor.id,
        or_(*(getattr(PartnerFile, column).is_not(None) for column in _PERSONAL)),
    )
    query = select(Distributor).where(Distributor.status == "closed", or_(named, filed))
    return query.order_by(Distributor.status_since, Distributor.id).limit(1).with_for_update(skip_locked=True)


def _erase_accounts(distributor: Distributor, now: datetime) -> None:
    for person in people_of(distributor):
        if person.login.startswith(_ERASED_LOGIN):
            continue
        person.login, person.name, person.phone = f"{_ERASED_LOGIN}{person.id}", ERASED_NAME, None
        person.password_hash, person.session_epoch = passwords.NOBODYS_HASH, person.session_epoch + 1
        person.disabled_at = person.disabled_at or now
        audit.record("user.erased", person, actor=None, now=now)


def _erase_file(distributor: Distributor, now: datetime) -> None:
    file = file_of(distributor)
    if file is None or all(getattr(file, column) is None for column in _PERSONAL):
        return
    kept = () if not was_blacklisted(distributor.id) else _FINGERPRINTS
    for column in (*_PERSONAL, *_FINGERPRINTS):
        if column not in kept:
            setattr(file, column, None)
    audit.record("partner_file.erased", file, actor=None, now=now)
