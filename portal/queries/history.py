"""Reads of the history: pages of entries by project or subject, and how far each chain is sealed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from portal.models import (
    CompanyRecord,
    Distributor,
    Document,
    Extension,
    HistoryEntry,
    HistorySeal,
    Policy,
    Project,
    Registration,
    User,
    Visit,
    db,
)

PAGE = 50
_REFERENCED: tuple[Any, ...] = (Registration, Visit, Extension, Distributor, Document)


@dataclass(frozen=True)
class Line:
    """An entry with the words that its row lacks: who did it, in which project, what it is about."""

    entry: HistoryEntry
    actor: str | None
    project: str | None
    zone: str | None
    subject: str


@dataclass(frozen=True)
class Page:
    """Newest first. ``older`` is the id to go on from, None on the last page."""

    lines: list[Line]
    older: int | None


@dataclass(frozen=True)
class ChainState:
    """How far a chain is sealed: its last link and the entries after it. ``project_id`` 0: entries of no project."""

    project_id: int
    code: str | None
    name: str | None
    links: int
    sealed_at: datetime | None
    head: str | None
    tail: int


def entries(
    *, project_id: int | None = None, subject: tuple[str, int] | None = None, before: int | None = None
) -> Page:
    """A page of entries of a project or about a subject; of everything when neither is named."""
    query = (
        select(HistoryEntry, User.name, Project.name, Project.timezone)
        .outerjoin(User, User.id == HistoryEntry.actor_id)
        .outerjoin(Project, Project.id == HistoryEntry.project_id)
        .order_by(HistoryEntry.id.desc())
        .limit(PAGE + 1)
    )
    if project_id is not None:
        query = query.where(HistoryEntry.project_id == project_id)
    if subject is not None:
        query = query.where(HistoryEntry.subject_type == subject[0], HistoryEntry.subject_id == subject[1])
    if before is not None:
        query = query.where(HistoryEntry.id < before)
    rows = db.session.execute(query).all()
    shown = rows[:PAGE]
    names = _subjects([row[0] for row in shown])
    lines = [
        Line(entry, actor, project, zone, names.get((entry.subject_type, entry.subject_id), "–"))
        for entry, actor, project, zone in shown
    ]
    return Page(lines, shown[-1][0].id if len(rows) > PAGE else None)


def subject_called(reference: str) -> tuple[str, int] | None:
    """What has this number: a registration, visit, extension, distributor or document."""
    for model in _REFERENCED:
        found = db.session.scalar(select(model.id).where(model.reference == reference))
        if found is not None:
            return model.__tablename__, found
    return None


def _subjects(found: list[HistoryEntry]) -> dict[tuple[str, int], str]:
    """What people call the subjects of these entries; one statement for each kind of subject."""
    wanted: dict[str, set[int]] = {}
    for entry in found:
        wanted.setdefault(entry.subject_type, set()).add(entry.subject_id)
    return {
        (table, number): name
        for table, numbers in wanted.items()
        if table in _NAMES
        for number, name in db.session.execute(select(*_NAMES[table]).where(_NAMES[table][0].in_(numbers)))
    }


_NAMES: dict[str, tuple[Any, Any]] = {
    **{model.__tablename__: (model.id, model.reference) for model in _REFERENCED},
    "users": (User.id, User.login),
    "projects": (Project.id, Project.code),
    "policies": (Policy.id, Policy.code),
    "company_records": (CompanyRecord.id, CompanyRecord.source),
}


def chains() -> list[ChainState]:
    """The state of every chain, that of no project first."""
    named = db.session.execute(select(Project.id, Project.code, Project.name).order_by(Project.code))
    return [_chain(*project) for project in [(0, None, None), *named]]


def _chain(project_id: int, code: str | None, name: str | None) -> ChainState:
    query = select(HistorySeal).where(HistorySeal.chain == project_id).order_by(HistorySeal.number.desc()).limit(1)
    last = db.session.scalar(query)
    mine = HistoryEntry.project_id == project_id if project_id else HistoryEntry.project_id.is_(None)
    after = 0 if last is None else last.entry_ids[-1]
    # At most a few minutes of entries lie after the last link, so this count is short.
    tail = db.session.scalar(select(func.count()).where(mine, HistoryEntry.id > after)) or 0
    if last is None:
        return ChainState(project_id, code, name, 0, None, None, tail)
    return ChainState(project_id, code, name, last.number, last.sealed_at, last.hash, tail)
