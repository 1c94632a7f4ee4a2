"""The order of the first-visit flow: desk, audit, signature, entry (RE-3.3 to 3.7; RE-F8)."""

from __future__ import annotations

from dataclasses import dataclass

from portal.rules.refusal import Refusal

_ENDED_BY = {"audit_failed": "RE-3.3", "company_record": "RE-4.1", "late": "RE-2.4"}


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowState:
    """How far a visit has come, and what became of its registration."""

    result: str
    audited: bool = False
    signed_off: bool = False
    entered: bool = False
    outcome: str | None = None
    outcome_clause: str | None = None
    auditor_id: int | None = None


def check_audit(state: FlowState) -> None:
    """Raises Refusal unless the back office may audit now."""
    _check_alive(state)
    if state.audited:
        raise Refusal("already_audited", "RE-3.7")


def check_sign_off(state: FlowState, leader_id: int) -> None:
    """Raises Refusal unless this leader may sign now; never the auditor's own audit (RE-3.4)."""
    _check_alive(state)
    if not state.audited:
        raise Refusal("not_audited_yet", "RE-3.7")
    if state.signed_off:
        raise Refusal("already_signed_off", "RE-3.7")
    if state.auditor_id == leader_id:
        raise Refusal("own_audit", "RE-3.4")


def check_entry(state: FlowState) -> None:
    """Raises Refusal unless the consultant may enter the customer now."""
    _check_alive(state)
    if not state.signed_off:
        raise Refusal("not_signed_off_yet", "RE-3.7")
    if state.entered:
        raise Refusal("already_entered", "RE-3.7")


def _check_alive(state: FlowState) -> None:
    """A failed or voided registration does not go on (RE-F8); nor does a visit that never became one."""
    if state.outcome is not None:
        raise Refusal("registration_ended", _ENDED_BY.get(state.outcome, state.outcome_clause))
    if state.result != "registered":
        raise Refusal("visit_not_registered", "RE-3.7")
