"""Urging, warning, downgrading and their end: what missed targets and assessments lead to (DM-11.3, CH-14.2, CH-14.4)."""

from __future__ import annotations

from datetime import datetime

from portal import audit, clock
from portal.audit import reason_digest
from portal.models import Distributor, User, db
from portal.rules.partner_states import check_step
from portal.rules.refusal import Refusal
from portal.services import notices
from portal.services.exit_notices import people_of
from portal.services.locks import hold_distributor


def urge(*, actor: User, distributor: Distributor, reason: str) -> Distributor:
    """Urge a distributor that misses its targets; it goes on working with us (CH-14.4). Raises Refusal otherwise."""
    return _change(actor, distributor, "urge", "urged", reason)


def warn(*, actor: User, distributor: Distributor, reason: str) -> Distributor:
    """Warn a distributor; it goes on working with us (DM-11.3). Raises Refusal from a state without that step."""
    return _change(actor, distributor, "warn", "warned", reason)


def downgrade(*, actor: User, distributor: Distributor, reason: str) -> Distributor:
    """Put a warned distributor down after another failed assessment (DM-11.3). Raises Refusal otherwise."""
    return _change(actor, distributor, "downgrade", "downgraded", reason)


def recover(*, actor: User, distributor: Distributor, reason: str) -> Distributor:
    """End an urging, a warning or a downgrading (CH-14.4, CM-3.5). Raises Refusal otherwise."""
    return _change(actor, distributor, "recover", "active", reason)


def hold(distributor: Distributor) -> datetime:
    """Wait for every filing of this distributor in flight; those that come later see what is decided now."""
    hold_distributor(distributor.id)
    return clock.now()


def set_status(distributor: Distributor, status: str, reason: str, since: datetime) -> None:
    """The new status from ``since`` (UTC) on; the row is held and the step was checked."""
    distributor.status, distributor.status_since, distributor.status_reason = status, since, reason
    db.session.flush()


def _change(actor: User, distributor: Distributor, event: str, status: str, reason: str) -> Distributor:
    now = hold(distributor)
    step = check_step(distributor.status, status)
    # The same two states are also joined by other steps, which have their own commands: a return, an exit taken back.
    if step.event != event:
        raise Refusal("partner_step_not_possible", step.clause, before=distributor.status, after=status)
    set_status(distributor, status, reason, now)
    verb, occasion = f"distributor.{_DONE[event]}", f"distributor:{distributor.id}:{now:%Y%m%d%H%M%S}"
    digest = reason_digest(reason)
    audit.record(verb, distributor, actor=actor, now=now, clause=step.clause, reason_digest=digest)
    notices.tell(people_of(distributor.id), verb, distributor, occasion, step.clause, now=now)
    return distributor


_DONE = {"urge": "urged", "warn": "warned", "downgrade": "downgraded", "recover": "recovered"}
