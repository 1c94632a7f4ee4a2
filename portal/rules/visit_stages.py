"""Where a visit stands in the first-visit flow and whose turn it is (RE-3.2 to RE-3.7). Pure."""

from __future__ import annotations

from dataclasses import dataclass

#: The steps of the flow in their order, each with the stage in which it waits to be done.
STEPS = (
    ("desk", "awaiting_signatures"),
    ("audit", "awaiting_audit"),
    ("sign_off", "awaiting_sign_off"),
    ("entry", "awaiting_entry"),
)
#: Stages in which reception has something to do or to explain.
AT_THE_DESK = frozenset({"awaiting_signatures", "declined", "awaiting_excuse", "late"})
#: Stages in which the slip may still be signed.
SLIP_OPEN = frozenset({"awaiting_signatures", "declined", "late"})
IN_THE_FLOW = frozenset({"awaiting_audit", "awaiting_sign_off", "awaiting_entry"})


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitState:
    """What is known of a visit. ``outcome`` is its registration's; ``same_day``: the slip can still be signed today.

    ``declined``: somebody who has not signed has said that he will not. ``excuse_declined``: by the leader, RE-Q4.
    """

    result: str
    clause: str | None
    outcome: str | None
    same_day: bool
    signed: bool
    audit_result: str | None = None
    signed_off: bool = False
    entered: bool = False
    in_hold: bool = True
    declined: bool = False
    excuse_declined: bool = False


def stage_of(visit: VisitState) -> str:
    """The name of the stage, a state of portal/wording/statuses.py.

    ``late``: too late but inside its hold, so that a leader may excuse it once the slip is signed (RE-F9).
    """
    if visit.result == "unsigned":
        return _desk_stage(visit)
    if visit.result == "natural" and visit.clause == "RE-2.4" and visit.outcome == "late" and visit.in_hold:
        return _late_stage(visit)
    if visit.result != "registered":
        return visit.result
    return _flow_stage(visit)


def _desk_stage(visit: VisitState) -> str:
    """Unsigned is unsigned, refused or not (RE-3.2); on the same day a refusal may be thought over."""
    if not visit.same_day:
        return "unsigned_closed"
    return "declined" if visit.declined else "awaiting_signatures"


def _late_stage(visit: VisitState) -> str:
    if visit.signed:
        return "excuse_declined" if visit.excuse_declined else "awaiting_excuse"
    return "late" if visit.same_day else "natural"


def _flow_stage(visit: VisitState) -> str:
    if visit.audit_result in {"failed", "company_record"}:
        return "audit_failed"
    if visit.entered:
        return "entered"
    if visit.outcome is not None:
        return "void"
    if visit.audit_result is None:
        return "awaiting_audit"
    return "awaiting_entry" if visit.signed_off else "awaiting_sign_off"


def steps_of(stage: str) -> tuple[tuple[str, str], ...]:
    """Each step of the flow with its look: done, here, bad or nothing yet."""
    if stage == "entered":
        return tuple((name, "done") for name, _ in STEPS)
    broken = {
        "audit_failed": "audit",
        "declined": "desk",
        "late": "desk",
        "awaiting_excuse": "desk",
        "excuse_declined": "desk",
        "natural": "desk",
        "refused": "desk",
    }
    here = broken.get(stage) or next((name for name, waiting in STEPS if waiting == stage), None)
    looks, look = [], "done" if here else ""
    for name, _ in STEPS:
        if name == here:
            looks.append((name, "bad" if stage in broken else "here"))
            look = ""
        else:
            looks.append((name, look))
    return tuple(looks)
