"""The end of a cooperation: asked for by the partner or ordered by the company, in force at its instant (DM-12.2, 12.5, 12.6).

Whoever changes how a cooperation stands holds the distributor's row first, then the file of the ending.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from portal import audit
from portal.audit import reason_digest
from portal.models import Distributor, Exit, ExitDuty, Finding, RoleGrant, User, db
from portal.models.base import event_order
from portal.one_by_one import each
from portal.queries import exits as found
from portal.queries.enforcements import step_count
from portal.rules.exits import (
    DUTIES,
    TERMINATION_CLAUSES,
    check_confirmer,
    check_move,
    check_notice,
    end_of,
)
from portal.rules.partner_states import check_step
from portal.rules.refusal import Refusal
from portal.services import documents, exit_notices
from portal.services.contract_ends import end_contracts
from portal.services.enforcements import enforce
from portal.services.partner_standing import hold, set_status
from portal.services.references import group_reference
from portal.wording.times import PORTAL_ZONE


def ask_exit(*, actor: User, reason: str, last_day: date, submission_key: str | None = None) -> Exit:
    """The partner asks in writing to leave after ``last_day`` (portal's zone); the cooperation goes on (DM-12.6).

    A form sent twice is one request. Raises Refusal when the notice is too short (DM-Q4) or the state has no such step.
    """
    distributor = _own_distributor(actor)
    now = hold(distributor)
    sent_before = found.with_submission_key(distributor.id, submission_key)
    if sent_before is not None:
        return sent_before
    step = check_step(distributor.status, "exit_requested")
    ends_at = end_of(last_day, PORTAL_ZONE)
    check_notice(now, ends_at, PORTAL_ZONE)
    asked = _begin(distributor, "voluntary", "asked", step.clause, reason, now, actor)
    asked.ends_at, asked.submission_key = ends_at, submission_key
    distributor.asked_exit_from, distributor.leaves_at = distributor.status, None
    set_status(distributor, "exit_requested", reason, now)
    _record("exit.asked", asked, actor, now, reason, until=ends_at)
    exit_notices.tell_headquarters(asked, "exit.asked", now, step.clause, until=ends_at)
    return asked


def take_back(*, actor: User, ending: Exit) -> Exit:
    """The partner stays after all; only until the company has decided. Raises Refusal afterwards."""
    if actor.distributor_id != ending.distributor_id:
        raise Refusal("exit_of_others", "DM-12.6")
    distributor, now = _hold_file(ending)
    _stay(distributor, ending, "taken_back", ending.reason, now)
    _record("exit.taken_back", ending, actor, now)
    exit_notices.tell_headquarters(ending, "exit.taken_back", now, "DM-12.6")
    return ending


def decide_exit(*, actor: User, ending: Exit, approved: bool, reason: str) -> Exit:
    """Let the partner go at the day it wished, at once when that has passed, or refuse; with a reason (DM-12.6)."""
    distributor, now = _hold_file(ending)
    _check_kind(ending, "voluntary")
    if not approved:
        _stay(distributor, ending, "refused", reason, now, actor)
        _record("exit.refused", ending, actor, now, reason)
        exit_notices.tell_owners(ending, "exit.refused", now, "DM-12.6")
        return ending
    check_move(ending.state, "approved")
    check_step(distributor.status, "exited")
    _move(ending, "approved", now, actor, reason)
    ending.ends_at = max(ending.ends_at or now, now)
    distributor.leaves_at = ending.ends_at
    db.session.flush()
    documents.order_exit_paper("exit_approval", ending, now)
    _record("exit.approved", ending, actor, now, reason, until=ending.ends_at)
    exit_notices.tell_people(ending, "exit.approved", now, "DM-12.6", until=ending.ends_at)
    return ending


def take_effect(*, ending: Exit) -> bool:
    """Carry out an approved exit whose instant has come; False when there is nothing (any more) to carry out.

    Nothing waits for this: who may act is judged by the instant itself (portal/rules/exits.py:status_at).
    """
    distributor, now = _hold_file(ending)
    if (
        ending.state != "approved"
        or ending.ends_at is None
        or ending.ends_at > now
        or distributor.status != "exit_requested"
    ):
        return False
    step, instant = check_step(distributor.status, "exited"), ending.ends_at
    ending.state, ending.effective_at = "in_force", instant
    set_status(distributor, "exited", ending.reason, instant)
    carried = enforce(
        actor=None,
        distributor=distributor,
        kind="exit",
        clause=step.clause,
        reason=ending.reason,
        now=instant,
        released_by=ending.id,
    )
    _clear_out(ending, distributor, None, instant)
    _record("exit.in_force", ending, None, now, clause=step.clause)
    _record("distributor.exited", ending, None, now, clause=step.clause, voided=step_count(carried, "void"))
    return True


def propose_termination(*, actor: User, distributor: Distributor, clause: str, reason: str) -> Exit:
    """Propose to end the cooperation; another person confirms (DM-12.2, GD-9). Raises Refusal when nothing is to be ended."""
    now = hold(distributor)
    check_step(distributor.status, "terminated")
    if clause not in TERMINATION_CLAUSES:
        raise ValueError(clause)
    if found.open_of(distributor.id, "termination") is not None:
        raise Refusal("termination_proposed", "DM-12.2")
    proposed = _begin(distributor, "termination", "proposed", clause, reason, now, actor)
    _record("exit.proposed", proposed, actor, now, reason, clause=clause)
    exit_notices.tell_headquarters(proposed, "exit.proposed", now, clause, but=actor)
    return proposed


def decide_termination(*, actor: User, ending: Exit, approved: bool, reason: str) -> Exit:
    """Confirm a proposed termination, which takes effect at once, or drop it. Raises Refusal for its own proposer's yes."""
    distributor, now = _hold_file(ending)
    _check_kind(ending, "termination")
    if not approved:
        _move(ending, "refused", now, actor, reason)
        _record("exit.dropped", ending, actor, now, reason)
        return ending
    check_confirmer(ending.asked_by_id, actor.id)
    _move(ending, "in_force", now, actor, reason)
    return _terminate(actor, distributor, ending, ending.reason, now)


def terminate(
    *, actor: User, distributor: Distributor, clause: str, reason: str, finding: Finding | None = None
) -> Exit:
    """End the cooperation at once on a decision that two persons have already made, such as a confirmed sanction (RE-4.8)."""
    now = hold(distributor)
    proposed = found.open_of(distributor.id, "termination")
    if proposed is not None:
        _overtake(proposed, now)
    ended = _begin(distributor, "termination", "in_force", clause, reason, now, None, effective_at=now)
    ended.finding_id = None if finding is None else finding.id
    ended.decided_at, ended.decided_by_id, ended.decision_reason = now, actor.id, reason
    return _terminate(actor, distributor, ended, reason, now)


def open_file(*, actor: User, distributor: Distributor) -> Exit:
    """Begin the file of a blacklisted distributor: what is still to be done before it is closed (DM-12.5, CH-5.9)."""
    now = hold(distributor)
    if distributor.status != "blacklisted" or found.open_of(distributor.id, "blacklist") is not None:
        raise Refusal("exit_not_open", "DM-12.5")
    since, reason = distributor.status_since, distributor.status_reason or ""
    begun = _begin(distributor, "blacklist", "in_force", "RE-5.4", reason, now, actor, effective_at=since)
    _clear_out(begun, distributor, actor, now)
    _record("exit.in_force", begun, actor, now, clause="RE-5.4")
    return begun


def overtake_stale(*, now: datetime) -> int:
    """Put down as overtaken what something stronger has ended, a blacklisting for instance; how many."""
    return each(found.stale(), lambda one: _overtake(one, now))


def _terminate(actor: User, distributor: Distributor, ended: Exit, reason: str, now: datetime) -> Exit:
    check_step(distributor.status, "terminated")
    for pending in found.pending_of(distributor.id):
        _overtake(pending, now)
    ended.effective_at = now
    set_status(distributor, "terminated", reason, now)
    carried = enforce(
        actor=actor,
        distributor=distributor,
        kind="terminate",
        clause="DM-12.5",
        reason=reason,
        now=now,
        finding=None if ended.finding_id is None else db.session.get_one(Finding, ended.finding_id),
    )
    _clear_out(ended, distributor, actor, now)
    documents.order_exit_paper("termination_letter", ended, now)
    voided = step_count(carried, "void")
    _record("distributor.terminated", ended, actor, now, reason, clause=ended.clause, voided=voided)
    return ended


def _own_distributor(actor: User) -> Distributor:
    if actor.distributor_id is None:
        raise Refusal("no_distributor", "RE-1.1")
    return db.session.get_one(Distributor, actor.distributor_id)


def _hold_file(ending: Exit) -> tuple[Distributor, datetime]:
    """Hold the distributor, then the file, both read afresh; returns the time from here on."""
    distributor = db.session.get_one(Distributor, ending.distributor_id)
    now = hold(distributor)
    db.session.refresh(ending, ["state", "ends_at", "asked_by_id", "settlement"], with_for_update=True)
    return distributor, now


def _begin(
    distributor: Distributor,
    kind: str,
    state: str,
    clause: str,
    reason: str,
    now: datetime,
    actor: User | None,
    effective_at: datetime | None = None,
) -> Exit:
    """A new file with its checklist."""
    begun = Exit(
        reference=group_reference("TC", db.session.scalar(event_order.next_value()) or 0, now),
        distributor_id=distributor.id,
        kind=kind,
        state=state,
        clause=clause,
        reason=reason,
        asked_at=now,
        asked_by_id=None if actor is None else actor.id,
        effective_at=effective_at,
        duties=[ExitDuty(kind=duty.kind, state="open") for duty in DUTIES],
        signatures=[],
    )
    begun.distributor = distributor
    db.session.add(begun)
    db.session.flush()
    return begun


def _stay(
    distributor: Distributor, ending: Exit, state: str, reason: str, now: datetime, actor: User | None = None
) -> None:
    """The cooperation goes on as it was before the request. Raises Refusal once something stronger came between."""
    check_move(ending.state, state)
    # A suspension that came after the request is lifted by whoever lifts suspensions, not by staying (DM-12.1).
    if distributor.status != "exit_requested":
        raise Refusal("exit_not_open", "DM-12.6")
    before = distributor.asked_exit_from or "active"
    check_step(distributor.status, before)
    _move(ending, state, now, actor, reason)
    distributor.asked_exit_from = distributor.leaves_at = None
    set_status(distributor, before, reason, now)


def _check_kind(ending: Exit, kind: str) -> None:
    """Raises Refusal where a request would be answered like a proposal, or the other way round."""
    if ending.kind != kind:
        raise Refusal("exit_not_open", "DM-12.6")


def _move(ending: Exit, state: str, now: datetime, actor: User | None, reason: str | None) -> None:
    check_move(ending.state, state)
    if state == "in_force":
        ending.effective_at = now
    if actor is not None:
        ending.decided_at, ending.decided_by_id, ending.decision_reason = now, actor.id, reason
    ending.state = state


def _overtake(ending: Exit, now: datetime) -> int:
    check_move(ending.state, "overtaken")
    ending.state = "overtaken"
    db.session.flush()
    _record("exit.overtaken", ending, None, now)
    return 1


def _clear_out(ending: Exit, distributor: Distributor, actor: User | None, now: datetime) -> None:
    """Contracts end, and the accounts of everybody but the owner are closed (DM-12.5)."""
    end_contracts(actor=actor, distributor=distributor, at=now, clause=ending.clause, reason=ending.reason)
    for person in _brokers(distributor.id):
        person.disabled_at, person.session_epoch = now, person.session_epoch + 1
        audit.record("user.disabled", person, actor=actor, now=now)
    db.session.flush()


def _brokers(distributor_id: int) -> Sequence[User]:
    owners = select(RoleGrant.user_id).where(RoleGrant.role == "owner")
    query = select(User).where(
        User.distributor_id == distributor_id, User.disabled_at.is_(None), User.id.not_in(owners)
    )
    return db.session.scalars(query.order_by(User.id)).unique().all()


def _record(
    verb: str,
    ending: Exit,
    actor: User | None,
    now: datetime,
    reason: str | None = None,
    *,
    clause: str = "DM-12.6",
    **facts: Any,
) -> None:
    """In the history of the distributor, where everything about the cooperation stands together."""
    digest: dict[str, Any] = {} if reason is None else {"reason_digest": reason_digest(reason)}
    distributor = db.session.get_one(Distributor, ending.distributor_id)
    audit.record(verb, distributor, actor=actor, now=now, clause=clause, reference=ending.reference, **digest, **facts)
