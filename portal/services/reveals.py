"""Showing the whole of what is masked, to somebody with a reason, on record (GD-13)."""

from __future__ import annotations

from datetime import datetime

from portal import audit
from portal.access import Permission, may_in
from portal.models import CompanyRecord, DealBuyer, Registration, User
from portal.models.users import DISTRIBUTOR_ROLES
from portal.rules.refusal import Refusal

#: Why somebody may need a whole number. A closed list, because the reason goes into the history.
REASONS = ("contact", "check_identity", "enter_customer", "complaint", "audit")
FIELDS = ("customer_name", "phone", "id_number", "company", "company_code")


class OutOfScope(LookupError):
    """The person has no business with this customer; answered like something that does not exist."""


def reveal_registration(
    *, actor: User, registration: Registration, fields: tuple[str, ...], reason: str, now: datetime
) -> dict[str, str]:
    """The fields in full, for this one answer; never keep them. Absent fields are left out.

    Raises OutOfScope, and Refusal when ``reason`` is none of REASONS or a field none of FIELDS.
    """
    if not _may_see(actor, registration):
        raise OutOfScope
    return _reveal("registration.revealed", registration, actor, fields, reason, now)


def reveal_record(
    *, actor: User, record: CompanyRecord, fields: tuple[str, ...], reason: str, now: datetime
) -> dict[str, str]:
    """As ``reveal_registration``, for a company record; distributors have no business with any."""
    if actor.distributor_id is not None or not may_in(actor, Permission.REVEAL_PERSONAL_DATA, record.project_id):
        raise OutOfScope
    return _reveal("record.revealed", record, actor, fields, reason, now)


def reveal_buyer(*, actor: User, buyer: DealBuyer, reason: str, now: datetime) -> dict[str, str]:
    """The numbers of a buyer of a deal (its ``event`` loaded), for people of the site."""
    if actor.distributor_id is not None or not may_in(actor, Permission.SEE_SITE_DEALS, buyer.event.project_id):
        raise OutOfScope
    if not may_in(actor, Permission.REVEAL_PERSONAL_DATA, buyer.event.project_id):
        raise OutOfScope
    if reason not in REASONS:
        raise Refusal("reveal_needs_a_reason", "GD-13")
    fields = ("company_code", "id_number", "phone")
    audit.record("deal.revealed", buyer.event, actor=actor, now=now, clause="GD-13", fields=fields, reason=reason)
    return {name: value for name in fields if (value := getattr(buyer, name)) is not None}


def _may_see(actor: User, registration: Registration) -> bool:
    """A broker its own customers, an owner the company's, staff those of the projects where they hold the right."""
    if not may_in(actor, Permission.REVEAL_PERSONAL_DATA, registration.project_id):
        return False
    if actor.roles & set(DISTRIBUTOR_ROLES):
        mine = registration.broker_id == actor.id or "owner" in actor.roles
        return mine and registration.distributor_id == actor.distributor_id
    return True


def _reveal(
    verb: str,
    subject: Registration | CompanyRecord,
    actor: User,
    fields: tuple[str, ...],
    reason: str,
    now: datetime,
) -> dict[str, str]:
    if reason not in REASONS or not fields or not set(fields) <= set(FIELDS):
        raise Refusal("reveal_needs_a_reason", "GD-13")
    audit.record(verb, subject, actor=actor, now=now, clause="GD-13", fields=sorted(fields), reason=reason)
    return {name: value for name in fields if (value := getattr(subject, name)) is not None}
