"""Care as screens and commands read it: class, account owner, contacts, and what is due when (CM-3, CM-6.2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from portal.models import Appointment, CareContact, ClassChange, Distributor, RoleGrant, User, db
from portal.rules.care import Cadence, contact_due_of, sheet
from portal.rules.partner_states import LEFT, MAY_ACT
from portal.wording.times import PORTAL_ZONE

PAGE = 30


@dataclass(frozen=True, slots=True)
class DueContact:
    """A distributor, its class, the last contact that counted, and by when the next one is due (exclusive, UTC)."""

    distributor: Distributor
    letter: str
    cadence: Cadence
    last_at: datetime | None
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Page:
    """One page of contacts, the newest first; ``older`` is the id to go on from."""

    contacts: Sequence[CareContact]
    older: int | None


def has_left(distributor: Distributor) -> bool:
    """Whether the cooperation is over: nobody gives it a class or names who looks after it any more."""
    return distributor.status in LEFT


def class_of(distributor_id: int) -> ClassChange | None:
    """The class that the distributor has; None while none was given."""
    return db.session.scalar(_classes(distributor_id).limit(1))


def classes_of(distributor_id: int) -> Sequence[ClassChange]:
    """Every class it was given, the newest first, with who gave it."""
    return db.session.scalars(_classes(distributor_id).options(joinedload(ClassChange.changed_by))).all()


def people_of(distributor_id: int) -> Appointment | None:
    """Account owner and deputy as last named."""
    query = select(Appointment).where(Appointment.distributor_id == distributor_id).order_by(Appointment.id.desc())
    people = (joinedload(Appointment.owner), joinedload(Appointment.deputy))
    return db.session.scalar(query.limit(1).options(*people))


def able_people() -> Sequence[User]:
    """Who can be named: the people of the channel department."""
    able = select(RoleGrant.user_id).where(RoleGrant.role == "hq_channel")
    return db.session.scalars(select(User).where(User.id.in_(able), User.disabled_at.is_(None)).order_by(User.id)).all()


def contacts_of(distributor_id: int, before: int | None = None) -> Page:
    """The log of the distributor."""
    query = select(CareContact).where(CareContact.distributor_id == distributor_id)
    if before is not None:
        query = query.where(CareContact.id < before)
    query = query.order_by(CareContact.id.desc()).limit(PAGE + 1).options(joinedload(CareContact.recorded_by))
    found = db.session.scalars(query).all()
    return Page(found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else None)


def next_contact(distributor: Distributor) -> DueContact | None:
    """By when the distributor is to be spoken to; None while it has no class or does not work with us."""
    return next(iter(_lines(distributor.id)), None)


def contacts_due(by: datetime) -> list[DueContact]:
    """What is due by the instant ``by``, the most overdue first."""
    return sorted((line for line in _lines() if line.due_at <= by), key=lambda line: line.due_at)


def _classes(distributor_id: int) -> Select[ClassChange]:
    return select(ClassChange).where(ClassChange.distributor_id == distributor_id).order_by(ClassChange.id.desc())


def _lines(distributor_id: int | None = None) -> list[DueContact]:
    query = (
        select(Distributor, ClassChange.letter, ClassChange.changed_at)
        .join(ClassChange, ClassChange.distributor_id == Distributor.id)
        .where(Distributor.status.in_(MAY_ACT))
        .order_by(ClassChange.id)
    )
    if distributor_id is not None:
        query = query.where(Distributor.id == distributor_id)
    given: dict[Distributor, list[tuple[str, datetime]]] = {}
    for distributor, letter, since in db.session.execute(query):
        given.setdefault(distributor, []).append((letter, since))
    spoken = _spoken(distributor_id)
    return [_line(distributor, classes, spoken.get(distributor.id, {})) for distributor, classes in given.items()]


def _spoken(distributor_id: int | None) -> dict[int, dict[str, datetime]]:
    """The last contact of each kind, by distributor."""
    query = select(CareContact.distributor_id, CareContact.kind, func.max(CareContact.happened_at))
    if distributor_id is not None:
        query = query.where(CareContact.distributor_id == distributor_id)
    found: dict[int, dict[str, datetime]] = {}
    for number, kind, at in db.session.execute(query.group_by(CareContact.distributor_id, CareContact.kind)):
        found.setdefault(number, {})[kind] = at
    return found


def _line(distributor: Distributor, classes: list[tuple[str, datetime]], spoken: dict[str, datetime]) -> DueContact:
    letter, _since = classes[-1]
    cadence = sheet().contacts[letter]
    last = max((spoken[kind] for kind in cadence.kinds if kind in spoken), default=None)
    return DueContact(distributor, letter, cadence, last, contact_due_of(classes, spoken, PORTAL_ZONE))
