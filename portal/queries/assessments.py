"""Half-year sheets: lists for headquarters, what a distributor may read of its own, what failed before (CM-3.5, CH-Q3)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from portal.models import Assessment, Distributor, User, db
from portal.rules.partner_states import LEFT

_WITH_PEOPLE = (
    joinedload(Assessment.distributor),
    joinedload(Assessment.scored_by),
    joinedload(Assessment.confirmed_by),
    joinedload(Assessment.measures_by),
)
_MOST = 300


def find(reference: str) -> Assessment | None:
    """The sheet with this number, for headquarters."""
    return db.session.scalar(select(Assessment).where(Assessment.reference == reference).options(*_WITH_PEOPLE))


def unpublished() -> Sequence[Assessment]:
    """What is still to be done, the soonest due first: nothing about a distributor that has left (DM-12.5)."""
    query = select(Assessment).join(Distributor, Distributor.id == Assessment.distributor_id)
    query = query.where(Assessment.published_at.is_(None), Distributor.status.not_in(LEFT)).options(*_WITH_PEOPLE)
    return db.session.scalars(query.order_by(Assessment.due_at, Assessment.seq).limit(_MOST)).all()


def published_lately() -> Sequence[Assessment]:
    """The last ones that were published."""
    query = select(Assessment).where(Assessment.published_at.is_not(None)).options(*_WITH_PEOPLE)
    return db.session.scalars(query.order_by(Assessment.published_at.desc(), Assessment.seq.desc()).limit(50)).all()


def of_distributor(distributor_id: int) -> Sequence[Assessment]:
    """Every sheet of the distributor, the newest half year first."""
    return db.session.scalars(_of(distributor_id).options(*_WITH_PEOPLE)).all()


def published_of(distributor_id: int) -> Sequence[Assessment]:
    """The results that the distributor may read: nothing before it is published."""
    return db.session.scalars(_of(distributor_id).where(Assessment.published_at.is_not(None))).all()


def find_published(reference: str, reader: User) -> Assessment | None:
    """The published result with this number, if it is about the reader's own distributor."""
    mine = (Assessment.distributor_id == reader.distributor_id, Assessment.published_at.is_not(None))
    return db.session.scalar(select(Assessment).where(Assessment.reference == reference, *mine))


def failures_before(assessment: Assessment) -> int:
    """How many half years in a row before this one have failed; a half year without a result ends the row (CH-Q3)."""
    query = _of(assessment.distributor_id).where(Assessment.first_day < assessment.first_day)
    number, day = 0, assessment.first_day
    for one in db.session.scalars(query.where(Assessment.published_at.is_not(None))):
        if one.result == "passed" or one.last_day + timedelta(days=1) != day:
            break
        number, day = number + 1, one.first_day
    return number


def _of(distributor_id: int) -> Select[Assessment]:
    query = select(Assessment).where(Assessment.distributor_id == distributor_id)
    return query.order_by(Assessment.first_day.desc())
