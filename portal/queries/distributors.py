"""Reads about distributors, for the group. In the order of their pinyin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select, tuple_

from portal.models import Distributor, db

PAGE = 30


@dataclass(frozen=True, slots=True)
class Page:
    """One page of distributors; ``next_key`` (a reference) opens the following one."""

    distributors: Sequence[Distributor]
    next_key: str | None


def distributor(reference: str) -> Distributor | None:
    """One distributor by its number, D-0042."""
    return db.session.scalar(select(Distributor).where(Distributor.reference == reference))


def distributors(*, words: str = "", status: str = "", after: str | None = None) -> Page:
    """Searched by name, pinyin, initials, number or registration code."""
    statement = select(Distributor)
    if piece := words.strip():
        columns = (Distributor.name, Distributor.name_pinyin, Distributor.reference, Distributor.registration_code)
        statement = statement.where(or_(*(column.icontains(piece, autoescape=True) for column in columns)))
    if status:
        statement = statement.where(Distributor.status == status)
    last = distributor(after) if after else None
    if last is not None:
        statement = statement.where(tuple_(Distributor.name_pinyin, Distributor.id) > (last.name_pinyin, last.id))
    found = db.session.scalars(statement.order_by(Distributor.name_pinyin, Distributor.id).limit(PAGE + 1)).all()
    return Page(found[:PAGE], found[PAGE - 1].reference if len(found) > PAGE else None)


def everybody() -> Sequence[Distributor]:
    """Every distributor, also one that has left: a case or a complaint may be about it."""
    return db.session.scalars(select(Distributor).order_by(Distributor.name_pinyin, Distributor.id)).all()


def choices() -> Sequence[tuple[int, str]]:
    """(id, name) of every distributor that has not left, for a select."""
    statement = select(Distributor.id, Distributor.name).where(Distributor.status.in_(("active", "suspended")))
    return [(row.id, row.name) for row in db.session.execute(statement.order_by(Distributor.name_pinyin))]
