"""In which state a distributor sees its registration: from the facts of time, and from whoever has to act next. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from portal.rules.standing import RegistrationFacts, stage_of

_OUTCOMES = {"late": "late", "company_record": "refused", "audit_failed": "audit_failed", "void": "void"}
#: Stages of a visit in which somebody at the site has to act.
WAITING_AT_SITE = frozenset({"awaiting_signatures", "awaiting_audit", "awaiting_sign_off", "awaiting_entry"})


def state_of(facts: RegistrationFacts, now: datetime, soon: timedelta, visit_stage: str | None) -> str:
    """A state of portal/wording/statuses.py. What has to be done by somebody comes before what merely runs."""
    if facts.outcome is not None:
        return _OUTCOMES[facts.outcome]
    if facts.frozen_at is not None and facts.frozen_at <= now:
        return "frozen"
    if not facts.runs_at(now):
        return "expired"
    if facts.pending_until is not None:
        return "awaiting_decision"
    if visit_stage in WAITING_AT_SITE:
        return visit_stage
    return _running(facts, facts.ends_at - now <= soon)


def _running(facts: RegistrationFacts, ends_soon: bool) -> str:
    stage = stage_of(facts)
    if ends_soon:
        return "hold_soon" if stage == "hold" else "protection_soon"
    return {"hold": "held", "visit": "live", "extended": "extended"}[stage]
