"""The arrivals board of a site's day, and the filings that reception may find. Only of the person's own projects."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from portal.access import Permission, projects_for
from portal.crypto import search_token
from portal.models import CompanyRecord, Distributor, Project, Registration, User, Visit, db
from portal.queries import visits
from portal.queries.registrations import WITH_PARTIES
from portal.rules.periods import local_date, midnight
from portal.rules.search import query_word
from portal.rules.visit_stages import AT_THE_DESK, IN_THE_FLOW

MOST = 60
FOUND_AT_MOST = 20
#: What ended longer ago is not what somebody at the desk means by a name; its number still finds it.
_REMEMBERED = timedelta(days=30)
_REFERENCE = re.compile(r"[A-Z0-9]{2,6}-\d{4}-[0-9A-Z]{6}")


@dataclass(frozen=True, slots=True)
class Board:
    """A day at the desk: who is expected, who stands at the desk, who is in the flow, who is done."""

    expected: Sequence[Registration]
    more_expected: bool
    at_desk: list[visits.Row]
    in_flow: list[visits.Row]
    done: list[visits.Row]


def board(project: Project, now: datetime) -> Board:
    """The board of today in the project's zone."""
    start, end = day_bounds(project, local_date(now, project.zone))
    rows = visits.rows(_of_day(project, start, end), now)
    expected = db.session.scalars(_expected(project, now, start, end).limit(MOST + 1)).all()
    return Board(
        expected=expected[:MOST],
        more_expected=len(expected) > MOST,
        at_desk=[row for row in rows if row.stage in AT_THE_DESK],
        in_flow=[row for row in rows if row.stage in IN_THE_FLOW],
        done=[row for row in rows if row.stage not in AT_THE_DESK | IN_THE_FLOW],
    )


def day_bounds(project: Project, day: date) -> tuple[datetime, datetime]:
    """The first instant of ``day`` in the project's zone and of the day after, UTC."""
    return midnight(day, project.zone), midnight(day + timedelta(days=1), project.zone)


def visits_of_day(project: Project, day: date, now: datetime) -> list[visits.Row]:
    """Every visit of ``day`` in the order of arrival, with its stage at ``now``."""
    return visits.rows(_of_day(project, *day_bounds(project, day)), now)


def find_filing(reference: str, user: User) -> Registration | None:
    """The registration with this number in a project where the person registers arrivals."""
    query = (
        select(Registration)
        .where(
            Registration.reference == reference,
            Registration.project_id.in_(projects_for(user, Permission.REGISTER_ARRIVAL)),
        )
        .options(*WITH_PARTIES)
    )
    return db.session.scalar(query)


def find_filings(project: Project, typed: str, now: datetime) -> Sequence[Registration]:
    """What reception means by a number (also inside a scanned text), a name, pinyin or last four digits; running first."""
    query = select(Registration).where(Registration.project_id == project.id).options(*WITH_PARTIES)
    number = _REFERENCE.search(typed.upper())
    if number:
        return db.session.scalars(query.where(Registration.reference == number[0])).all()
    token = search_token(query_word(typed))
    query = query.where(Registration.search_tokens.contains([token]), Registration.ends_at > now - _REMEMBERED)
    running = (Registration.outcome.is_(None)) & (Registration.ends_at > now)
    return db.session.scalars(query.order_by(running.desc(), Registration.ends_at).limit(FOUND_AT_MOST)).all()


def walk_ins_today(project: Project, now: datetime) -> Sequence[CompanyRecord]:
    """The company-source records entered today, the newest first; those that a visit left behind are not among them."""
    start, end = day_bounds(project, local_date(now, project.zone))
    query = select(CompanyRecord).where(
        CompanyRecord.project_id == project.id,
        CompanyRecord.recorded_at >= start,
        CompanyRecord.recorded_at < end,
        CompanyRecord.visit_id.is_(None),
    )
    return db.session.scalars(query.order_by(CompanyRecord.seq.desc()).limit(MOST)).all()


def distributors() -> Sequence[Distributor]:
    """Every distributor that a broker may name at the desk, by its pinyin: also one that may no longer bring anybody."""
    return db.session.scalars(select(Distributor).order_by(Distributor.name_pinyin, Distributor.name)).all()


def _of_day(project: Project, start: datetime, end: datetime) -> Sequence[Visit]:
    query = (
        select(Visit)
        .where(Visit.project_id == project.id, Visit.arrived_at >= start, Visit.arrived_at < end)
        .options(
            joinedload(Visit.project),
            joinedload(Visit.distributor),
            joinedload(Visit.registration).options(*WITH_PARTIES),
        )
        .order_by(Visit.arrived_at, Visit.seq)
    )
    return db.session.scalars(query).unique().all()


def _expected(project: Project, now: datetime, start: datetime, end: datetime) -> Select[Registration]:
    came = select(Visit.id).where(
        Visit.registration_id == Registration.id, Visit.arrived_at >= start, Visit.arrived_at < end
    )
    return (
        select(Registration)
        .where(
            Registration.project_id == project.id,
            Registration.planned_visit_at >= start,
            Registration.planned_visit_at < end,
            Registration.outcome.is_(None),
            Registration.ends_at > now,
            ~came.exists(),
        )
        .options(*WITH_PARTIES)
        .order_by(Registration.planned_visit_at, Registration.id)
    )


def counted(project: Project, start: datetime, end: datetime) -> int:
    """How many customers came by themselves in that time."""
    query = select(func.count()).where(
        CompanyRecord.project_id == project.id,
        CompanyRecord.recorded_at >= start,
        CompanyRecord.recorded_at < end,
        CompanyRecord.source == "natural",
    )
    return db.session.scalar(query) or 0
