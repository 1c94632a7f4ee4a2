"""Complaints as each person may read them: the service all, a distributor its own and the outcome of those about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import joinedload

from portal.models import Complaint, ComplaintRound, RoleGrant, User, db
from portal.queries.pages import newest
from portal.rules.complaints import IN_WORK, STATES
from portal.wording.times import PORTAL_ZONE

PAGE = 30
_MOST_OPEN = 300
_DONE = ("closed", "analysed")
_WITH_ALL = (
    joinedload(Complaint.complaining),
    joinedload(Complaint.distributor),
    joinedload(Complaint.project),
    joinedload(Complaint.owner),
    joinedload(Complaint.recorded_by),
    joinedload(Complaint.finding),
)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of complaints; ``next_key`` (a reference) opens the following one."""

    complaints: Sequence[Complaint]
    next_key: str | None = None


@dataclass(frozen=True, slots=True)
class CauseLine:
    """A cause with the number of complaints closed in each quarter, the oldest quarter first."""

    cause: str
    numbers: tuple[int, ...]


def open_page() -> Page:
    """What somebody has to do something about, the soonest due first."""
    query = select(Complaint).where(Complaint.state.not_in(_DONE)).order_by(Complaint.due_at, Complaint.seq)
    return Page(db.session.scalars(query.limit(_MOST_OPEN).options(*_WITH_ALL)).unique().all())


def to_learn_page() -> Page:
    """Closed ones whose cause nobody has written down, the soonest due first."""
    query = select(Complaint).where(Complaint.state == "closed").order_by(Complaint.due_at, Complaint.seq)
    return Page(db.session.scalars(query.limit(_MOST_OPEN).options(*_WITH_ALL)).unique().all())


def done_page(after: str | None) -> Page:
    """What is closed, the newest first."""
    return Page(
        *newest(select(Complaint).where(Complaint.state.in_(_DONE)).options(*_WITH_ALL), Complaint.seq, after, PAGE)
    )


def waiting(now: datetime) -> tuple[int, bool]:
    """How many are open, and whether one of them is late."""
    query = select(func.count(), func.count().filter(Complaint.due_at <= now))
    number, late = db.session.execute(query.where(Complaint.state.not_in(_DONE))).one()
    return number, late > 0


def due_by(instant: datetime) -> Sequence[Complaint]:
    """Those whose state is to be left by ``instant``; a fed-back one waits for the complainant and is nobody's debt."""
    owed = tuple(state for state in STATES if state not in ("fed_back", "analysed"))
    query = select(Complaint).where(Complaint.due_at <= instant, Complaint.state.in_(owed))
    return db.session.scalars(query.order_by(Complaint.due_at).limit(1000)).all()


def complex_in_work() -> Sequence[Complaint]:
    """Complex complaints that somebody is at work on (DS-4.4)."""
    query = select(Complaint).where(Complaint.gravity == "complex", Complaint.state.in_(IN_WORK))
    return db.session.scalars(query.order_by(Complaint.id).limit(1000)).all()


def find(reference: str) -> Complaint | None:
    """The complaint with this number, for whoever handles complaints."""
    return db.session.scalar(select(Complaint).where(Complaint.reference == reference).options(*_WITH_ALL))


def own_page(user: User, after: str | None) -> Page:
    """What the person may read of: made by the own distributor (a broker: by itself), the newest first."""
    return Page(*newest(select(Complaint).where(_made_by(user)).options(*_WITH_ALL), Complaint.seq, after, PAGE))


def about_page(user: User, after: str | None) -> Page:
    """What the person's distributor was told about itself, the newest first."""
    return Page(*newest(select(Complaint).where(_told_about(user)).options(*_WITH_ALL), Complaint.seq, after, PAGE))


def find_own(reference: str, user: User) -> Complaint | None:
    """The complaint with this number that the person's side made."""
    return db.session.scalar(
        select(Complaint).where(Complaint.reference == reference, _made_by(user)).options(*_WITH_ALL)
    )


def find_about(reference: str, user: User) -> Complaint | None:
    """The complaint with this number that the person's distributor was told of."""
    query = select(Complaint).where(Complaint.reference == reference, _told_about(user))
    return db.session.scalar(query.options(*_WITH_ALL))


def of_distributor(distributor_id: int) -> Sequence[Complaint]:
    """Complaints about the distributor, the newest first."""
    query = select(Complaint).where(Complaint.distributor_id == distributor_id).order_by(Complaint.seq.desc()).limit(20)
    return db.session.scalars(query.options(*_WITH_ALL)).unique().all()


def names(complaint: Complaint) -> dict[int, str]:
    """The names of the groups that looked into it, by id."""
    ids = {
        number for one in complaint.rounds for number in (*one.members, one.resolved_by_id, one.told_by_id) if number
    }
    ids |= {one.told_by_id for one in complaint.progress}
    ids |= {complaint.analysed_by_id} if complaint.analysed_by_id else set()
    return {row.id: row.name for row in db.session.execute(select(User.id, User.name).where(User.id.in_(ids)))}


def handlers() -> Sequence[User]:
    """Who may have a complaint or join its group: customer service and channel department."""
    able = select(RoleGrant.user_id).where(RoleGrant.role.in_(("customer_service", "hq_channel")))
    return db.session.scalars(select(User).where(User.id.in_(able), User.disabled_at.is_(None)).order_by(User.id)).all()


def causes(start: datetime, quarters: int) -> list[CauseLine]:
    """Analysed complaints by cause and the quarter of their closing, from the one that begins at ``start``."""
    local = func.timezone(PORTAL_ZONE.key, Complaint.closed_at)
    number = func.extract("year", local) * 4 + func.extract("quarter", local)
    query = (
        select(Complaint.cause, number, func.count())
        .where(Complaint.state == "analysed", Complaint.closed_at >= start)
        .group_by(Complaint.cause, number)
    )
    rows = db.session.execute(query).all()
    first = _quarter(start)
    found: dict[str, list[int]] = {}
    for cause, quarter, count in rows:
        numbers = found.setdefault(str(cause), [0] * quarters)
        numbers[int(quarter) - first] += count
    lines = [CauseLine(cause, tuple(numbers)) for cause, numbers in found.items()]
    return sorted(lines, key=lambda line: -sum(line.numbers))


def measures(start: datetime) -> Sequence[Complaint]:
    """What was decided so that it does not come again, the newest first."""
    query = select(Complaint).where(Complaint.state == "analysed", Complaint.closed_at >= start)
    return db.session.scalars(query.order_by(Complaint.analysed_at.desc()).limit(50).options(*_WITH_ALL)).unique().all()


def _quarter(instant: datetime) -> int:
    local = instant.astimezone(PORTAL_ZONE)
    return local.year * 4 + (local.month + 2) // 3


def _made_by(user: User) -> ColumnElement[bool]:
    company = Complaint.complaining_id == user.distributor_id
    return company if "owner" in user.roles else and_(company, Complaint.recorded_by_id == user.id)


def _told_about(user: User) -> ColumnElement[bool]:
    """Only once something was resolved and written for the distributor; before that it learns nothing (DM-12.4)."""
    written = select(ComplaintRound.id).where(
        ComplaintRound.complaint_id == Complaint.id, ComplaintRound.partner_note.is_not(None)
    )
    return and_(
        Complaint.distributor_id == user.distributor_id,
        or_(Complaint.complaining_id.is_(None), Complaint.complaining_id != user.distributor_id),
        written.correlate(Complaint).exists(),
    )
