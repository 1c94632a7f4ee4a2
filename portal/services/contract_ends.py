"""How contracts end: before their time, and the decision whether to renew one (CH-5.9, DM-10.4). Expiry needs no command."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from portal import audit, clock
from portal.audit import reason_digest
from portal.models import Contract, Distributor, User, db
from portal.queries.contracts import later_of
from portal.rules.contract_states import check_may_sign
from portal.rules.refusal import Refusal
from portal.services import contract_drafts, contract_notices
from portal.services.contract_locks import hold
from portal.services.editions import NO_PAGE, Seen, check_read
from portal.services.locks import hold_distributor


def end_contracts(*, actor: User | None, distributor: Distributor, at: datetime, clause: str, reason: str) -> int:
    """End every contract of the distributor at ``at`` and give up what is not signed; how many ended.

    Running it again changes nothing: for termination, exit and blacklist (DM-12.5, CH-5.9, RE-5.4).
    """
    held = hold_distributor(distributor.id)
    query = select(Contract).where(
        Contract.distributor_id == held.id,
        Contract.signed_at.is_not(None),
        or_(Contract.ends_at.is_(None), Contract.ends_at > at),
    )
    found = db.session.scalars(query.with_for_update().order_by(Contract.id)).all()
    now = clock.now()
    ended = sum(_end(contract, actor, max(at, now), clause, reason, now) for contract in found)
    contract_drafts.withdraw_open(actor=actor, distributor=held, now=now)
    return ended


def decide_renewal(*, actor: User, contract: Contract, renew: bool, reason: str, seen: Seen = NO_PAGE) -> Contract:
    """Renew or let it end, with the reason; told to the partner (DM-10.4). Decided anew while nothing follows from it.

    The same decision sent again is told once. Raises Refusal when somebody has decided since the actor opened the page, and
    to renew with a distributor that has left or is about to (DM-12.5).
    """
    distributor, now = hold(contract)
    if contract.signed_at is None or contract.ended_at is not None or contract.ends_at is None:
        raise Refusal("contract_not_in_force", "DM-10.4")
    if contract.ends_at <= now:
        raise Refusal("contract_term_over", "DM-10.4", ends_at=contract.ends_at)
    if renew:
        check_may_sign(distributor.status)
    _check_nothing_follows(contract)
    decided = ("renew" if renew else "end"), reason, actor.id
    if decided == (contract.renewal, contract.renewal_reason, contract.renewal_decided_by_id):
        return contract
    check_read(seen, decided_values(contract))
    contract.renewal, contract.renewal_reason = decided[:2]
    contract.renewal_decided_by_id, contract.renewal_decided_at = actor.id, now
    db.session.flush()
    audit.record(
        "contract.renewal_decided",
        contract,
        actor=actor,
        now=now,
        clause="DM-10.4",
        reference=contract.reference,
        renewal=contract.renewal,
        reason_digest=reason_digest(reason),
    )
    kind = "contract.to_renew" if renew else "contract.not_renewed"
    contract_notices.tell_owners(contract, kind, "DM-10.4", now, until=contract.ends_at, occasion=now.isoformat())
    return contract


def decided_values(contract: Contract) -> dict[str, Any]:
    """What has been decided about the contract's renewal."""
    return {"renewal": contract.renewal, "reason": contract.renewal_reason}


def _check_nothing_follows(contract: Contract) -> None:
    if later_of(contract).renewal is not None:
        raise Refusal("renewal_under_way", "DM-10.4")


def _end(contract: Contract, actor: User | None, at: datetime, clause: str, reason: str, now: datetime) -> bool:
    last = min((end for end in (contract.ends_at, contract.ended_at) if end is not None), default=None)
    if last is not None and last <= at:
        return False
    contract.ended_at, contract.ended_clause, contract.ended_reason = at, clause, reason
    contract.ended_by_id = actor.id if actor else None
    db.session.flush()
    audit.record(
        "contract.ended",
        contract,
        actor=actor,
        now=now,
        clause=clause,
        reference=contract.reference,
        until=at,
        reason_digest=reason_digest(reason),
    )
    contract_notices.tell_owners(contract, "contract.ended", clause, now, until=at)
    return True
