"""Registrations for the people of a site: decisions, corrections and the whole history, with reasons and names."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from portal.access import Permission, projects_for
from portal.models import (
    Classification,
    Correction,
    Document,
    Extension,
    HistoryEntry,
    Registration,
    User,
    Visit,
    db,
)
from portal.queries.changes import about, entries
from portal.queries.registrations import WITH_PARTIES
from portal.rules.masking import mask_id_number, mask_phone
from portal.rules.places import city_name

#: A registration has a few dozen entries at most; the page shows the newest.
_MOST = 300


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision bulk or not, with who took it."""

    classification: Classification
    by: str


@dataclass(frozen=True, slots=True)
class Change:
    """One correction: who, when, why, and each field before and after, masked."""

    at: datetime
    by: str
    reason: str
    after_deal: bool
    fields: list[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the history with its actor's name; None is the system."""

    entry: HistoryEntry
    actor: str | None


def find(reference: str, user: User, permission: Permission) -> Registration | None:
    """The registration with this number in a project where the person holds ``permission``."""
    query = select(Registration).where(
        Registration.reference == reference, Registration.project_id.in_(projects_for(user, permission))
    )
    return db.session.scalar(query.options(*WITH_PARTIES))


def classifications_of(registration: Registration) -> list[Decided]:
    """Every decision on the class, the newest first."""
    query = (
        select(Classification, User.name)
        .join(User, User.id == Classification.decided_by_id)
        .where(Classification.registration_id == registration.id)
        .order_by(Classification.id.desc())
    )
    return [Decided(decision, name) for decision, name in db.session.execute(query)]


def last_classification(registration: Registration) -> Decided | None:
    """The decision that stands."""
    return next(iter(classifications_of(registration)), None)


def corrections_of(registration: Registration) -> list[Change]:
    """Every correction, the newest first."""
    query = (
        select(Correction, User.name)
        .join(User, User.id == Correction.corrected_by_id)
        .where(Correction.registration_id == registration.id)
        .order_by(Correction.seq.desc())
    )
    return [_change(correction, name) for correction, name in db.session.execute(query)]


def history_of(registration: Registration) -> Sequence[Entry]:
    """Everything about the registration, its visits, extension and documents, the newest first."""
    visits = db.session.scalars(select(Visit.id).where(Visit.registration_id == registration.id)).all()
    asked = db.session.scalars(select(Extension.id).where(Extension.registration_id == registration.id)).all()
    subjects: dict[str, Sequence[int]] = {
        "registrations": [registration.id],
        "visits": visits,
        "extensions": asked,
        "documents": _documents(registration.id, visits, asked),
    }
    query = entries(*(about(kind, ids) for kind, ids in subjects.items() if ids))
    rows = db.session.execute(query.order_by(HistoryEntry.happened_at.desc(), HistoryEntry.id.desc()).limit(_MOST))
    return [Entry(entry, name) for entry, name in rows]


def _documents(registration_id: int, visits: Sequence[int], extensions: Sequence[int]) -> Sequence[int]:
    kinds = (("filing_slip", [registration_id]), ("visit_slip", visits), ("extension_approval", extensions))
    wanted = [(Document.kind == kind) & Document.subject_id.in_(ids) for kind, ids in kinds if ids]
    return db.session.scalars(select(Document.id).where(or_(*wanted))).all()


def _change(correction: Correction, name: str) -> Change:
    before, after = json.loads(correction.before), json.loads(correction.after)
    fields = [(field, _masked(field, before[field]), _masked(field, after[field])) for field in before]
    return Change(correction.corrected_at, name, correction.reason, correction.after_deal, fields)


def _masked(field: str, value: str | None) -> str:
    masks: dict[str, Any] = {"phone": mask_phone, "id_number": mask_id_number, "residence": city_name}
    return str(masks.get(field, str)(value) or value) if value else ""
