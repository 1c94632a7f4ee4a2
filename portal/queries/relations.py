"""Relations between customers as screens read them: a project's list, those of a deal's buyers, a family as plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.access import Permission, projects_for
from portal.models import Deal, DealBuyer, Relation, RelationKey, User, db
from portal.models.relations import SIDES

_MOST = 200
_WITH_ALL = (joinedload(Relation.file), joinedload(Relation.recorded_by))


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in the graph; ``buyer`` says on which side of it."""

    name: str
    phone: str | None
    buyer: bool


@dataclass(frozen=True, slots=True)
class Tie:
    """The person at ``one`` is the ``kind`` of the person at ``other`` (places in ``Family.people``)."""

    one: int
    other: int
    kind: str
    proven: bool
    document: str | None


@dataclass(frozen=True, slots=True)
class Family:
    """The buyers of a deal first, then their relatives, and what ties them (RE-8.8)."""

    people: tuple[Person, ...]
    ties: tuple[Tie, ...]


def of_project(project_id: int) -> Sequence[Relation]:
    """The newest relations of the project, withdrawn ones too."""
    query = select(Relation).where(Relation.project_id == project_id).order_by(Relation.id.desc()).limit(_MOST)
    return db.session.scalars(query.options(*_WITH_ALL)).all()


def of_deal(deal: Deal) -> Sequence[Relation]:
    """The relations of everybody who ever stood in an event of the deal, withdrawn ones too."""
    prints = frozenset[bytes]().union(*(_prints(buyer) for event in deal.events for buyer in event.buyers))
    about = select(RelationKey.relation_id).where(
        RelationKey.project_id == deal.project_id, RelationKey.fingerprint.in_(prints)
    )
    query = select(Relation).where(Relation.id.in_(about)).order_by(Relation.id)
    return db.session.scalars(query.options(*_WITH_ALL)).all()


def find(relation_id: int, user: User, permission: Permission) -> Relation | None:
    """The relation with this id in a project where the person holds ``permission``."""
    query = select(Relation).where(Relation.id == relation_id, Relation.project_id.in_(projects_for(user, permission)))
    return db.session.scalar(query.options(*_WITH_ALL))


def family_of(deal: Deal) -> Family:
    """The buyers of the deal's latest event with their relatives; withdrawn relations are left out."""
    buyers = deal.events[-1].buyers
    known = [_prints(buyer) for buyer in buyers]
    people = [Person(buyer.customer_name, buyer.phone, True) for buyer in buyers]
    ties: dict[tuple[int, int, str], Tie] = {}
    everybody = frozenset[bytes]().union(*known)
    for relation in of_deal(deal):
        if relation.withdrawn_at is None and any(bytes(key.fingerprint) in everybody for key in relation.keys):
            one, other = (_place(relation, side, known, people) for side in SIDES)
            drawn = ties.get((one, other, relation.kind))
            # Recorded twice, it is drawn once: as proven when one of the two is.
            if drawn is None or not drawn.proven:
                tie = Tie(one, other, relation.kind, relation.proven, relation.document)
                ties[(one, other, relation.kind)] = tie
    return Family(tuple(people), tuple(ties.values()))


def _place(relation: Relation, side: str, known: list[frozenset[bytes]], people: list[Person]) -> int:
    """Where this side of the relation stands among the people; somebody new is added."""
    prints = frozenset(bytes(key.fingerprint) for key in relation.keys if key.side == side)
    place = next((number for number, one in enumerate(known) if one & prints), None)
    if place is None:
        place = len(people)
        known.append(prints)
        people.append(Person(getattr(relation, f"{side}_name"), getattr(relation, f"{side}_phone"), False))
    return place


def _prints(buyer: DealBuyer) -> frozenset[bytes]:
    return frozenset(bytes(key.fingerprint) for key in buyer.keys)
