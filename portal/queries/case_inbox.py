"""Deals as cases: claimed and waiting for a ruling, still open to claims, ruled; for a site's projects or for all."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, func, select, true
from sqlalchemy.orm import InstrumentedAttribute, aliased, joinedload, selectinload

from portal.models import Claim, Deal, DealEvent, Ruling, db
from portal.queries.deals import found_by
from portal.rules.claims import CLAIMABLE, window_end

PAGE = 30
#: What the list shows: waiting for a ruling; open to claims and ruled by the rules alone; ruled by a person; everything.
SHOWN = ("waiting", "open", "ruled", "all")
#: The longest window that a policy may give; the exact end is the policy's.
_LONGEST_WINDOW = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One deal in the list. ``due_at``: when its claims are to be answered, or its window closes, the exclusive bound."""

    deal: Deal
    event: DealEvent
    ruling: Ruling
    claims: int
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Page:
    """One page; ``next_key`` is the number of the deal after which the next one begins."""

    rows: list[CaseRow]
    next_key: str | None = None


def page_of(
    shown: str,
    now: datetime,
    projects: Collection[int] | None,
    after: str | None = None,
    limit: int = PAGE,
    words: str = "",
) -> Page:
    """The cases of ``shown``, found by ``words``; of all projects when that is None. What waits is short and comes whole."""
    sought = true() if not words.strip() else found_by(words)
    if shown == "waiting":
        return Page(sorted(_rows(_claimed(projects).where(sought)), key=_soonest))
    if shown == "open":
        recent = _rows(_recent(projects, now).where(sought))
        return Page(sorted((row for row in recent if row.due_at is not None and row.due_at > now), key=_soonest))
    query = _scoped(projects).where(sought).order_by(Deal.id.desc()).limit(limit + 1)
    if shown == "ruled":
        query = query.where(_latest(Ruling.origin.in_(("ruled", "redetermined"))))
    if after is not None:
        before = select(Deal.id).where(Deal.reference == after).scalar_subquery()
        query = query.where(Deal.id < before)
    rows = _rows(query)
    return Page(rows[:limit], rows[limit - 1].deal.reference if len(rows) > limit else None)


def count_waiting(projects: Collection[int] | None) -> int:
    """How many deals have a claim that nobody has ruled on."""
    query = _claimed(projects).with_only_columns(func.count(Deal.id)).order_by(None)
    return db.session.scalar(query) or 0


def unmatched_claims(projects: Collection[int] | None, limit: int = PAGE) -> Sequence[Claim]:
    """Open claims whose typed number fits no deal: they close by themselves when their answer is due."""
    query = (
        select(Claim)
        .where(Claim.state == "open", Claim.event_id.is_(None), _in(Claim.project_id, projects))
        .options(joinedload(Claim.distributor), joinedload(Claim.broker), joinedload(Claim.project))
    )
    return db.session.scalars(query.order_by(Claim.answer_at).limit(limit)).all()


def _soonest(row: CaseRow) -> tuple[bool, datetime, int]:
    return row.due_at is None, row.due_at or row.deal.opened_at, row.deal.id


def _in(column: InstrumentedAttribute[int], projects: Collection[int] | None) -> ColumnElement[bool]:
    return true() if projects is None else column.in_(projects)


def _scoped(projects: Collection[int] | None) -> Select[Deal]:
    return (
        select(Deal)
        .where(_in(Deal.project_id, projects))
        .options(joinedload(Deal.project), joinedload(Deal.owner), selectinload(Deal.events))
    )


def _claimed(projects: Collection[int] | None) -> Select[Deal]:
    open_claim = (
        select(Claim.id)
        .join(DealEvent, DealEvent.id == Claim.event_id)
        .where(DealEvent.deal_id == Deal.id, Claim.state == "open")
    )
    return _scoped(projects).where(open_claim.exists()).order_by(Deal.id)


def _recent(projects: Collection[int] | None, now: datetime) -> Select[Deal]:
    happened = select(DealEvent.id).where(
        DealEvent.deal_id == Deal.id,
        DealEvent.happened_at > now - _LONGEST_WINDOW,
        DealEvent.kind.in_(CLAIMABLE),
    )
    return _scoped(projects).where(happened.exists(), _latest(Ruling.origin.in_(("event", "fallen")))).limit(300)


def _latest(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    later = aliased(Ruling)
    superseded = select(later.id).where(later.supersedes_id == Ruling.id).exists()
    return select(Ruling.id).where(Ruling.deal_id == Deal.id, ~superseded, condition).exists()


def _rows(query: Select[Deal]) -> list[CaseRow]:
    deals = db.session.scalars(query).unique().all()
    rulings = _rulings([deal.id for deal in deals])
    claims = _open_claims([deal.id for deal in deals])
    return [_row(deal, rulings[deal.id], claims.get(deal.id, ())) for deal in deals]


def _row(deal: Deal, ruling: Ruling, claims: Sequence[Claim]) -> CaseRow:
    latest = next((one for one in reversed(deal.events) if one.kind in CLAIMABLE), deal.events[-1])
    event = next((one for one in deal.events if claims and one.id == claims[0].event_id), latest)
    if claims:
        return CaseRow(deal, event, ruling, len(claims), min(claim.answer_at for claim in claims))
    end = window_end(event.happened_at, ruling.policy.terms.claim_window, deal.project.zone)
    return CaseRow(deal, event, ruling, 0, end if event.kind in CLAIMABLE else None)


def _rulings(deal_ids: Sequence[int]) -> dict[int, Ruling]:
    query = select(Ruling).where(Ruling.deal_id.in_(deal_ids)).order_by(Ruling.seq)
    rows = db.session.scalars(query.options(joinedload(Ruling.policy), joinedload(Ruling.owner))).unique()
    return {ruling.deal_id: ruling for ruling in rows}


def _open_claims(deal_ids: Sequence[int]) -> dict[int, list[Claim]]:
    query = (
        select(DealEvent.deal_id, Claim)
        .join(DealEvent, DealEvent.id == Claim.event_id)
        .where(DealEvent.deal_id.in_(deal_ids), Claim.state == "open")
        .order_by(Claim.seq)
    )
    found: dict[int, list[Claim]] = {}
    for deal_id, claim in db.session.execute(query):
        found.setdefault(deal_id, []).append(claim)
    return found
