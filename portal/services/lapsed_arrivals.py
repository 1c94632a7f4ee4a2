"""An arrival on a filing whose time is over is asked about before it becomes a natural visit (RE-2.9, RE-Q8, RE-Q42)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portal import audit
from portal.models import Distributor, Policy, Registration, User
from portal.queries.contracts import covers
from portal.rules.lead_time import earliest_arrival
from portal.rules.partnership import check_contract, check_may_act
from portal.rules.refusal import Refusal, refusal_of
from portal.rules.standing import expiry_clause, standing_at
from portal.services import policies
from portal.services.customers import customer_of
from portal.services.late_arrivals import asked_today
from portal.services.registrations import check_own_filings

_ASKED = "visit.lapsed_asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class LapsedArrival:
    """An arrival that is not registered: the hold or the protection is over, and nobody at the desk has said yes to that.

    ``asked_at`` is when the desk was first told so today. ``obstacle``: why the distributor cannot file the customer again
    now, None when it can; a visit on such a filing would count from ``earliest`` on. All UTC.
    """

    registration: Registration
    at: datetime
    asked_at: datetime
    clause: str
    obstacle: Refusal | None
    earliest: datetime

    @property
    def mark(self) -> str:
        """What a confirmation of this question carries: a yes to another question is none to this."""
        return f"{self.registration.reference} {self.clause}"

    @property
    def ended_at(self) -> datetime:
        """The exclusive end of what ran."""
        return self.registration.ends_at


def ask_about_lapsed_arrival(
    *, actor: User, registration: Registration, distributor: Distributor, now: datetime, confirmed: str
) -> LapsedArrival | None:
    """The question to the desk; None while the registration runs, or when this very question was ``confirmed``.

    The registration is held. That the customer stands at the desk goes into the history, once a day.
    """
    facts = registration.facts()
    if distributor.status == "blacklisted" or standing_at(facts, now).status != "expired":
        return None
    policy, clause = policies.in_force(registration.project_id, now), expiry_clause(facts)
    first = asked_today(_ASKED, registration, now)
    lapsed = LapsedArrival(
        registration=registration,
        at=now,
        asked_at=first or now,
        clause=clause,
        obstacle=refusal_of(lambda: _check_filed_again(registration, distributor, policy, now)),
        earliest=earliest_arrival(
            now, is_local=registration.is_local, lead_time=policy.terms.lead_time, zone=registration.project.zone
        ),
    )
    if lapsed.mark == confirmed:
        return None
    if first is None:
        audit.record(_ASKED, registration, actor=actor, now=now, clause=clause, until=lapsed.ended_at)
    return lapsed


def _check_filed_again(registration: Registration, distributor: Distributor, policy: Policy, now: datetime) -> None:
    """Raises Refusal as a filing of the same customer now would: who asks first, then the contract, then one's own."""
    check_may_act(distributor.status_at(now))
    check_contract(covers(distributor.id, registration.project_id, now))
    prints = customer_of(registration).fingerprints
    check_own_filings(distributor.id, registration.project, prints, policy.terms, now)
