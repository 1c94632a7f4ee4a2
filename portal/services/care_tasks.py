"""Research of each quarter and the report of each half year: begun by the calendar, done by a named person (CM-2.1, CM-7.3)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.dialects.postgresql import insert

from portal import audit, clock
from portal.access import Permission
from portal.models import CareTask, User, db
from portal.models.base import event_order
from portal.one_by_one import each
from portal.queries import care_tasks as found
from portal.rules.care_tasks import CLAUSES, Due, asked_for, check_done, stage_of
from portal.services import notices
from portal.services.contract_notices import holders
from portal.services.references import group_reference
from portal.wording.times import PORTAL_ZONE

_LETTERS = {"research": "DY", "report": "PJ"}


def open_due(now: datetime) -> int:
    """Begin what the calendar asks for and is not there yet; how many. May run any number of times, also at once.

    Nobody begins with something that is late: what is over before the portal ran is left out.
    """
    return sum(_open(due, now) for due in asked_for(now, PORTAL_ZONE) if now < due.due_at)


def finish(*, actor: User, task: CareTask, findings: str, measures: str | None = None) -> CareTask:
    """Put on record what was found, and of a report what follows from it (CM-7.4); the figures stay as they stand now.

    Raises Refusal once it is done, and without words.
    """
    db.session.refresh(task, ["done_at"], with_for_update={"of": CareTask})
    check_done(task.kind, task.done_at is not None, findings, measures)
    now = clock.now()
    task.figures = found.count(task.kind, task.first_day, task.last_day)
    task.findings, task.measures = findings, measures or None
    task.done_at, task.done_by_id = now, actor.id
    db.session.flush()
    db.session.expire(task, ["done_by"])
    audit.record(
        f"care.{task.kind}_done",
        task,
        actor=actor,
        now=now,
        clause=CLAUSES[task.kind],
        reference=task.reference,
        reason_digest=audit.reason_digest(findings),
    )
    return task


def remind(now: datetime) -> int:
    """Tell whoever keeps the care of what ends soon and of what is late, each once; how many were told."""
    return each(found.unfinished(), lambda task: _remind(task, now))


def _open(due: Due, now: datetime) -> int:
    seq = db.session.scalar(event_order.next_value()) or 0
    row = {
        "reference": group_reference(_LETTERS[due.kind], seq, now),
        "kind": due.kind,
        "first_day": due.first,
        "last_day": due.last,
        "opened_at": now,
        "due_at": due.due_at,
    }
    statement = insert(CareTask).values(**row).on_conflict_do_nothing(constraint="uq_care_tasks_one_per_period")
    number = db.session.scalar(statement.returning(CareTask.id))
    if number is None:
        return 0
    task = db.session.get_one(CareTask, number)
    audit.record(
        f"care.{task.kind}_opened",
        task,
        actor=None,
        now=now,
        clause=CLAUSES[task.kind],
        reference=task.reference,
        until=task.due_at,
    )
    _tell(task, "opened", "", now)
    return 1


def _remind(task: CareTask, now: datetime) -> int:
    stage, occasion = stage_of(task.due_at, now)
    return _tell(task, stage, occasion, now) if stage else 0


def _tell(task: CareTask, stage: str, occasion: str, now: datetime) -> int:
    facts = {"reference": task.reference} | ({} if stage == "late" else {"until": task.due_at})
    people, kind = holders(Permission.KEEP_CARE), f"care.{task.kind}_{stage}"
    return notices.tell(people, kind, task, f"{task.reference}:{occasion}", CLAUSES[task.kind], facts, now=now)
