"""Claims, and what could be claimed, as a distributor's people may see them: a broker one's own, an owner the company's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, bindparam, false, select, union
from sqlalchemy.orm import aliased, joinedload

from portal.models import (
    BuyerKey,
    Claim,
    Deal,
    DealBuyer,
    DealEvent,
    FormerKey,
    Registration,
    RegistrationKey,
    Relation,
    RelationKey,
    User,
    db,
)
from portal.queries import registrations
from portal.rules.claims import CLAIMABLE

PAGE = 30
#: No policy may leave a window open for longer.
LONGEST_WINDOW = timedelta(days=62)
_MINE, _THEIRS = aliased(RelationKey), aliased(RelationKey)
_KEY = aliased(Claim)
_OF_THE_DISTRIBUTOR = (joinedload(Claim.project), joinedload(Claim.distributor), joinedload(Claim.broker))


@dataclass(frozen=True, slots=True)
class Standing:
    """A registration and an event of a deal in which its customer, a co-buyer or a proven relative stands (RE-8.1)."""

    registration: Registration
    event: DealEvent


@dataclass(frozen=True, slots=True)
class Page:
    """One page of claims, the newest first; ``next_key`` is the number after which the next begins."""

    claims: Sequence[Claim]
    next_key: str | None


def visible_to(user: User) -> ColumnElement[bool]:
    """Everything else does not exist for the person."""
    if "owner" in user.roles:
        return Claim.distributor_id == user.distributor_id
    return Claim.broker_id == user.id if "broker" in user.roles else false()


def find(reference: str, user: User) -> Claim | None:
    """The claim with this number, if it is the person's."""
    query = select(Claim).where(Claim.reference == reference, visible_to(user)).options(*_OF_THE_DISTRIBUTOR)
    return db.session.scalar(query)


def page_of(user: User, before: str | None = None) -> Page:
    """The person's claims."""
    query = select(Claim).where(visible_to(user)).options(*_OF_THE_DISTRIBUTOR).order_by(Claim.id.desc())
    if before is not None:
        query = query.where(Claim.id < select(_KEY.id).where(_KEY.reference == before).scalar_subquery())
    rows = db.session.scalars(query.limit(PAGE + 1)).all()
    return Page(rows[:PAGE], rows[PAGE - 1].reference if len(rows) > PAGE else None)


def registration_of(claim: Claim, user: User) -> Registration | None:
    """The registration that the claim rests on, if the person may see it; with its parties."""
    query = select(Registration).where(Registration.id == claim.registration_id, registrations.visible_to(user))
    return db.session.scalar(query.options(*registrations.WITH_PARTIES))


def of_event(user: User, event_ids: Sequence[int]) -> dict[int, Claim]:
    """The person's own claims by registration on these events, by event."""
    query = select(Claim).where(Claim.event_id.in_(event_ids), Claim.broker_id == user.id, Claim.typed.is_(None))
    return {claim.event_id: claim for claim in db.session.scalars(query) if claim.event_id is not None}


def standings_of(registration: Registration) -> Sequence[Standing]:
    """Every claimable event in which the registration stands, the latest first."""
    return _standings(Registration.id == registration.id)


def recent_standings(user: User, now: datetime) -> Sequence[Standing]:
    """The same for all registrations of the person, for events whose window may still be open."""
    return _standings(and_(registrations.visible_to(user), DealEvent.happened_at > now - LONGEST_WINDOW))


def filed_under(distributor_id: int, project_id: int, fingerprint: bytes) -> Sequence[Registration]:
    """The distributor's registrations that carry this key, the newest first."""
    query = (
        select(Registration)
        .join(RegistrationKey, RegistrationKey.registration_id == Registration.id)
        .where(
            Registration.distributor_id == distributor_id,
            RegistrationKey.project_id == project_id,
            RegistrationKey.fingerprint == fingerprint,
        )
        .order_by(Registration.id.desc())
    )
    return db.session.scalars(query).all()


_PAIR = select(Registration.id.label("registration_id"), DealEvent.id.label("event_id")).select_from(Registration)
_IN_TIME = (
    DealEvent.kind.in_(CLAIMABLE),
    Registration.filed_at <= DealEvent.happened_at,
    Registration.seq < DealEvent.seq,
)
#: The latest claimable event of one who has this key.
LATEST_EVENT = (
    select(DealEvent.id, DealEvent.deal_id, DealEvent.kind, DealEvent.happened_at)
    .join(DealBuyer, DealBuyer.event_id == DealEvent.id)
    .join(BuyerKey, BuyerKey.buyer_id == DealBuyer.id)
    .where(
        BuyerKey.project_id == bindparam("project_id"),
        BuyerKey.fingerprint == bindparam("fingerprint"),
        DealEvent.kind.in_(CLAIMABLE),
    )
    .order_by(DealEvent.happened_at.desc(), DealEvent.seq.desc())
    .limit(1)
)


def _standings(scope: ColumnElement[bool]) -> Sequence[Standing]:
    """Filed before the event, by keys that it carried then: nobody learns of a purchase by filing afterwards (RE-F18)."""
    pairs = union(*(arm.where(scope, *_IN_TIME) for arm in (_direct(), _by_former_key(), _by_relative()))).subquery()
    query = (
        select(Registration, DealEvent)
        .join(pairs, pairs.c.registration_id == Registration.id)
        .join(DealEvent, DealEvent.id == pairs.c.event_id)
        .options(*registrations.WITH_PARTIES, joinedload(DealEvent.deal).joinedload(Deal.project))
        .order_by(DealEvent.happened_at.desc(), DealEvent.seq.desc())
    )
    return [Standing(registration, event) for registration, event in db.session.execute(query)]


def _direct() -> Select[int, int]:
    return _met(RegistrationKey, RegistrationKey.since_seq < DealEvent.seq)


def _by_former_key() -> Select[int, int]:
    return _met(FormerKey, and_(FormerKey.since_seq < DealEvent.seq, FormerKey.until_seq > DealEvent.seq))


def _met(key: type[RegistrationKey] | type[FormerKey], then: ColumnElement[bool]) -> Select[int, int]:
    same = and_(BuyerKey.project_id == key.project_id, BuyerKey.fingerprint == key.fingerprint)
    return _to_the_event(_PAIR.join(key, key.registration_id == Registration.id).join(BuyerKey, same)).where(then)


def _by_relative() -> Select[int, int]:
    """One step from the buyer to the proven relative that was registered (RE-8.8, RE-F4)."""
    project = RegistrationKey.project_id
    found = (
        _PAIR.join(RegistrationKey, RegistrationKey.registration_id == Registration.id)
        .join(_MINE, and_(_MINE.project_id == project, _MINE.fingerprint == RegistrationKey.fingerprint))
        .join(_THEIRS, and_(_THEIRS.relation_id == _MINE.relation_id, _THEIRS.side != _MINE.side))
        .join(Relation, and_(Relation.id == _MINE.relation_id, Relation.proven, Relation.withdrawn_at.is_(None)))
        .join(BuyerKey, and_(BuyerKey.project_id == project, BuyerKey.fingerprint == _THEIRS.fingerprint))
    )
    return _to_the_event(found).where(RegistrationKey.since_seq < DealEvent.seq)


def _to_the_event(found: Select[int, int]) -> Select[int, int]:
    buyer = found.join(DealBuyer, DealBuyer.id == BuyerKey.buyer_id)
    return buyer.join(DealEvent, DealEvent.id == DealBuyer.event_id)
