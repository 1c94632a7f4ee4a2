"""What an arrival at the front desk comes out as (RE-2.4, 2.9, 4.1; RE-Q47, Q48; RE-F5 to F7).

The rules are asked in order; the first that speaks decides and names its clause.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from portal.rules.standing import RegistrationFacts, standing_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """The facts at the desk. ``registration`` is None when nothing fitting was filed."""

    at: datetime
    distributor_status: str
    registration: RegistrationFacts | None
    in_time: bool = True
    signed: bool = True
    older_company_record: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """``result`` as put on record; ``outcome`` ends the registration; ``leaves_record``: a natural visit is written down."""

    result: str
    clause: str | None = None
    outcome: str | None = None
    leaves_record: bool = False


ArrivalRule = Callable[[Arrival], Verdict | None]


def judge_arrival(arrival: Arrival) -> Verdict:
    """The verdict at the front desk, before the audit. Registered means: the flow of RE-3 begins."""
    for rule in DESK_RULES:
        verdict = rule(arrival)
        if verdict is not None:
            return verdict
    return Verdict("registered")


def judge_audit(arrival: Arrival) -> Verdict:
    """The verdict of the audit on a registered visit: an older company record refuses it (RE-4.1)."""
    if arrival.older_company_record:
        return Verdict("refused", "RE-4.1", outcome="company_record")
    return Verdict("audited")


def _blacklisted_brings_nobody(arrival: Arrival) -> Verdict | None:
    if arrival.distributor_status == "blacklisted":
        return Verdict("refused", "RE-5.4", leaves_record=True)
    return None


def _nothing_filed(arrival: Arrival) -> Verdict | None:
    """No visit is credited without an earlier filing (RE-2.1)."""
    return Verdict("natural", "RE-2.4", leaves_record=True) if arrival.registration is None else None


def _refused_before(arrival: Arrival) -> Verdict | None:
    """A company record refuses again; late, failed and void ones bring a natural visit (RE-F7)."""
    outcome = arrival.registration.outcome if arrival.registration else None
    if outcome is None:
        return None
    if outcome == "company_record":
        return Verdict("refused", "RE-4.1")
    return Verdict("natural", "RE-2.4", leaves_record=True)


def _visited_before(arrival: Arrival) -> Verdict | None:
    """A later visit renews nothing while protection runs (RE-Q9); afterwards the customer comes naturally (RE-F7)."""
    registration = arrival.registration
    if registration is None or registration.visited_at is None:
        return None
    if registration.runs_at(arrival.at):
        return Verdict("repeat")
    return Verdict("natural", "RE-2.4", leaves_record=True)


def _hold_lapsed(arrival: Arrival) -> Verdict | None:
    if arrival.registration is not None and standing_at(arrival.registration, arrival.at).status == "expired":
        return Verdict("natural", "RE-2.9", leaves_record=True)
    return None


def _filed_too_late(arrival: Arrival) -> Verdict | None:
    return None if arrival.in_time else Verdict("natural", "RE-2.4", outcome="late", leaves_record=True)


def _slip_unsigned(arrival: Arrival) -> Verdict | None:
    return None if arrival.signed else Verdict("unsigned")


DESK_RULES: tuple[ArrivalRule, ...] = (
    _blacklisted_brings_nobody,
    _nothing_filed,
    _refused_before,
    _visited_before,
    _hold_lapsed,
    _filed_too_late,
    _slip_unsigned,
)
