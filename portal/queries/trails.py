"""What a distributor may read of the history of its own registration. Everything that is not listed here stays inside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from portal.models import Extension, HistoryEntry, HistorySeal, Registration, Visit, db
from portal.queries.changes import about, entries

#: Verb -> the facts of it that a distributor reads. No ranks, no other distributors, no notes, reasons or opinions of
#: the site, no records of the company (RE-Q29, RE-Q30). A test holds this table against the vocabulary.
READABLE: dict[str, frozenset[str]] = {
    "registration.filed": frozenset({"until"}),
    "registration.corrected": frozenset({"fields"}),
    "registration.classified": frozenset({"bulk"}),
    "registration.voided": frozenset(),
    "registration.ended": frozenset({"stage", "until"}),
    "registration.reminded": frozenset({"days", "until"}),
    "visit.arrived": frozenset({"arrived_at"}),
    "visit.registered": frozenset({"arrived_at"}),
    "visit.repeated": frozenset({"arrived_at"}),
    "visit.natural": frozenset({"arrived_at"}),
    "visit.refused": frozenset({"arrived_at"}),
    "visit.slip_declined": frozenset({"party"}),
    "visit.protected": frozenset({"until"}),
    "visit.audited": frozenset({"result"}),
    "visit.signed_off": frozenset(),
    "visit.entered": frozenset(),
    "visit.excused": frozenset({"until"}),
    "visit.excuse_declined": frozenset(),
    "extension.asked": frozenset(),
    "extension.approved": frozenset({"until"}),
    "extension.rejected": frozenset({"until"}),
    "extension.lapsed": frozenset(),
}
#: A registration has a few dozen entries at most; the page shows the newest.
_MOST = 200


@dataclass(frozen=True, slots=True)
class Step:
    """One entry as the distributor reads it: only the facts of READABLE. ``actor`` None is the system."""

    at: datetime
    verb: str
    clause: str | None
    facts: dict[str, Any]
    actor: str | None
    actor_role: str


def trail_of(registration: Registration) -> list[Step]:
    """The readable history of a registration that was fetched through its scope, newest first."""
    query = (
        entries(*_subjects(registration))
        .where(HistoryEntry.verb.in_(READABLE))
        .order_by(HistoryEntry.happened_at.desc(), HistoryEntry.id.desc())
        .limit(_MOST)
    )
    return [_step(entry, name) for entry, name in db.session.execute(query)]


def sealed_until(registration: Registration) -> datetime | None:
    """Up to when the history of the project is sealed."""
    query = (
        select(HistorySeal.sealed_at)
        .where(HistorySeal.chain == registration.project_id)
        .order_by(HistorySeal.number.desc())
        .limit(1)
    )
    return db.session.scalar(query)


def _subjects(registration: Registration) -> Iterator[Any]:
    """Each as its own pair of columns, so that the index by subject is used."""
    yield about("registrations", [registration.id])
    yield about("visits", db.session.scalars(select(Visit.id).where(Visit.registration_id == registration.id)).all())
    asked = select(Extension.id).where(Extension.registration_id == registration.id)
    yield about("extensions", db.session.scalars(asked).all())


def _step(entry: HistoryEntry, name: str | None) -> Step:
    readable = READABLE[entry.verb]
    facts = {key: value for key, value in entry.facts.items() if key in readable}
    return Step(entry.happened_at, entry.verb, entry.clause, facts, name, entry.actor_role)
