"""A registration as it would have gone under other terms: the same filing, the same arrivals, the draft's periods.

What people did stays what it was: who came when, who signed, what the audit found, what headquarters decided. Assumed is that
an arrival that was turned away at the desk would have been signed, and that a lateness excused once would be excused again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from portal.rules.arrivals import Arrival, judge_arrival
from portal.rules.extensions import extended_end
from portal.rules.lead_time import in_time
from portal.rules.periods import period_end
from portal.rules.policies import Policy
from portal.rules.standing import RegistrationFacts

#: What came from people and holds under any terms; lateness and lapses follow from the terms.
_FROM_PEOPLE = frozenset({"audit_failed", "company_record", "void"})


@dataclass(frozen=True, slots=True)
class Arrived:
    """One arrival at the front desk. ``signed``: the slip was signed, or nobody was asked to sign it."""

    at: datetime
    signed: bool
    excused: bool


@dataclass(frozen=True, slots=True)
class Past:
    """What really happened to a registration. ``asked_at``: when its granted extension was asked for."""

    facts: RegistrationFacts
    is_local: bool
    arrivals: tuple[Arrived, ...]
    asked_at: datetime | None = None


def under(terms: Policy, past: Past, zone: ZoneInfo) -> RegistrationFacts:
    """The facts of the registration had ``terms`` ruled it from its filing on."""
    real = past.facts
    facts = RegistrationFacts(
        seq=real.seq,
        filed_at=real.filed_at,
        hold_ends_at=period_end(real.filed_at, terms.hold.days, zone, count=terms.hold.count),
    )
    for arrived in sorted(past.arrivals, key=lambda one: one.at):
        facts = _after(arrived, facts, past, terms, zone)
        if facts.visited_at is not None or facts.outcome is not None:
            break
    facts = _extended(facts, past, terms, zone)
    if real.outcome in _FROM_PEOPLE and facts.outcome is None:
        return replace(
            facts,
            outcome=real.outcome,
            outcome_at=real.outcome_at,
            outcome_clause=real.outcome_clause,
            outcome_seq=real.outcome_seq,
        )
    return facts


def _after(arrived: Arrived, facts: RegistrationFacts, past: Past, terms: Policy, zone: ZoneInfo) -> RegistrationFacts:
    timely = arrived.excused or in_time(
        facts.filed_at, arrived.at, is_local=past.is_local, lead_time=terms.lead_time, zone=zone
    )
    arrival = Arrival(
        at=arrived.at, distributor_status="active", registration=facts, in_time=timely, signed=arrived.signed
    )
    verdict = judge_arrival(arrival)
    if verdict.outcome is not None:
        return replace(facts, outcome=verdict.outcome, outcome_at=arrived.at, outcome_clause=verdict.clause)
    if verdict.result != "registered":
        return facts
    return replace(
        facts,
        visited_at=arrived.at,
        visited_seq=past.facts.visited_seq if past.facts.visited_at == arrived.at else None,
        visit_ends_at=period_end(arrived.at, terms.protection.days, zone, count=terms.protection.count),
    )


def _extended(facts: RegistrationFacts, past: Past, terms: Policy, zone: ZoneInfo) -> RegistrationFacts:
    """A consent given to an application that the draft would still have found in time (RE-2.11, RE-2.12)."""
    if past.asked_at is None or facts.visited_at is None or facts.visit_ends_at is None or terms.extension.times == 0:
        return facts
    if past.asked_at >= facts.visit_ends_at:
        return facts
    return replace(facts, extension_ends_at=extended_end(facts.visited_at, terms.protection, terms.extension, zone))


def fate(facts: RegistrationFacts) -> str:
    """visited, late, or lapsed without a visit: what became of the filing."""
    if facts.visited_at is not None:
        return "visited"
    return "late" if facts.outcome == "late" else "unvisited"
