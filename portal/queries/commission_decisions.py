"""What was decided about commissions and what partners owe: held, not paid, to be returned, and by when (RE-4.8, RE-Q34)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import joinedload

from portal.models import CommissionHold, Deal, Distributor, Enforcement, Finding, Sanction, db
from portal.queries.pages import newest_behind

PAGE = 30
_MOST_BARRED = 200
#: The sanctions that say something about money.
KINDS = ("fine", "damages", "refuse_commission", "return_commission", "exclude_unit")
_HOLD = (
    joinedload(CommissionHold.deal).joinedload(Deal.project),
    joinedload(CommissionHold.enforcement).joinedload(Enforcement.distributor),
    joinedload(CommissionHold.released_by),
)
_CASE = joinedload(Sanction.finding)
_SANCTION = (_CASE.joinedload(Finding.distributor), _CASE.joinedload(Finding.project), _CASE.joinedload(Finding.deal))


@dataclass(frozen=True, slots=True)
class Holds:
    """One page of commissions that wait or waited, the newest first; ``older`` is the id to go on from."""

    rows: Sequence[CommissionHold]
    older: int | None = None


@dataclass(frozen=True, slots=True)
class Decisions:
    """One page of sanctions about money, the newest first; ``older`` is the id to go on from."""

    rows: Sequence[Sanction]
    older: int | None = None


def holds(*, released: bool, before: int | None) -> Holds:
    """Commissions that wait for somebody's release, or that were released."""
    waits = CommissionHold.released_at.is_not(None) if released else CommissionHold.released_at.is_(None)
    return Holds(*newest_behind(select(CommissionHold).where(waits).options(*_HOLD), CommissionHold.id, before, PAGE))


def barred_deals() -> Sequence[Deal]:
    """Deals that came to a partner after it was blacklisted: their commission waits though nobody held it (RE-Q34)."""
    decided = exists().where(CommissionHold.deal_id == Deal.id)
    query = select(Deal).join(Deal.owner).where(Distributor.status == "blacklisted", ~decided)
    query = query.options(joinedload(Deal.project), joinedload(Deal.owner))
    return db.session.scalars(query.order_by(Deal.id.desc()).limit(_MOST_BARRED)).unique().all()


def decisions(*, closed: bool, before: int | None) -> Decisions:
    """Sanctions about money that stand or are appealed against and are not settled; or those that are done with."""
    wanted = _is_closed() if closed else and_(_was_confirmed(), ~_is_closed())
    query = select(Sanction).where(Sanction.kind.in_(KINDS), wanted).options(*_SANCTION)
    return Decisions(*newest_behind(query, Sanction.id, before, PAGE))


def _was_confirmed() -> ColumnElement[bool]:
    return Sanction.state.in_(("confirmed", "appealed", "upheld"))


def _is_closed() -> ColumnElement[bool]:
    return or_(Sanction.settled_at.is_not(None), Sanction.state == "lifted")
