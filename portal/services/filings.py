"""Sending a filing from the form: once per press of the button, the project remembered, the draft it came from closed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from portal import crypto
from portal.models import FilingDraft, Project, User, db
from portal.rules.lead_time import earliest_arrival
from portal.services import policies, registrations
from portal.services.customers import Customer
from portal.services.drafts import EMPTY
from portal.services.registrations import Filed, Filing


def send_filing(
    *,
    actor: User,
    project: Project,
    customer: Mapping[str, Any],
    submission_key: str,
    draft: FilingDraft | None = None,
    declared_local: bool,
    planned_visit_at: datetime | None,
    bulk_expected: bool,
    party_size: int | None,
    note: str | None,
    declaration_version: str,
    notice_version: str,
    typed: Mapping[str, str],
) -> str:
    """File the customer as the form says it; returns the registration's number. Raises Refusal as ``file_customer`` does."""
    who = Customer(**customer)
    filing = Filing(
        customer=who,
        declared_local=declared_local,
        planned_visit_at=planned_visit_at,
        bulk_expected=bulk_expected,
        party_size=party_size,
        note=note,
        declaration_version=declaration_version,
        notice_version=notice_version,
        typed=typed,
        submission_key=_key(actor, project, who, submission_key),
    )
    if draft is not None:
        filing = replace(filing, pasted_message_id=draft.pasted_message_id)
    filed = registrations.file_customer(actor=actor, project=project, filing=filing)
    _close(draft, filed)
    _remember_project(actor, project)
    return filed.reference


def earliest_arrivals(project: Project, now: datetime) -> dict[bool, datetime]:
    """From when on a visit would be valid for a filing made now, by whether the customer is local (RE-2.2, RE-2.3), UTC."""
    lead_time = policies.in_force(project.id, now).terms.lead_time
    return {
        is_local: earliest_arrival(now, is_local=is_local, lead_time=lead_time, zone=project.zone)
        for is_local in (True, False)
    }


def _key(actor: User, project: Project, customer: Customer, form_key: str) -> UUID:
    """One filing per form, person and customer.

    A form sent twice is one filing; the same form brought back by the browser and filled with another customer is another.
    """
    return UUID(bytes=crypto.fingerprint("submission", f"{actor.id}|{form_key}|{project.id}|{customer.phone}"))


def _close(draft: FilingDraft | None, filed: Filed) -> None:
    if draft is not None:
        draft.registration_id, draft.fields = filed.row["id"], EMPTY
        db.session.flush()


def _remember_project(actor: User, project: Project) -> None:
    if actor.last_project_id != project.id:
        actor.last_project_id = project.id
        db.session.flush()
