"""Telling people about complaints: the service, whoever has it, the distributor that complained or is complained about."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select

from portal.models import Complaint, ComplaintRound, RoleGrant, User, db
from portal.one_by_one import each
from portal.queries import complaints as found
from portal.rules.complaints import progress_due
from portal.services import notices
from portal.wording.times import PORTAL_ZONE

#: Working days are counted in whole days: the day before the last one begins, and the last one does.
_AHEAD = timedelta(days=1)


def tell_received(complaint: Complaint, now: datetime) -> int:
    """The customer service has a complaint to acknowledge (CX-5.2)."""
    return _tell(_service(), complaint, "complaint.received", "CX-5.2", now, until=complaint.due_at)


def tell_accepted(complaint: Complaint, now: datetime) -> int:
    """The distributor that complained reads by when it is answered (DS-4.5)."""
    return _tell(_complaining(complaint), complaint, "complaint.accepted", "DS-4.5", now, until=complaint.answer_due_at)


def tell_assigned(complaint: Complaint, now: datetime) -> int:
    """Whoever was handed the complaint."""
    until, occasion = complaint.due_at or now, now.isoformat()
    return _tell([complaint.owner_id], complaint, "complaint.assigned", "CX-5.3", now, until=until, occasion=occasion)


def tell_reopened(complaint: Complaint, now: datetime) -> int:
    """Whoever had it: the complainant is not satisfied (DS-4.7)."""
    occasion = now.isoformat()
    return _tell(
        [complaint.owner_id], complaint, "complaint.reopened", "DS-4.7", now, until=complaint.due_at, occasion=occasion
    )


def tell_answered(complaint: Complaint, now: datetime) -> int:
    """The distributor that complained can read the answer (DS-4.7)."""
    return _tell(_complaining(complaint), complaint, "complaint.answered", "DS-4.7", now, occasion=now.isoformat())


def tell_progress(complaint: Complaint, now: datetime) -> int:
    """The distributor that complained can read how far it is (DS-4.4)."""
    return _tell(_complaining(complaint), complaint, "complaint.progress", "DS-4.4", now, occasion=now.isoformat())


def tell_about_you(complaint: Complaint, one: ComplaintRound, now: datetime) -> int:
    """The owners of the distributor it is about, when something was written for them; never who complained (DM-12.4)."""
    if one.partner_note is None or complaint.distributor_id is None:
        return 0
    owners = _owners(complaint.distributor_id)
    return _tell(owners, complaint, "complaint.about_you", "DM-12.4", now, occasion=str(one.number))


def remind(now: datetime) -> int:
    """Remind of what is due within a day, and once when it is late; how many were told anew (DS-4.3, DS-4.7)."""
    told = each(found.due_by(now + _AHEAD), lambda complaint: _remind(complaint, now))
    return told + each(found.complex_in_work(), lambda complaint: _remind_of_progress(complaint, now))


def _remind(complaint: Complaint, now: datetime) -> int:
    people = _service() if complaint.owner_id is None else [complaint.owner_id]
    late = complaint.due_at is not None and now >= complaint.due_at
    kind, until = ("complaint.late", None) if late else ("complaint.ending", complaint.due_at)
    occasion = f"{complaint.state}:{complaint.due_at and complaint.due_at.isoformat()}"
    return _tell(people, complaint, kind, "CX-5.2", now, until=until, occasion=occasion)


def _remind_of_progress(complaint: Complaint, now: datetime) -> int:
    """Whoever has a complex complaint, within a day of the time to tell how far it is, once for each such time (DS-4.4)."""
    until = progress_due(complaint.state, complaint.gravity, complaint.heard_at, PORTAL_ZONE)
    if until is None or until > now + _AHEAD:
        return 0
    people, occasion = [complaint.owner_id], f"progress:{until.isoformat()}"
    return _tell(people, complaint, "complaint.progress_due", "DS-4.4", now, until=until, occasion=occasion)


def _service() -> list[int]:
    query = select(RoleGrant.user_id).join(User, User.id == RoleGrant.user_id)
    mine = (RoleGrant.role == "customer_service", User.disabled_at.is_(None))
    return list(db.session.scalars(query.where(*mine).distinct()))


def _complaining(complaint: Complaint) -> list[int | None]:
    return [complaint.recorded_by_id] if complaint.complaining_id is not None else []


def _owners(distributor_id: int) -> list[int]:
    query = select(RoleGrant.user_id).join(User, User.id == RoleGrant.user_id)
    mine = (RoleGrant.role == "owner", User.distributor_id == distributor_id, User.disabled_at.is_(None))
    return list(db.session.scalars(query.where(*mine)))


def _tell(
    people: Iterable[int | None],
    complaint: Complaint,
    kind: str,
    clause: str,
    now: datetime,
    *,
    until: datetime | None = None,
    occasion: str = "",
) -> int:
    facts = {"reference": complaint.reference} | ({"until": until} if until else {})
    named = [one for one in people if one is not None]
    return notices.tell(named, kind, complaint, f"{complaint.reference}:{occasion}", clause, facts, now=now)
