"""Recomputing a ruling from what was stored with it: the same, or what differs (RE-8.3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from portal import clock
from portal.models import DealEvent, Registration, Ruling, db
from portal.rules.case_records import digest_of, replay
from portal.services import policies


@dataclass(frozen=True, slots=True)
class Replay:
    """``differences`` are codes, each with what it is about after a colon; none: the ruling comes out the same."""

    ruling: Ruling
    at: datetime
    differences: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether today's rules say of the stored facts what was ruled, and the facts are what they were."""
        return not self.differences


def replay_ruling(ruling: Ruling) -> Replay:
    """Recompute ``ruling`` (loaded with its policy). Reads only."""
    return Replay(ruling, clock.now(), tuple(_differences(ruling)))


def _differences(ruling: Ruling) -> Iterator[str]:
    if digest_of(ruling.facts, ruling.outcome) != ruling.digest:
        yield "digest"
    yield from _policy(ruling)
    yield from _columns(ruling)
    yield from _recorded(ruling)
    yield from _outcome(ruling)


def _policy(ruling: Ruling) -> Iterator[str]:
    """The policy that ruled the event is the one named, and its text is what was published."""
    policy = ruling.policy
    if policies.document_digest(policy.document) != policy.digest:
        yield f"policy_changed:{policy.code}-{policy.version}"
    event = db.session.get_one(DealEvent, ruling.event_id)
    if policies.in_force(ruling.project_id, event.happened_at).id != policy.id:
        yield f"policy_other:{policy.code}-{policy.version}"


def _columns(ruling: Ruling) -> Iterator[str]:
    """What lists read agrees with the outcome that was digested."""
    seq = None
    if ruling.registration_id is not None:
        seq = db.session.scalar(select(Registration.seq).where(Registration.id == ruling.registration_id))
    kept = {"owner": ruling.owner_id, "registration": seq, "clause": ruling.clause}
    for name, value in kept.items():
        if ruling.outcome.get(name) != value:
            yield f"column:{name}"


def _recorded(ruling: Ruling) -> Iterator[str]:
    """What never changes on record still is as it was when it was ruled: whose, when filed, when the buyer acted."""
    event = db.session.get_one(DealEvent, ruling.event_id)
    facts = ruling.facts
    if (event.seq, event.happened_at) != (facts["seq"], datetime.fromisoformat(facts["at"])):
        yield f"event:{event.reference}"
    kept = {one["registration"]["seq"]: one for one in facts["candidates"]}
    query = select(Registration).where(Registration.seq.in_(kept))
    found = {row.seq: row for row in db.session.scalars(query)}
    for seq, one in sorted(kept.items()):
        row = found.get(seq)
        filed_at = datetime.fromisoformat(one["registration"]["filed_at"])
        if row is None or (row.distributor_id, row.filed_at) != (one["distributor"], filed_at):
            yield f"registration:{seq if row is None else row.reference}"


def _outcome(ruling: Ruling) -> Iterator[str]:
    try:
        again = replay(ruling.facts)
    except (KeyError, ValueError, TypeError):
        yield "unreadable"
        return
    for name, value in again.items():
        if ruling.outcome.get(name) != value:
            yield f"outcome:{name}"
