"""Suspending, blacklisting and reinstating a distributor, and what follows at once (RE-5.4, DM-12.1, RE-Q34, RE-Q46)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from portal import audit
from portal.audit import reason_digest
from portal.models import Distributor, Finding, User, db
from portal.queries.enforcements import step_count
from portal.rules.partner_states import TRANSITIONS, check_step
from portal.rules.refusal import Refusal
from portal.services.enforcements import enforce
from portal.services.partner_standing import hold


def suspend(*, actor: User, distributor: Distributor, reason: str, finding: Finding | None = None) -> Distributor:
    """No new filings, claims or extensions; what runs keeps running to its end (DM-12.1, RE-Q34)."""
    now = hold(distributor)
    if (distributor.status, "suspended") not in TRANSITIONS:
        raise Refusal("only_active_is_suspended", "DM-12.1")
    running = _change(actor, distributor, "suspend", reason, now, finding, "keep")
    _record("distributor.suspended", distributor, actor, now, "DM-12.1", reason, running=running)
    return distributor


def blacklist(*, actor: User, distributor: Distributor, reason: str, finding: Finding | None = None) -> Distributor:
    """End the cooperation: sessions end, running holds and protections without a deal are void, requests lapse (RE-Q34)."""
    now = hold(distributor)
    if distributor.status == "blacklisted":
        raise Refusal("already_blacklisted", "RE-5.4")
    check_step(distributor.status, "blacklisted")
    voided = _change(actor, distributor, "blacklist", reason, now, finding, "void")
    _record("distributor.blacklisted", distributor, actor, now, "RE-5.4", reason, voided=voided)
    return distributor


def reinstate(*, actor: User, distributor: Distributor, reason: str, finding: Finding | None = None) -> Distributor:
    """Take the distributor back. What was voided stays void (RE-Q46)."""
    now = hold(distributor)
    if distributor.status not in {"suspended", "blacklisted", "terminated"}:
        raise Refusal("only_stopped_is_reinstated", "DM-12.1")
    _change(actor, distributor, "reinstate", reason, now, finding, "stay_void")
    _record("distributor.reinstated", distributor, actor, now, "DM-12.1", reason)
    return distributor


#: Kind of enforcement -> the state that it leads to, and the clause it cites.
_AFTER = {
    "suspend": ("suspended", "DM-12.1"),
    "blacklist": ("blacklisted", "RE-5.4"),
    "reinstate": ("active", "DM-12.1"),
}


def _change(
    actor: User, distributor: Distributor, kind: str, reason: str, now: datetime, finding: Finding | None, counted: str
) -> int:
    """Set the status and carry it out; what the step ``counted`` counted."""
    status, clause = _AFTER[kind]
    distributor.status, distributor.status_since, distributor.status_reason = status, now, reason
    db.session.flush()
    enforcement = enforce(
        actor=actor, distributor=distributor, kind=kind, clause=clause, reason=reason, now=now, finding=finding
    )
    return step_count(enforcement, counted)


def _record(
    verb: str, distributor: Distributor, actor: User, now: datetime, clause: str, reason: str, **facts: Any
) -> None:
    digest = reason_digest(reason)
    audit.record(verb, distributor, actor=actor, now=now, clause=clause, reason_digest=digest, **facts)
