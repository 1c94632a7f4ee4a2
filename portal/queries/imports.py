"""Imports as screens read them: a project's latest, one with its counts, and its rows with their answers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from portal.access import Permission, projects_for
from portal.models import Deal, DealEvent, ImportBatch, ImportRow, User, db

_SHOWN = 200
_LATEST = 10


@dataclass(frozen=True, slots=True)
class Answer:
    """A row with what names it in the file, and the deal that it belongs to now."""

    row: ImportRow
    deal: str
    event: str
    reference: str | None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import is."""

    total: int
    imported: int
    present: int
    refused: int

    @property
    def done(self) -> int:
        return self.imported + self.present + self.refused


def find(reference: str, user: User, permission: Permission) -> ImportBatch | None:
    """The import with this number in a project where the person holds ``permission``."""
    query = select(ImportBatch).where(
        ImportBatch.reference == reference, ImportBatch.project_id.in_(projects_for(user, permission))
    )
    return db.session.scalar(query.options(joinedload(ImportBatch.project), joinedload(ImportBatch.created_by)))


def latest(project_id: int) -> Sequence[ImportBatch]:
    """The project's newest imports."""
    query = select(ImportBatch).where(ImportBatch.project_id == project_id).order_by(ImportBatch.id.desc())
    return db.session.scalars(query.limit(_LATEST).options(joinedload(ImportBatch.created_by))).all()


def progress_of(batch: ImportBatch) -> Progress:
    """The counts of the rows by their answer."""
    query = select(ImportRow.state, func.count()).where(ImportRow.batch_id == batch.id).group_by(ImportRow.state)
    counts: dict[str, int] = {row[0]: row[1] for row in db.session.execute(query)}
    return Progress(batch.total, *(counts.get(state, 0) for state in ("imported", "present", "refused")))


def answers_of(batch: ImportBatch, *, state: str | None = None, most: int | None = _SHOWN) -> Iterator[Answer]:
    """The rows in the order of the file, those in ``state`` alone when it is given; ``most`` None: all of them."""
    query = (
        select(ImportRow, Deal.reference)
        .outerjoin(DealEvent, DealEvent.id == ImportRow.event_id)
        .outerjoin(Deal, Deal.id == DealEvent.deal_id)
        .where(ImportRow.batch_id == batch.id)
        .order_by(ImportRow.number)
        .limit(most)
    )
    if state is not None:
        query = query.where(ImportRow.state == state)
    for row, reference in db.session.execute(query):
        cells = json.loads(row.cells)
        yield Answer(row, cells.get("deal", ""), cells.get("event", ""), reference)
