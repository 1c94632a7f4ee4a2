"""Ruling a deal event: what is considered is gathered and held, the rule is asked, the ruling is kept (RE-8)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from portal import audit
from portal.models import Deal, DealEvent, Distributor, Finding, Project, Registration, Ruling, User, db
from portal.models.base import event_order
from portal.queries import cases
from portal.queries.cases import Kin, Prints
from portal.rules.attribution import Attribution, Candidate, Case, attribute
from portal.rules.case_records import digest_of, outcome_of, record_of
from portal.rules.near_matches import names_the_same_person
from portal.services import identities, policies
from portal.services.customers import Customer, customer_of
from portal.services.references import reference


@dataclass(frozen=True, slots=True)
class Circle:
    """The buyers of an event and their proven relatives: everybody whose registrations may take part."""

    project: Project
    buyers: tuple[Prints, ...]
    kin: tuple[Kin, ...]

    @property
    def prints(self) -> Prints:
        return frozenset[bytes]().union(*self.buyers, *(kin.prints for kin in self.kin))


@dataclass(frozen=True, slots=True)
class Heard:
    """A ruling before it is kept: the case, what is said of it, and the registrations by their order of recording.

    ``finding``: the confirmed finding after which headquarters decided anew (RE-8.5).
    """

    case: Case
    attribution: Attribution
    registrations: dict[int, Registration]
    finding: Finding | None = None

    @property
    def facts(self) -> dict[str, Any]:
        """Everything that the ruling rests on, as it is kept."""
        record = record_of(self.case)
        return (
            record
            if self.finding is None
            else record | {"decided_anew": {"registration": self.attribution.registration}}
        )


def circle_of(project: Project, buyers: Iterable[Iterable[bytes]]) -> Circle:
    """The circle of these buyers, each given by its fingerprints."""
    known = tuple(frozenset(prints) for prints in buyers)
    return Circle(project, known, tuple(cases.relatives(project.id, known)))


def circle_of_event(event: DealEvent, project: Project) -> Circle:
    """The circle of a recorded event; its relatives are those proven by now."""
    return circle_of(project, ([bytes(key.fingerprint) for key in buyer.keys] for buyer in event.buyers))


def hold(circle: Circle, *groups: identities.Fingerprints) -> datetime:
    """Hold everything that a ruling on this circle reads or changes; returns the time from here on.

    Distributors first, then the identities, like every command; the registrations follow when they are read. Distributors
    whose first registration appears meanwhile are not held: a filing of this moment has no visit and cannot win.
    """
    ids = cases.matching_keys(circle.project.id, circle.prints, _LATEST)
    _lock_distributors(cases.distributors_of(ids))
    return identities.lock(circle.project.id, *groups, *({**kin.keys} for kin in circle.kin))


def hear(
    event: DealEvent,
    circle: Circle,
    *,
    with_claims: bool = True,
    accepted: Collection[int] = (),
    lock: bool = True,
) -> Heard:
    """Ask the rule whose the deal is at ``event``. ``with_claims``: those made on the deal by now are heard (RE-Q49).

    ``accepted`` are the ids of registrations whose near match a named person takes for right (RE-Q25). Without ``lock``
    nothing is held: for looking, never for keeping.
    """
    claims = cases.claims_on(event.deal_id) if with_claims else []
    claimants = {claim.distributor_id for claim in claims}
    keys = cases.matching_keys(circle.project.id, circle.prints, event.seq)
    rows = cases.registrations(keys.keys() | _wrong_ones_of(claimants, event), lock=lock)
    candidates = [_candidate(row, keys.get(row.id, frozenset()), circle, row.id in accepted) for row in rows]
    terms = policies.in_force(circle.project.id, event.happened_at).terms
    case = Case(
        at=event.happened_at,
        seq=event.seq,
        tie_break=terms.tie_break,
        candidates=tuple(candidates),
        claimants=frozenset(claimants),
    )
    return Heard(case, attribute(case), {row.seq: row for row in rows})


def keep(
    heard: Heard,
    *,
    event: DealEvent,
    deal: Deal,
    origin: str,
    actor: User | None,
    now: datetime,
    reason: str | None = None,
) -> Ruling:
    """Write the ruling, make it the deal's, and freeze the winner's registration alone (RE-Q27, RE-F2)."""
    project = deal.project
    before = latest_of(deal)
    facts, outcome = heard.facts, outcome_of(heard.attribution)
    seq = db.session.scalar(event_order.next_value())
    winner = heard.registrations.get(heard.attribution.registration or 0)
    ruling = Ruling(
        seq=seq,
        reference=reference("ruling", project, seq, now),
        project_id=project.id,
        deal_id=deal.id,
        event_id=event.id,
        policy_id=policies.in_force(project.id, event.happened_at).id,
        origin=origin,
        owner_id=heard.attribution.owner,
        registration_id=None if winner is None else winner.id,
        clause=heard.attribution.clause,
        facts=facts,
        outcome=outcome,
        digest=digest_of(facts, outcome),
        reason=reason,
        confirmed_by_id=None if actor is None else actor.id,
        decided_at=now,
        supersedes_id=None if before is None else before.id,
        finding_id=None if heard.finding is None else heard.finding.id,
    )
    ruling.deal, ruling.event, ruling.parties = deal, event, []
    db.session.add(ruling)
    db.session.flush()
    _settle(deal, ruling, winner, event)
    audit.record(
        f"ruling.{origin}",
        ruling,
        actor=actor,
        now=now,
        clause=ruling.clause,
        reference=ruling.reference,
        deal=deal.reference,
        digest=ruling.digest,
    )
    return ruling


def latest_of(deal: Deal) -> Ruling | None:
    """The ruling that holds now."""
    query = select(Ruling).where(Ruling.deal_id == deal.id).order_by(Ruling.seq.desc()).limit(1)
    return db.session.scalar(query)


_LATEST = 2**62


def _lock_distributors(ids: Sequence[int]) -> None:
    query = select(Distributor.id).where(Distributor.id.in_(ids)).order_by(Distributor.id).with_for_update(read=True)
    db.session.execute(query).all()


def _wrong_ones_of(claimants: set[int], event: DealEvent) -> set[int]:
    """Of those who claimed, the registrations that name a buyer with wrong data (RE-8.7)."""
    if not claimants:
        return set()
    buyers = [customer_of(buyer) for buyer in event.buyers]
    filed = cases.filed_by(claimants, event.project_id, event.seq)
    return {row.id for row in filed if _names_a_buyer(customer_of(row), buyers)}


def _names_a_buyer(filed: Customer, buyers: Iterable[Customer]) -> bool:
    return any(
        names_the_same_person(filed.name, buyer.name, ((filed.phone, buyer.phone), (filed.id_number, buyer.id_number)))
        for buyer in buyers
    )


def _candidate(row: Registration, keys: Prints, circle: Circle, accepted: bool) -> Candidate:
    buyers = frozenset(place for place, prints in enumerate(circle.buyers) if prints & keys)
    relative_of = frozenset(kin.buyer for kin in circle.kin if kin.prints & keys)
    return Candidate(
        distributor=row.distributor_id,
        registration=row.facts(),
        buyers=buyers,
        relative_of=relative_of,
        incorrect=not buyers and not relative_of,
        accepted=accepted,
    )


def _settle(deal: Deal, ruling: Ruling, winner: Registration | None, event: DealEvent) -> None:
    released = deal.registration_id if winner is None or deal.registration_id != winner.id else None
    moved = deal.settled and deal.owner_id != ruling.owner_id
    deal.owner_id, deal.clause = ruling.owner_id, ruling.clause
    deal.registration_id = None if winner is None else winner.id
    deal.frozen_at = None if winner is None else event.happened_at
    deal.settled = deal.settled or winner is not None or moved
    db.session.flush()
    if winner is not None and winner.frozen_at is None:
        winner.frozen_at = event.happened_at
    if released is not None:
        _release(released)
    db.session.flush()


def _release(registration_id: int) -> None:
    """A registration that no deal rests on any more is no longer frozen (RE-F17)."""
    still = select(Deal.id).where(Deal.registration_id == registration_id).exists()
    db.session.execute(
        update(Registration)
        .where(Registration.id == registration_id, ~still)
        .values(frozen_at=None)
        .execution_options(synchronize_session="fetch")
    )
