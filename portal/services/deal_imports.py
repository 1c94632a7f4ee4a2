"""Imports of the developer's sales system: a file becomes rows, each row a deal event or an answer why not."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, text
from sqlalchemy.orm import joinedload

from portal import audit, clock, jobs
from portal.models import Deal, DealEvent, ImportBatch, ImportRow, Project, User, db
from portal.models.base import event_order
from portal.queries.deals import WITH_EVENTS
from portal.rules.deal_rows import ReadRow, RowProblem, column_places, missing_columns, read_row
from portal.services import deals, notices, sheet_files
from portal.services.customers import Customer
from portal.services.deals import NewEvent
from portal.services.references import reference
from portal.services.sheet_files import Line, Unreadable
from portal.services.unacceptable import Unacceptable

#: A file of at most so many rows is worked off while its sender waits; a longer one goes to the worker.
SMALL = 50
#: A page that was to work off a small file has had its chance after this.
_GIVEN_UP = timedelta(minutes=2)
_LONGEST_NAME = 120
_HOLD_NUMBER = text("SELECT pg_advisory_xact_lock(CAST(:project_id AS int), hashtext(:number))")


def accept_file(*, actor: User, project: Project, content: bytes, name: str, submission_key: str) -> ImportBatch:
    """Keep the rows of the file, each waiting to be answered. A form sent twice gives the one import.

    Raises Unacceptable("table", …) when the file is no table, has no rows, or lacks a column that every row needs.
    """
    # Whoever sends the same form at the same moment waits here and then finds the import.
    db.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"import:{submission_key}", 0))))
    known = db.session.scalar(select(ImportBatch).where(ImportBatch.submission_key == submission_key))
    if known is not None:
        return known
    rows = _rows(content)
    now = clock.now()
    seq = db.session.scalar(event_order.next_value())
    batch = ImportBatch(
        seq=seq,
        reference=reference("import", project, seq, now),
        project_id=project.id,
        name=name[-_LONGEST_NAME:],
        submission_key=submission_key,
        created_at=now,
        created_by_id=actor.id,
        total=len(rows),
    )
    db.session.add(batch)
    db.session.flush()
    db.session.add_all(
        ImportRow(batch_id=batch.id, number=number, cells=json.dumps(cells, ensure_ascii=False))
        for number, cells in rows
    )
    audit.record("deal.import_begun", batch, actor=actor, now=now, reference=batch.reference, rows=batch.total)
    if batch.total > SMALL:
        jobs.enqueue_after_commit(jobs.IMPORT_DEALS, batch.id)
    return batch


def next_waiting(batch_id: int, after: int) -> int | None:
    """The next row of the import that waits, behind the row ``after``."""
    waiting = (ImportRow.batch_id == batch_id, ImportRow.state == "waiting", ImportRow.id > after)
    return db.session.scalar(select(func.min(ImportRow.id)).where(*waiting))


def answer_row(row_id: int) -> None:
    """Record the event of the row, or find it recorded already. Raises Refusal; a cell that cannot be read is answered here."""
    row = _held(row_id)
    if row is None:
        return
    batch = row.batch
    try:
        read = read_row(json.loads(row.cells), batch.project.zone, clock.now())
    except RowProblem as problem:
        _answer(row, "refused", problem=problem.reason, column=problem.column)
        return
    event, new = _record(batch, read)
    if new:
        _answer(row, "imported", event=event)
    else:
        _answer(
            row, "present", event=event, problem=None if _tells(event, read, batch.project.zone) else "present_differs"
        )


def refuse_row(row_id: int, reason: str, clause: str | None) -> None:
    """Answer a row that the rules refused."""
    row = _held(row_id)
    if row is not None:
        _answer(row, "refused", problem=reason, clause=clause)


def finish(batch_id: int) -> None:
    """Say that every row is answered, and tell who sent the file. Does nothing while a row waits or when it was said."""
    batch = db.session.get_one(ImportBatch, batch_id, with_for_update=True, populate_existing=True)
    counts = counts_of(batch_id)
    if batch.finished_at is not None or counts.get("waiting"):
        return
    now = clock.now()
    batch.finished_at = now
    facts: dict[str, Any] = {"reference": batch.reference} | {
        state: counts.get(state, 0) for state in ("imported", "present", "refused")
    }
    audit.record("deal.import_finished", batch, actor=None, now=now, **facts)
    notices.tell([batch.created_by_id], "deal.import_finished", batch, occasion=batch.reference, facts=facts, now=now)


def counts_of(batch_id: int) -> dict[str, int]:
    """How many rows are in each state."""
    query = select(ImportRow.state, func.count()).where(ImportRow.batch_id == batch_id).group_by(ImportRow.state)
    return {row[0]: row[1] for row in db.session.execute(query)}


def unfinished(*, now: datetime) -> Sequence[int]:
    """The imports that nobody may be working on any more."""
    query = select(ImportBatch.id).where(ImportBatch.finished_at.is_(None), ImportBatch.created_at < now - _GIVEN_UP)
    return db.session.scalars(query.order_by(ImportBatch.id)).all()


def _rows(content: bytes) -> list[tuple[int, dict[str, str]]]:
    try:
        head, *lines = sheet_files.read(content)
    except Unreadable as unreadable:
        raise Unacceptable("table", unreadable.reason) from None
    places = column_places(head.cells)
    missing = missing_columns(places)
    if missing:
        raise Unacceptable("table", "sheet_columns", columns=missing)
    if not lines:
        raise Unacceptable("table", "sheet_empty")
    return [(line.number, _cells(line, places)) for line in lines]


def _cells(line: Line, places: dict[str, int]) -> dict[str, str]:
    return {
        column: line.cells[place] for column, place in places.items() if place < len(line.cells) and line.cells[place]
    }


def _held(row_id: int) -> ImportRow | None:
    """The row while it waits, held for us; None when somebody else holds it or has answered it."""
    query = (
        select(ImportRow)
        .where(ImportRow.id == row_id, ImportRow.state == "waiting")
        .options(
            joinedload(ImportRow.batch).joinedload(ImportBatch.project),
            joinedload(ImportRow.batch).joinedload(ImportBatch.created_by),
        )
        .with_for_update(of=ImportRow, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return db.session.scalar(query)


def _record(batch: ImportBatch, read: ReadRow) -> tuple[DealEvent, bool]:
    """The event of the row, and whether it is new. The deal number and the step together make it the same event."""
    given = NewEvent(
        kind=read.kind,
        buyers=tuple(Customer(**buyer) for buyer in read.buyers),
        unit=read.unit,
        amount=read.amount,
        happened_at=read.happened_at,
        source="import",
    )
    # Two files with the same new deal at the same moment: the second waits here and then finds it.
    db.session.execute(_HOLD_NUMBER, {"project_id": batch.project_id, "number": read.deal})
    deal = _deal(batch, read.deal)
    if deal is None:
        actor, project = batch.created_by, batch.project
        return deals.open_deal(actor=actor, project=project, event=given, source_number=read.deal), True
    known = next((event for event in deal.events if event.kind == read.kind), None)
    if known is not None:
        return known, False
    return deals.add_event(actor=batch.created_by, deal=deal, event=given), True


def _deal(batch: ImportBatch, number: str) -> Deal | None:
    query = select(Deal).where(Deal.project_id == batch.project_id, Deal.source_number == number)
    loaded = query.options(joinedload(Deal.project), *WITH_EVENTS)
    return db.session.scalar(loaded.execution_options(populate_existing=True))


def _tells(event: DealEvent, read: ReadRow, zone: ZoneInfo) -> bool:
    """Whether the row says the same as what is recorded. A recorded event is never changed."""
    days = [one.astimezone(zone).date() for one in (read.happened_at, event.happened_at)]
    if days[0] != days[1] or (read.exact and read.happened_at != event.happened_at):
        return False
    buyers = sorted(_numbers(buyer.phone, buyer.id_number, buyer.company_code) for buyer in event.buyers)
    given = sorted(_numbers(one["phone"], one["id_number"], one["company_code"]) for one in read.buyers)
    return buyers == given and (read.unit or event.unit, read.amount) == (event.unit, event.amount)


def _numbers(*values: str | None) -> tuple[str, ...]:
    return tuple(value or "" for value in values)


def _answer(
    row: ImportRow,
    state: str,
    *,
    problem: str | None = None,
    column: str | None = None,
    clause: str | None = None,
    event: DealEvent | None = None,
) -> None:
    # All at once: asking for the time writes out what has been changed so far, and half an answer is refused.
    now = clock.now()
    row.state, row.problem, row.column, row.clause, row.answered_at = state, problem, column, clause, now
    row.event_id = None if event is None else event.id
    db.session.flush()
