"""What the portal knows of a distributor's half year, beside the scores that people give (DM-10.2, CH-12.4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import InstrumentedAttribute

from portal.models import Assessment, CareContact, Complaint, ComplaintRound, Deal, DealEvent, Finding, Registration, db
from portal.rules.periods import midnight
from portal.wording.times import PORTAL_ZONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Of the half year: filings made and how many of them led to a visit (``visit_rate`` in per cent, None without filings);

    deals that are the distributor's and their amounts in CNY; confirmed findings; complaints about it, and those that were
    right; its own complaints that were knowingly false; contacts.
    """

    filings: int
    visits: int
    visit_rate: Decimal | None
    deals: int
    amount: Decimal
    findings: int
    complaints: int
    complaints_upheld: int
    knowingly_false: int
    contacts: int


def figures_of(assessment: Assessment) -> Figures:
    """The figures of the sheet's half year as they stand now."""
    start = midnight(assessment.first_day, PORTAL_ZONE)
    end = midnight(assessment.last_day + timedelta(days=1), PORTAL_ZONE)
    return figures(assessment.distributor_id, start, end)


def figures(distributor_id: int, start: datetime, end: datetime) -> Figures:
    """The figures of [start, end)."""
    filed, came = _filed(distributor_id, start, end)
    deals, amount = _deals(distributor_id, start, end)
    about = and_(Complaint.distributor_id == distributor_id, _within(Complaint.received_at, start, end))
    own = and_(Complaint.complaining_id == distributor_id, _within(Complaint.received_at, start, end))
    confirmed = (Finding.distributor_id == distributor_id, Finding.state == "confirmed")
    spoken = (CareContact.distributor_id == distributor_id, _within(CareContact.happened_at, start, end))
    return Figures(
        filings=filed,
        visits=came,
        visit_rate=(Decimal(came) * 100 / filed).quantize(Decimal("0.1")) if filed else None,
        deals=deals,
        amount=amount,
        findings=_count(Finding, *confirmed, _within(Finding.decided_at, start, end)),
        complaints=_count(Complaint, about),
        complaints_upheld=_count(Complaint, about, _came_out("upheld", "partly")),
        knowingly_false=_count(Complaint, own, _came_out("knowingly_false")),
        contacts=_count(CareContact, *spoken),
    )


def plain(found: Figures) -> dict[str, Any]:
    """As a sheet keeps them: whole numbers, and decimals as text."""
    return {name: str(value) if isinstance(value, Decimal) else value for name, value in asdict(found).items()}


def kept(assessment: Assessment) -> Mapping[str, Any]:
    """The figures of the sheet: those it was scored with, today's while it is not scored."""
    return assessment.facts if assessment.facts is not None else plain(figures_of(assessment))


def _filed(distributor_id: int, start: datetime, end: datetime) -> tuple[int, int]:
    query = select(func.count(Registration.id), func.count(Registration.visited_at))
    mine = (Registration.distributor_id == distributor_id, _within(Registration.filed_at, start, end))
    filed, came = db.session.execute(query.where(*mine)).one()
    return filed, came


def _deals(distributor_id: int, start: datetime, end: datetime) -> tuple[int, Decimal]:
    """Each deal with the amount of its latest step that names one."""
    last = (
        select(DealEvent.amount)
        .where(DealEvent.deal_id == Deal.id, DealEvent.amount.is_not(None))
        .order_by(DealEvent.seq.desc())
        .limit(1)
        .scalar_subquery()
    )
    mine = (Deal.owner_id == distributor_id, _within(Deal.opened_at, start, end))
    number, amount = db.session.execute(select(func.count(Deal.id), func.sum(last)).where(*mine)).one()
    return number, amount or Decimal(0)


def _came_out(*outcomes: str) -> ColumnElement[bool]:
    """Whether the latest inquiry came out so."""
    rounds = select(ComplaintRound.outcome).where(ComplaintRound.complaint_id == Complaint.id)
    last = rounds.order_by(ComplaintRound.number.desc()).limit(1).correlate(Complaint).scalar_subquery()
    return last.in_(outcomes)


def _within(column: InstrumentedAttribute[Any], start: datetime, end: datetime) -> ColumnElement[bool]:
    return and_(column >= start, column < end)


def _count(model: type[Any], *conditions: ColumnElement[bool]) -> int:
    return db.session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0
