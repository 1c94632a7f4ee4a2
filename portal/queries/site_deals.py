"""A site's deals: the list, newest first by key, and one deal with everything that its page tells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from portal.access import Permission, projects_for
from portal.models import Claim, Deal, DealBuyer, DealEvent, HistoryEntry, Ruling, User, db
from portal.queries.changes import about, entries
from portal.queries.deals import WITH_EVENTS, found_by
from portal.queries.site_registrations import Entry
from portal.rules.deal_changes import Buyer, Change, changes

PAGE = 20
_MOST = 200
_WITH_ALL = (
    joinedload(Deal.project),
    joinedload(Deal.owner),
    joinedload(Deal.registration),
    *WITH_EVENTS,
    selectinload(Deal.events).joinedload(DealEvent.recorded_by),
)


@dataclass(frozen=True, slots=True)
class Page:
    """One page, and the numbers of the deals that open its neighbours."""

    rows: Sequence[Deal]
    next_key: str | None = None
    previous_key: str | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """An event, and what changed since the one before it."""

    event: DealEvent
    changes: tuple[Change, ...]


class UnknownKey(LookupError):
    """The key of the page is no deal of this project."""


def page_of(project_id: int, words: str = "", *, after: str | None = None, before: str | None = None) -> Page:
    """The deals of a project behind ``after`` or before ``before``; the newest without either. Raises UnknownKey."""
    backwards = after is None and before is not None
    query = select(Deal).where(Deal.project_id == project_id).options(*_WITH_ALL).limit(PAGE + 1)
    if words.strip():
        query = query.where(found_by(words))
    key = after or before
    if key is not None:
        start = _id_of(project_id, key)
        query = query.where(Deal.id > start if backwards else Deal.id < start)
    found = db.session.scalars(query.order_by(Deal.id if backwards else Deal.id.desc())).all()
    rows, more = found[:PAGE], len(found) > PAGE
    if backwards:
        rows = rows[::-1]
        return Page(rows, _number(rows, -1), _number(rows, 0) if more else None)
    return Page(rows, _number(rows, -1) if more else None, _number(rows, 0) if key else None)


def find(reference: str, user: User, permission: Permission) -> Deal | None:
    """The deal with this number in a project where the person holds ``permission``."""
    query = select(Deal).where(Deal.reference == reference, Deal.project_id.in_(projects_for(user, permission)))
    return db.session.scalar(query.options(*_WITH_ALL))


def number_of(event: DealEvent) -> str:
    """The number of the deal to which the event belongs."""
    return db.session.scalars(select(Deal.reference).where(Deal.id == event.deal_id)).one()


def buyer_of(deal: Deal, buyer_id: int) -> DealBuyer | None:
    """The buyer with this id in one of the deal's events."""
    return next((buyer for event in deal.events for buyer in event.buyers if buyer.id == buyer_id), None)


def told(deal: Deal) -> list[Told]:
    """The events of the deal in their order, each with what changed."""
    events = deal.events
    before: list[DealEvent | None] = [None, *events[:-1]]
    return [Told(event, () if one is None else _changes(one, event)) for one, event in zip(before, events, strict=True)]


def history_of(deal: Deal) -> Sequence[Entry]:
    """Everything about the deal, its rulings and claims, the newest first."""
    events = [event.id for event in deal.events]
    subjects = {
        "deal_events": events,
        "rulings": db.session.scalars(select(Ruling.id).where(Ruling.deal_id == deal.id)).all(),
        "claims": db.session.scalars(select(Claim.id).where(Claim.event_id.in_(events))).all(),
    }
    query = entries(*(about(kind, ids) for kind, ids in subjects.items()))
    newest_first = (HistoryEntry.happened_at.desc(), HistoryEntry.id.desc())
    rows = db.session.execute(query.order_by(*newest_first).limit(_MOST))
    return [Entry(entry, name) for entry, name in rows]


def _changes(before: DealEvent, after: DealEvent) -> tuple[Change, ...]:
    return changes(*([_plain(buyer) for buyer in event.buyers] for event in (before, after)))


def _plain(buyer: DealBuyer) -> Buyer:
    return Buyer(
        name=buyer.customer_name,
        phone=buyer.phone,
        id_number=buyer.id_number,
        company=buyer.company,
        company_code=buyer.company_code,
    )


def _id_of(project_id: int, reference: str) -> int:
    found = db.session.scalar(select(Deal.id).where(Deal.reference == reference, Deal.project_id == project_id))
    if found is None:
        raise UnknownKey(reference)
    return found


def _number(rows: Sequence[Deal], position: int) -> str | None:
    return rows[position].reference if rows else None
