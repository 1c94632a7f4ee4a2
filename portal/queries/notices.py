"""Reads of notices: how many are unread, and the list of one person."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import cast, func, null, select

from portal.models import (
    Backtest,
    Claim,
    Distributor,
    Document,
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
        for number, reference, zone in db.session.execute(_SUBJECTS[table](numbers))
    }


_SUBJECTS = {
    "registrations": lambda ids: (
        select(Registration.id, Registration.reference, Project.timezone)
        .join(Project, Project.id == Registration.project_id)
        .where(Registration.id.in_(ids))
    ),
    "visits": lambda ids: (
        select(Visit.id, Visit.reference, Project.timezone)
        .join(Project, Project.id == Visit.project_id)
        .where(Visit.id.in_(ids))
    ),
    "extensions": lambda ids: (
        select(Extension.id, Extension.reference, Project.timezone)
        .join(Registration, Registration.id == Extension.registration_id)
        .join(Project, Project.id == Registration.project_id)
        .where(Extension.id.in_(ids))
    ),
    "documents": lambda ids: (
        select(Document.id, Document.reference, Project.timezone)
        .join(Project, Project.id == Document.project_id)
        .where(Document.id.in_(ids))
    ),
    "claims": lambda ids: (
        select(Claim.id, Claim.reference, Project.timezone)
        .join(Project, Project.id == Claim.project_id)
        .where(Claim.id.in_(ids))
    ),
    "ruling_parties": lambda ids: (
        select(RulingParty.id, RulingParty.reference, Project.timezone)
        .join(Ruling, Ruling.id == RulingParty.ruling_id)
        .join(Project, Project.id == Ruling.project_id)
        .where(RulingParty.id.in_(ids))
    ),
    "findings": lambda ids: (
        select(Finding.id, Finding.reference, Project.timezone)
        .join(Project, Project.id == Finding.project_id)
        .where(Finding.id.in_(ids))
    ),
    "backtests": lambda ids: (
        select(Backtest.id, Backtest.reference, Project.timezone)
        .join(Project, Project.id == Backtest.project_id)
        .where(Backtest.id.in_(ids))
    ),
    "import_batches": lambda ids: (
        select(ImportBatch.id, ImportBatch.reference, Project.timezone)
        .join(Project, Project.id == ImportBatch.project_id)
        .where(ImportBatch.id.in_(ids))
    ),
    "distributors": lambda ids: select(
        Distributor.id, Distributor.reference, cast(null(), Project.timezone.type)
    ).where(Distributor.id.in_(ids)),
}
