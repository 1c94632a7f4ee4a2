"""Reads of notices: how many are unread, and the list of one person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, cast, func, null, select

from portal.models import (
    Application,
    Assessment,
    Backtest,
    Claim,
    Complaint,
    Contract,
    ContractTemplate,
    Delegation,
    Distributor,
    Document,
    Enforcement,
    Exit,
    Extension,
    Finding,
    ImportBatch,
    Notice,
    Project,
    Registration,
    Ruling,
    RulingParty,
    User,
    Visit,
    db,
)

PAGE = 30
#: Counting stops here; the bell says 99+.
MOST_COUNTED = 100


@dataclass(frozen=True)
class Told:
    """A notice, the number of what it is about, and the zone of its project when it has one."""

    notice: Notice
    reference: str | None
    zone: str | None


@dataclass(frozen=True)
class Page:
    """Newest first. ``older`` is the id to go on from, None on the last page."""

    told: list[Told]
    older: int | None


def unread(user: User) -> int:
    """How many notices the person has not read, counted to 100."""
    some = select(Notice.id).where(Notice.user_id == user.id, Notice.read_at.is_(None)).limit(MOST_COUNTED)
    return db.session.scalar(select(func.count()).select_from(some.subquery())) or 0


def notices_of(user: User, *, before: int | None = None) -> Page:
    """A page of the person's notices."""
    query = select(Notice).where(Notice.user_id == user.id).order_by(Notice.id.desc()).limit(PAGE + 1)
    if before is not None:
        query = query.where(Notice.id < before)
    found = db.session.scalars(query).all()
    shown = found[:PAGE]
    about = _about(list(shown))
    told = [Told(notice, *about.get((notice.subject_type, notice.subject_id), (None, None))) for notice in shown]
    return Page(told, shown[-1].id if len(found) > PAGE else None)


def _about(notices: list[Notice]) -> dict[tuple[str, int], tuple[str, str | None]]:
    wanted: dict[str, set[int]] = {}
    for notice in notices:
        wanted.setdefault(notice.subject_type, set()).add(notice.subject_id)
    return {
        (table, number): (reference, zone)
        for table, numbers in wanted.items()
        for number, reference, zone in db.session.execute(_subjects(table, numbers))
    }


#: What belongs to a project itself.
_OF_PROJECT = (Registration, Visit, Document, Claim, Finding, Backtest, ImportBatch)
#: What belongs to something of a project: by its foreign key.
_OF_SOMETHING: tuple[tuple[Any, Any, Any], ...] = (
    (Extension, Registration, Extension.registration_id),
    (RulingParty, Ruling, RulingParty.ruling_id),
)
#: What belongs to the whole group; its times are shown in the reader's zone.
_OF_GROUP = (Application, Distributor, Enforcement, Assessment, Complaint, Contract, Delegation, Exit)


def _subjects(table: str, ids: set[int]) -> Select[Any]:
    """(id, number, zone) of the rows of ``table`` with these ids."""
    return _SUBJECTS[table].where(_MODELS[table].id.in_(ids))


def _of_project(model: Any) -> Select[Any]:
    return select(model.id, model.reference, Project.timezone).join(Project, Project.id == model.project_id)


def _of_something(model: Any, owner: Any, key: Any) -> Select[Any]:
    query = select(model.id, model.reference, Project.timezone).join(owner, owner.id == key)
    return query.join(Project, Project.id == owner.project_id)


def _of_group(model: Any) -> Select[Any]:
    return select(model.id, model.reference, cast(null(), Project.timezone.type))


#: A version of a template has no number but its name and version.
_TEMPLATE: Any = func.concat(ContractTemplate.name, "-", ContractTemplate.version)
_MODELS: dict[str, Any] = {
    model.__tablename__: model
    for model in (*_OF_PROJECT, *(row[0] for row in _OF_SOMETHING), *_OF_GROUP, ContractTemplate)
}
_SUBJECTS: dict[str, Select[Any]] = {
    **{model.__tablename__: _of_project(model) for model in _OF_PROJECT},
    **{row[0].__tablename__: _of_something(*row) for row in _OF_SOMETHING},
    **{model.__tablename__: _of_group(model) for model in _OF_GROUP},
    ContractTemplate.__tablename__: select(ContractTemplate.id, _TEMPLATE, cast(null(), Project.timezone.type)),
}
