"""What is on record about the buyers of a deal event: registrations, relatives, claims. For the rules and the decider only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import BindParameter, bindparam, select, union_all
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import LargeBinary

from portal.models import Claim, DealEvent, FormerKey, Registration, RegistrationKey, Relation, RelationKey, db
from portal.models.relations import SIDES

Prints = frozenset[bytes]
_FINGERPRINTS = bindparam("fingerprints", type_=ARRAY(LargeBinary))
_SEQ: BindParameter[int] = bindparam("seq")

# The keys as they were when the event was recorded: later corrections count for later deals only (RE-F18).
_MATCHING = union_all(
    select(RegistrationKey.registration_id, RegistrationKey.fingerprint).where(
        RegistrationKey.project_id == bindparam("project_id"),
        RegistrationKey.fingerprint == _FINGERPRINTS.any_(),
        RegistrationKey.since_seq < _SEQ,
    ),
    select(FormerKey.registration_id, FormerKey.fingerprint).where(
        FormerKey.project_id == bindparam("project_id"),
        FormerKey.fingerprint == _FINGERPRINTS.any_(),
        FormerKey.since_seq < _SEQ,
        FormerKey.until_seq > _SEQ,
    ),
)
_RELATIONS = (
    select(Relation)
    .where(
        Relation.id.in_(
            select(RelationKey.relation_id).where(
                RelationKey.project_id == bindparam("project_id"), RelationKey.fingerprint == _FINGERPRINTS.any_()
            )
        ),
        Relation.proven,
        Relation.withdrawn_at.is_(None),
    )
    .order_by(Relation.id)
)


@dataclass(frozen=True, slots=True)
class Kin:
    """A proven relative of the buyer at ``buyer``: the keys it is known by, and the relation that proves it."""

    buyer: int
    keys: Mapping[str, bytes]
    relation: Relation

    @property
    def prints(self) -> Prints:
        return frozenset(self.keys.values())


def relatives(project_id: int, buyers: Sequence[Prints]) -> list[Kin]:
    """The proven relatives of each buyer (RE-8.8): one step, never from relative to relative (RE-F4)."""
    everybody = frozenset[bytes]().union(*buyers)
    values = {"project_id": project_id, "fingerprints": list(everybody)}
    found = []
    for relation in db.session.scalars(_RELATIONS, values).all():
        sides = {side: _keys_of(relation, side) for side in SIDES}
        for mine, theirs in (SIDES, SIDES[::-1]):
            known = frozenset(sides[mine].values())
            found += [Kin(place, sides[theirs], relation) for place, prints in enumerate(buyers) if prints & known]
    return found


def matching_keys(project_id: int, prints: Iterable[bytes], seq: int) -> dict[int, Prints]:
    """By registration: which of ``prints`` it carried when the event ``seq`` was recorded (RE-Q49)."""
    values = {"project_id": project_id, "fingerprints": list(prints), "seq": seq}
    found: dict[int, set[bytes]] = {}
    for registration_id, fingerprint in db.session.execute(_MATCHING, values):
        found.setdefault(registration_id, set()).add(bytes(fingerprint))
    return {registration_id: frozenset(prints) for registration_id, prints in found.items()}


def registrations(ids: Iterable[int], *, lock: bool) -> Sequence[Registration]:
    """These registrations read afresh, in the order of their ids; with ``lock`` nobody changes them until we have decided."""
    query = select(Registration).where(Registration.id.in_(list(ids))).order_by(Registration.id)
    if lock:
        query = query.with_for_update(of=Registration)
    return db.session.scalars(query.execution_options(populate_existing=True)).all()


def filed_by(distributor_ids: Iterable[int], project_id: int, seq: int) -> Sequence[Registration]:
    """Every registration of these distributors in the project filed before ``seq``: a claim may rest on wrong data."""
    query = select(Registration).where(
        Registration.project_id == project_id,
        Registration.distributor_id.in_(list(distributor_ids)),
        Registration.seq < seq,
    )
    return db.session.scalars(query).all()


def claims_on(deal_id: int) -> Sequence[Claim]:
    """The claims on any event of this deal, in the order in which they were made."""
    of_deal = select(DealEvent.id).where(DealEvent.deal_id == deal_id)
    return db.session.scalars(select(Claim).where(Claim.event_id.in_(of_deal)).order_by(Claim.seq)).all()


def distributors_of(registration_ids: Iterable[int]) -> list[int]:
    """Whose registrations these are, in the order in which their distributors are locked."""
    query = select(Registration.distributor_id).where(Registration.id.in_(list(registration_ids))).distinct()
    return sorted(db.session.scalars(query).all())


def _keys_of(relation: Relation, side: str) -> dict[str, bytes]:
    return {key.kind: bytes(key.fingerprint) for key in relation.keys if key.side == side}
