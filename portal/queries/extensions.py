"""Bulk extensions for headquarters: one application with its people, and those beside it that wait for a decision."""

from __future__ import annotations

from sqlalchemy import select, tuple_
from sqlalchemy.orm import joinedload

from portal.models import Extension, db
from portal.queries.registrations import WITH_PARTIES

_E = Extension
_KEY = (_E.original_end, _E.id)
_WITH_PEOPLE = (
    joinedload(_E.registration).options(*WITH_PARTIES),
    joinedload(_E.asked_by),
    joinedload(_E.opinion_by),
    joinedload(_E.decided_by),
)


def find(reference: str) -> Extension | None:
    """The application with this number, read afresh, with everybody concerned."""
    query = select(_E).where(_E.reference == reference).options(*_WITH_PEOPLE)
    return db.session.scalars(query.execution_options(populate_existing=True)).unique().one_or_none()


def by_id(number: int) -> Extension | None:
    """The application with this id, with everybody concerned."""
    return db.session.scalars(select(_E).where(_E.id == number).options(*_WITH_PEOPLE)).unique().one_or_none()


def neighbours(extension: Extension) -> tuple[str | None, str | None]:
    """The undecided applications before and after this one in the order of the inbox."""
    here = (extension.original_end, extension.id)
    key = tuple_(*_KEY)
    numbers = select(_E.reference).where(_E.state == "pending")
    before = numbers.where(key < here).order_by(*(column.desc() for column in _KEY)).limit(1)
    after = numbers.where(key > here).order_by(*_KEY).limit(1)
    return db.session.scalar(before), db.session.scalar(after)
