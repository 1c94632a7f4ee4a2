"""Tasks of the care of distributors by the calendar, and what the portal counts of their periods (CM-2.1, CM-7.3)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import InstrumentedAttribute, joinedload

from portal.models import (
    Assessment,
    CareContact,
    CareTask,
    ClassChange,
    Complaint,
    Distributor,
    Invitation,
    Prospect,
    ProspectContact,
    ProspectEvaluation,
    db,
)
from portal.rules.care import CLASSES
from portal.rules.partner_states import MAY_ACT
from portal.rules.periods import midnight
from portal.wording.times import PORTAL_ZONE

#: The list goes back ten years.
_MOST = 60


def page() -> Sequence[CareTask]:
    """What is open, the soonest due first, then what is done, the newest period first."""
    order = (CareTask.done_at.is_not(None), CareTask.done_at.desc().nulls_first(), CareTask.due_at, CareTask.id)
    return db.session.scalars(_with_people().order_by(*order).limit(_MOST)).all()


def find(reference: str) -> CareTask | None:
    """The task with this number."""
    return db.session.scalar(_with_people().where(CareTask.reference == reference))


def unfinished() -> Sequence[CareTask]:
    """What is open, the soonest due first."""
    return db.session.scalars(select(CareTask).where(CareTask.done_at.is_(None)).order_by(CareTask.due_at)).all()


def figures_of(task: CareTask) -> dict[str, int]:
    """What the portal counted: as it stood when the task was done, as it stands now while it is open."""
    return task.figures if task.figures is not None else count(task.kind, task.first_day, task.last_day)


def count(kind: str, first: date, last: date) -> dict[str, int]:
    """The figures of the days from ``first`` to ``last``, both covered, as they stand now."""
    start, end = midnight(first, PORTAL_ZONE), midnight(last + timedelta(days=1), PORTAL_ZONE)
    found = _prospects(start, end)
    return found if kind == "research" else _care(first, start, end) | found


def _prospects(start: datetime, end: datetime) -> dict[str, int]:
    of_prospects = Invitation.id.in_(select(Prospect.invitation_id))
    return {
        "prospects": _number(Prospect, _within(Prospect.found_at, start, end)),
        "talks": _number(ProspectContact, _within(ProspectContact.happened_at, start, end)),
        "evaluations": _number(ProspectEvaluation, _within(ProspectEvaluation.evaluated_at, start, end)),
        "invited": _number(Invitation, of_prospects, _within(Invitation.invited_at, start, end)),
        "dropped": _number(Prospect, _within(Prospect.dropped_at, start, end)),
    }


def _care(first: date, start: datetime, end: datetime) -> dict[str, int]:
    of_period = Assessment.first_day == first
    late = and_(of_period, func.coalesce(Assessment.published_at, func.now()) >= Assessment.due_at)
    researched = (CareTask.kind == "research", _within(CareTask.done_at, start, end))
    return {
        **{f"class_{letter.lower()}": _in_class(letter, end) for letter in CLASSES},
        "contacts": _number(CareContact, _within(CareContact.happened_at, start, end)),
        "class_changes": _number(ClassChange, _within(ClassChange.changed_at, start, end)),
        "sheets": _number(Assessment, of_period),
        "published": _number(Assessment, of_period, Assessment.published_at.is_not(None)),
        "late": _number(Assessment, late),
        "complaints": _number(Complaint, _within(Complaint.received_at, start, end)),
        "researches": _number(CareTask, *researched),
    }


def _in_class(letter: str, end: datetime) -> int:
    """How many partners that may act now had the class at the end of the period."""
    last = select(ClassChange.letter).where(ClassChange.distributor_id == Distributor.id, ClassChange.changed_at < end)
    latest = last.order_by(ClassChange.id.desc()).limit(1).correlate(Distributor).scalar_subquery()
    return _number(Distributor, Distributor.status.in_(MAY_ACT), latest == letter)


def _with_people() -> Select[CareTask]:
    return select(CareTask).options(joinedload(CareTask.done_by))


def _within(column: InstrumentedAttribute[Any], start: datetime, end: datetime) -> ColumnElement[bool]:
    return and_(column >= start, column < end)


def _number(model: type[Any], *conditions: ColumnElement[bool]) -> int:
    return db.session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0
