"""The history of a thing with who made each entry: one shape for every page that tells it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, or_, select

from portal.models import HistoryEntry, User, db

MOST = 100


@dataclass(frozen=True, slots=True)
class Change:
    """An entry of the history, with who made it; None is the system."""

    entry: HistoryEntry
    by: str | None


def about(kind: str, ids: Collection[int]) -> ColumnElement[bool]:
    """Entries about these rows of a table; a pair of columns each, so that the index by subject is used."""
    return (HistoryEntry.subject_type == kind) & HistoryEntry.subject_id.in_(ids)


def entries(*subjects: ColumnElement[bool]) -> Select[HistoryEntry, str]:
    """Every entry about one of ``subjects`` with the name of who made it, in no order yet."""
    query = select(HistoryEntry, User.name).outerjoin(User, User.id == HistoryEntry.actor_id)
    return query.where(or_(*subjects))


def changes_of(*subjects: ColumnElement[bool], most: int = MOST) -> list[Change]:
    """The last ``most`` entries about one of ``subjects``, the newest first."""
    rows = db.session.execute(entries(*subjects).order_by(HistoryEntry.id.desc()).limit(most))
    return [Change(entry, name) for entry, name in rows]
