"""Deadlines in working days, counted anew once the calendar that they needed has been published (GD-6, CX-5.2, DO-Q2)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from portal import audit
from portal.models import Application, Complaint, db
from portal.one_by_one import each
from portal.rules import complaints as rules
from portal.rules.applications import DAYS_TO_SIGN
from portal.rules.working_days import working_days_end
from portal.wording.times import PORTAL_ZONE

#: While the time to answer runs.
_TO_ANSWER = ("accepted", "investigating", "reopened")


def recount(now: datetime) -> int:
    """Count again what is due in the future and was counted with another calendar; how many deadlines moved.

    What is over is not judged anew: it was late, or in time, by what everybody could know then.
    """
    moved = each(_open_complaints(now), lambda one: _recount_complaint(one, now))
    return moved + each(_open_signatures(now), lambda one: _recount_signature(one, now))


def _open_complaints(now: datetime) -> Sequence[Complaint]:
    query = select(Complaint).where(Complaint.due_at > now).order_by(Complaint.id)
    return db.session.scalars(query.with_for_update(of=Complaint, skip_locked=True)).unique().all()


def _open_signatures(now: datetime) -> Sequence[Application]:
    query = select(Application).where(Application.state == "examined", Application.signature_due_at > now)
    return db.session.scalars(query.order_by(Application.id).with_for_update(of=Application)).unique().all()


def _recount_complaint(complaint: Complaint, now: datetime) -> bool:
    answer = _answer_due(complaint) if complaint.state in _TO_ANSWER else complaint.answer_due_at
    due = rules.due(complaint.state, _since(complaint), complaint.gravity, answer, PORTAL_ZONE)
    if (complaint.answer_due_at, complaint.due_at) == (answer, due):
        return False
    complaint.answer_due_at, complaint.due_at = answer, due
    db.session.flush()
    number = complaint.reference
    audit.record("complaint.recounted", complaint, actor=None, now=now, clause="GD-6", reference=number, until=due)
    return True


def _answer_due(complaint: Complaint) -> datetime | None:
    """The time to answer runs from the acceptance, after a reopening from that (DS-4.7)."""
    begun = _reopened_at(complaint) or complaint.accepted_at
    return None if begun is None else rules.due("accepted", begun, complaint.gravity, None, PORTAL_ZONE)


def _since(complaint: Complaint) -> datetime:
    """When the complaint came into its present state."""
    last = complaint.round
    since = {
        "accepted": complaint.accepted_at,
        "resolved": last and last.resolved_at,
        "fed_back": last and last.told_at,
        "reopened": last and last.satisfaction_at,
        "closed": complaint.closed_at,
    }.get(complaint.state)
    return since or complaint.received_at


def _reopened_at(complaint: Complaint) -> datetime | None:
    """When it was opened again the last time: the word of the complainant that ended the round before the present one."""
    ended = complaint.rounds if complaint.state == "reopened" else complaint.rounds[:-1]
    return ended[-1].satisfaction_at if ended else None


def _recount_signature(application: Application, now: datetime) -> bool:
    last = max((one.signed_at for one in application.signatures), default=application.state_since)
    due = working_days_end(last, DAYS_TO_SIGN, PORTAL_ZONE)
    if application.signature_due_at == due:
        return False
    application.signature_due_at = due
    db.session.flush()
    audit.record("application.recounted", application, actor=None, now=now, clause="GD-6", until=due)
    return True
