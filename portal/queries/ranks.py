"""The ranks of a page of registrations, all at once. For the company's eyes only (RE-Q29, RE-Q30)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import aliased

from portal.models import Registration, RegistrationKey, db
from portal.rules.ranking import rank_of
from portal.rules.standing import RegistrationFacts

_FACTS = tuple(field.name for field in fields(RegistrationFacts))


@dataclass(frozen=True, slots=True)
class Place:
    """1 leads; ``of`` running registrations of this customer in the project."""

    rank: int
    of: int


def places_of(rows: Sequence[Registration], now: datetime) -> dict[int, Place]:
    """By the registration's id, for those of ``rows`` that run; their policies must be loaded. One statement."""
    running = [row for row in rows if row.facts().runs_at(now)]
    rivals = rivals_of([row.id for row in running], now) if running else {}
    return {
        row.id: Place(rank_of(row.facts(), found, now, row.policy.terms.tie_break), max(len(found), 1))
        for row in running
        for found in [rivals.get(row.id, [])]
    }


def rivals_of(ids: Sequence[int], now: datetime) -> dict[int, list[RegistrationFacts]]:
    """Everybody who runs at ``now`` under a strong key of each of these registrations, by its id; itself included."""
    mine, theirs = aliased(RegistrationKey), aliased(RegistrationKey)
    query = (
        select(mine.registration_id, *(getattr(Registration, name) for name in _FACTS))
        .join(theirs, (theirs.project_id == mine.project_id) & (theirs.fingerprint == mine.fingerprint))
        .join(Registration, Registration.id == theirs.registration_id)
        .where(mine.registration_id.in_(ids), Registration.outcome.is_(None), Registration.ends_at > now)
        .distinct()
    )
    found: dict[int, list[RegistrationFacts]] = {}
    for row in db.session.execute(query):
        found.setdefault(row[0], []).append(RegistrationFacts(**dict(zip(_FACTS, row[1:], strict=True))))
    return found
