"""Spot checks as headquarters reads them: the samples, one of them with its deals, the deals to draw from (RE-4.6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from portal.models import CheckedDeal, CheckTry, Deal, Distributor, Project, SpotCheck, db
from portal.rules.contract_terms import bounds
from portal.wording.times import PORTAL_ZONE

PAGE = 30
_WITH = (
    joinedload(SpotCheck.project),
    joinedload(SpotCheck.distributor),
    joinedload(SpotCheck.drawn_by),
    joinedload(SpotCheck.closed_by),
)
_WITH_DEALS = selectinload(SpotCheck.lines).options(
    joinedload(CheckedDeal.deal).options(joinedload(Deal.project), joinedload(Deal.registration)),
    joinedload(CheckedDeal.distributor),
    joinedload(CheckedDeal.finding),
)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of checks, the newest first; ``next_key`` (a reference) opens the following one."""

    checks: Sequence[SpotCheck]
    next_key: str | None


def page_of(after: str | None) -> Page:
    """The checks, the newest first."""
    query = select(SpotCheck).options(*_WITH).order_by(SpotCheck.seq.desc()).limit(PAGE + 1)
    if after is not None:
        query = query.where(SpotCheck.seq < select(SpotCheck.seq).where(SpotCheck.reference == after).scalar_subquery())
    found = db.session.scalars(query).all()
    return Page(found[:PAGE], found[PAGE - 1].reference if len(found) > PAGE else None)


def waiting_in(checks: Sequence[SpotCheck]) -> Mapping[int, int]:
    """How many deals of each of the checks have no answer yet, by the check's id."""
    answered = select(CheckTry.id).where(CheckTry.line_id == CheckedDeal.id, CheckTry.is_first).exists()
    query = (
        select(CheckedDeal.check_id, func.count().label("number"))
        .where(CheckedDeal.check_id.in_([one.id for one in checks]), CheckedDeal.given_up_at.is_(None), ~answered)
        .group_by(CheckedDeal.check_id)
    )
    return {row.check_id: row.number for row in db.session.execute(query)}


def find(reference: str) -> SpotCheck | None:
    """One check with its deals and everything that was asked and said."""
    query = select(SpotCheck).where(SpotCheck.reference == reference).options(*_WITH, _WITH_DEALS)
    return db.session.scalar(query.execution_options(populate_existing=True))


def line_of(check: SpotCheck, line_id: int) -> CheckedDeal | None:
    """A deal of the check."""
    return next((one for one in check.lines if one.id == line_id), None)


def deals_between(
    first_day: date, last_day: date, project: Project | None, distributor: Distributor | None
) -> dict[str, Deal]:
    """The deals of distributors opened in these days of the portal's zone, by their numbers."""
    start, end = bounds(first_day, last_day, PORTAL_ZONE)
    query = select(Deal).where(Deal.owner_id.is_not(None), Deal.opened_at >= start, Deal.opened_at < end)
    if project is not None:
        query = query.where(Deal.project_id == project.id)
    if distributor is not None:
        query = query.where(Deal.owner_id == distributor.id)
    return {deal.reference: deal for deal in db.session.scalars(query)}


def by_sending(submission_key: str) -> SpotCheck | None:
    """The check that this form made already."""
    return db.session.scalar(select(SpotCheck).where(SpotCheck.submission_key == submission_key))
