"""Reads of notices: how many are unread, and the list of one person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, cast, func, null, select

from portal.models import (
    Application,
    Assessment,
    Backtest,
    CareTask,
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
    """A notice, the number of what it is about, the zone of its project and whose it is, when it has them.

    ``whose``: the customer's name for the distributor that filed it, the distributor's for those who work for the group.
    """

    notice: Notice
    reference: str | None
    zone: str | None
    whose: str | None = None


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
    about, names = _about(list(shown)), _customers(list(shown), user) | _distributors(list(shown), user)
    keys = [(notice.subject_type, notice.subject_id) for notice in shown]
    told = []
    for notice, key in zip(shown, keys, strict=True):
        reference, zone = about.get(key, (None, None))
        told.append(Told(notice, reference, zone, names.get(key)))
    return Page(told, shown[-1].id if len(found) > PAGE else None)


def _about(notices: list[Notice]) -> dict[tuple[str, int], tuple[str, str | None]]:
    return {
        (table, number): (reference, zone)
        for table, numbers in _wanted(notices).items()
        for number, reference, zone in db.session.execute(_subjects(table, numbers))
    }


def _wanted(notices: list[Notice]) -> dict[str, set[int]]:
    wanted: dict[str, set[int]] = {}
    for notice in notices:
        wanted.setdefault(notice.subject_type, set()).add(notice.subject_id)
    return wanted


def _customers(notices: list[Notice], reader: User) -> dict[tuple[str, int], str]:
    """Whose registration each notice is about, as the list of customers calls them: for the distributor that filed it."""
    own = Registration.distributor_id == reader.distributor_id
    return {
        (table, number): company or name
        for table, numbers in _wanted(notices).items()
        if table in _CUSTOMERS and reader.distributor_id is not None
        for number, company, name in db.session.execute(_CUSTOMERS[table].where(_MODELS[table].id.in_(numbers), own))
    }


def _distributors(notices: list[Notice], reader: User) -> dict[tuple[str, int], str]:
    """Which distributor each notice is about whose own words do not name it: for those who work for the group."""
    if reader.distributor_id is not None:
        return {}
    return {
        (table, number): name
        for table, numbers in _wanted([one for one in notices if "distributor" not in one.facts]).items()
        if table in _DISTRIBUTORS
        for number, name in db.session.execute(_DISTRIBUTORS[table].where(_MODELS[table].id.in_(numbers)))
    }


#: What belongs to a project itself.
_OF_PROJECT = (Registration, Visit, Document, Claim, Finding, Backtest, ImportBatch)
#: What belongs to something of a project: by its foreign key.
_OF_SOMETHING: tuple[tuple[Any, Any, Any], ...] = (
    (Extension, Registration, Extension.registration_id),
    (RulingParty, Ruling, RulingParty.ruling_id),
)
#: What belongs to the whole group; its times are shown in the reader's zone.
_OF_GROUP = (Application, Distributor, Enforcement, Assessment, CareTask, Complaint, Contract, Delegation, Exit)


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
_NAMED = (Registration.company, Registration.customer_name)
#: What is about one customer: (id, company, name) by way of the registration.
_CUSTOMERS: dict[str, Any] = {
    Registration.__tablename__: select(Registration.id, *_NAMED),
    **{
        model.__tablename__: select(model.id, *_NAMED).join(Registration, Registration.id == model.registration_id)
        for model in (Visit, Extension, Claim, RulingParty)
    },
}
#: What is about one distributor: (id, name).
_DISTRIBUTORS: dict[str, Any] = {
    Distributor.__tablename__: select(Distributor.id, Distributor.name),
    **{
        model.__tablename__: select(model.id, Distributor.name).join(
            Distributor, Distributor.id == model.distributor_id
        )
        for model in (Assessment, Contract, Exit)
    },
}
