"""What a distributor has reached of the targets in its contracts: this period and the last one (DM-10.3, CH-15.4)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import joinedload

from portal.models import Contract, Deal, Distributor, Registration, db
from portal.rules.contract_terms import TARGET_PERIODS, bounds
from portal.rules.partner_states import MAY_ACT
from portal.rules.periods import local_date
from portal.rules.targets import Count, Span, is_whole, read_target, span_before, span_of
from portal.wording.times import PORTAL_ZONE


@dataclass(frozen=True, slots=True)
class Progress:
    """One contract's targets: ``now`` so far, ``before`` of the last whole period, None where the contract began later."""

    contract: Contract
    per: str
    span: Span
    now: Count
    span_before: Span
    before: Count | None


def progress_of(distributor: Distributor, now: datetime) -> list[Progress]:
    """Of every contract in force that names targets, the newest first."""
    query = select(Contract).where(Contract.distributor_id == distributor.id, *_in_force(now))
    contracts = db.session.scalars(query.order_by(Contract.id.desc())).all()
    return [found for contract in contracts if (found := _progress(contract, now)) is not None]


def with_targets(now: datetime) -> Sequence[Contract]:
    """The contracts in force that may name targets, of distributors that work with us."""
    query = select(Contract).join(Distributor, Distributor.id == Contract.distributor_id)
    mine = (Distributor.status.in_(MAY_ACT), *_in_force(now))
    return db.session.scalars(query.where(*mine).options(joinedload(Contract.distributor)).order_by(Contract.id)).all()


def last_of(contract: Contract, now: datetime) -> Progress | None:
    """The contract's progress if its last period was a whole one."""
    found = _progress(contract, now)
    return found if found is not None and found.before is not None else None


def _in_force(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        Contract.state == "signed",
        Contract.fields.is_not(None),
        Contract.starts_at <= now,
        or_(Contract.ends_at.is_(None), Contract.ends_at > now),
        or_(Contract.ended_at.is_(None), Contract.ended_at > now),
    )


def _progress(contract: Contract, now: datetime) -> Progress | None:
    fields: dict[str, str] = json.loads(contract.fields or "{}")
    per = fields.get("target_period", "")
    targets = read_target(fields.get("target_visits")), read_target(fields.get("target_deals"))
    if per not in TARGET_PERIODS or targets == (None, None):
        return None
    span = span_of(local_date(now, PORTAL_ZONE), per)
    last = span_before(span, per)
    whole = is_whole(last, local_date(contract.starts_at, PORTAL_ZONE))
    return Progress(
        contract=contract,
        per=per,
        span=span,
        now=Count(*_reached(contract, span), *targets),
        span_before=last,
        before=Count(*_reached(contract, last), *targets) if whole else None,
    )


def _reached(contract: Contract, span: Span) -> tuple[int, int]:
    """First visits and deals in the period, in the projects of the contract."""
    start, end = bounds(span.first, span.last, PORTAL_ZONE)
    visits = and_(
        Registration.distributor_id == contract.distributor_id,
        Registration.visited_at >= start,
        Registration.visited_at < end,
    )
    deals = and_(Deal.owner_id == contract.distributor_id, Deal.opened_at >= start, Deal.opened_at < end)
    return _count(Registration, contract, visits), _count(Deal, contract, deals)


def _count(model: Any, contract: Contract, condition: ColumnElement[bool]) -> int:
    query = select(func.count()).select_from(model).where(condition)
    if not contract.all_projects:
        query = query.where(model.project_id.in_([link.project_id for link in contract.projects]))
    return db.session.scalar(query) or 0


def ended_lately(found: Progress, now: datetime, for_days: int) -> bool:
    """Whether the last period ended so recently that its outcome is still worth telling."""
    return local_date(now, PORTAL_ZONE) - found.span_before.last <= timedelta(days=for_days)
