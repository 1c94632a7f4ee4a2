"""Rulings and their cases: the chain of a deal, what was considered, the parties; for the company, and for one party."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, false, select, true
from sqlalchemy.orm import joinedload, selectinload

from portal.access import Permission, may, projects_for
from portal.models import Claim, Deal, DealEvent, Finding, Registration, Ruling, RulingParty, User, Visit, db
from portal.queries.registrations import WITH_PARTIES
from portal.rules.claims import CLAIMABLE

WITH_RECORD = (
    joinedload(Ruling.deal).options(joinedload(Deal.project), selectinload(Deal.events)),
    joinedload(Ruling.event),
    joinedload(Ruling.policy),
    joinedload(Ruling.owner),
    joinedload(Ruling.registration),
    joinedload(Ruling.confirmed_by),
    joinedload(Ruling.finding),
    joinedload(Ruling.supersedes),
    selectinload(Ruling.parties).options(joinedload(RulingParty.distributor), joinedload(RulingParty.registration)),
)
_WITH_CASE = (
    joinedload(Deal.project),
    joinedload(Deal.owner),
    selectinload(Deal.events).options(selectinload(DealEvent.buyers), joinedload(DealEvent.recorded_by)),
)


def find_deal(reference: str, user: User) -> Deal | None:
    """The deal with this number, if its case is open to the person: staff of the project who rule or lead, headquarters."""
    return db.session.scalar(select(Deal).where(Deal.reference == reference, _open_to(user)).options(*_WITH_CASE))


def find(reference: str, user: User) -> Ruling | None:
    """The ruling with this number, if its case is open to the person."""
    query = select(Ruling).join(Deal, Deal.id == Ruling.deal_id).where(Ruling.reference == reference, _open_to(user))
    return db.session.scalar(query.options(*WITH_RECORD))


def named(reference: str) -> Ruling | None:
    """The ruling with this number; for commands and the printer."""
    return db.session.scalar(select(Ruling).where(Ruling.reference == reference).options(*WITH_RECORD))


def loaded(ruling_id: int) -> Ruling:
    """The ruling with everything that its record names. Raises NoResultFound."""
    query = select(Ruling).where(Ruling.id == ruling_id).options(*WITH_RECORD)
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def references() -> Sequence[str]:
    """The numbers of all rulings in the order in which they were made."""
    return db.session.scalars(select(Ruling.reference).order_by(Ruling.seq)).all()


def chain_of(deal: Deal) -> Sequence[Ruling]:
    """Every ruling of the deal, the latest first; each supersedes the one after it."""
    query = select(Ruling).where(Ruling.deal_id == deal.id).order_by(Ruling.seq.desc())
    return db.session.scalars(query.options(*WITH_RECORD)).unique().all()


def considered(seqs: Iterable[int]) -> dict[int, Registration]:
    """The registrations of a case by their place in the order of recording."""
    query = select(Registration).where(Registration.seq.in_(list(seqs))).options(*WITH_PARTIES)
    return {row.seq: row for row in db.session.scalars(query).unique()}


def first_visits(registrations: Iterable[Registration]) -> dict[int, Visit]:
    """By registration: the visit that counted, with who entered it into the sales system."""
    ids = [row.id for row in registrations]
    query = select(Visit).where(Visit.registration_id.in_(ids), Visit.result == "registered")
    rows = db.session.scalars(query.options(joinedload(Visit.consultant))).all()
    return {row.registration_id: row for row in rows if row.registration_id is not None}


def claims_of(deal: Deal) -> Sequence[Claim]:
    """Every claim on an event of the deal in the order in which they were made, with who claims."""
    query = select(Claim).where(Claim.event_id.in_([event.id for event in deal.events])).order_by(Claim.seq)
    options = (joinedload(Claim.distributor), joinedload(Claim.broker), joinedload(Claim.registration))
    return db.session.scalars(query.options(*options)).unique().all()


def find_claim(reference: str, user: User) -> Claim | None:
    """The claim with this number in a project whose cases are open to the person, with its deal."""
    query = select(Claim).where(
        Claim.reference == reference, Claim.project_id.in_(projects_for(user, Permission.SEE_CASES))
    )
    return db.session.scalar(query.options(joinedload(Claim.event).joinedload(DealEvent.deal)))


def event_to_rule(deal: Deal) -> DealEvent:
    """Whose claims are to be heard: the event of the oldest open claim, else the last one that can be claimed."""
    waiting = next((claim.event_id for claim in claims_of(deal) if claim.state == "open"), None)
    latest = next((one for one in reversed(deal.events) if one.kind in CLAIMABLE), deal.events[-1])
    return next((one for one in deal.events if one.id == waiting), latest)


def ids_of(deal: Deal, registrations: Iterable[str]) -> list[int]:
    """The ids of registrations of the deal's project by their numbers."""
    query = select(Registration.id).where(
        Registration.reference.in_(list(registrations)), Registration.project_id == deal.project_id
    )
    return list(db.session.scalars(query))


def findings_of(deal: Deal) -> Sequence[Finding]:
    """What was reported about the deal, the latest first."""
    query = select(Finding).where(Finding.deal_id == deal.id).order_by(Finding.seq.desc())
    options = (joinedload(Finding.reported_by), joinedload(Finding.decided_by), joinedload(Finding.distributor))
    return db.session.scalars(query.options(*options)).unique().all()


def find_finding(reference: str) -> Finding | None:
    """The finding with this number, with its deal."""
    query = select(Finding).where(Finding.reference == reference)
    deal = joinedload(Finding.deal).options(joinedload(Deal.project))
    return db.session.scalar(query.options(deal, joinedload(Finding.reported_by)))


def _open_to(user: User) -> ColumnElement[bool]:
    if may(user, Permission.SEE_ALL_DEALS):
        return true()
    projects = projects_for(user, Permission.SEE_CASES)
    return Deal.project_id.in_(projects) if projects else false()
