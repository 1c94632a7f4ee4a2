"""An arrival on a filing made too late is asked about before it becomes a natural visit (RE-2.4, RE-Q2, RE-Q4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from portal import audit
from portal.models import Distributor, HistoryEntry, Registration, User, db
from portal.queries.changes import about
from portal.rules.periods import local_date, midnight
from portal.services.registrations import earliest_valid_arrival
from portal.services.visits import verdict_at_desk

_ASKED = "visit.late_asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class LateArrival:
    """An arrival that is not registered: it would come out as natural, and nobody at the desk has said yes to that.

    ``asked_at`` is when the desk was first told so today, ``earliest`` from when on an arrival would be in time, all UTC.
    """

    registration: Registration
    at: datetime
    asked_at: datetime
    earliest: datetime

    @property
    def mark(self) -> str:
        """What a confirmation of this question carries: a yes to another question is none to this."""
        return self.registration.reference

    @property
    def short_by(self) -> timedelta:
        """How much is missing to the required time."""
        return self.earliest - self.at

    @property
    def excusable(self) -> bool:
        """Whether the policy lets a site leader excuse it (RE-Q4)."""
        return self.registration.policy.terms.lead_time.excusable


def ask_about_late_arrival(
    *, actor: User, registration: Registration, distributor: Distributor, now: datetime, confirmed: str
) -> LateArrival | None:
    """The question to the desk; None when the filing is not too late at ``now``, or when this question was ``confirmed``.

    The registration is held. That the customer stands at the desk goes into the history, once a day: the question loses
    nobody's time.
    """
    if verdict_at_desk(registration, distributor, now).outcome != "late":
        return None
    project = registration.project
    earliest = earliest_valid_arrival(registration, project, registration.policy.terms)
    asked_at = asked_today(_ASKED, registration, now)
    late = LateArrival(registration=registration, at=now, asked_at=asked_at or now, earliest=earliest)
    if late.mark == confirmed:
        return None
    if asked_at is None:
        audit.record(_ASKED, registration, actor=actor, now=now, clause="RE-2.4", effective_from=earliest)
    return late


def asked_today(verb: str, registration: Registration, now: datetime) -> datetime | None:
    """When the desk was first asked so about the filing on this day of the project, UTC."""
    zone = registration.project.zone
    query = select(func.min(HistoryEntry.happened_at)).where(
        about("registrations", [registration.id]),
        HistoryEntry.verb == verb,
        HistoryEntry.happened_at >= midnight(local_date(now, zone), zone),
    )
    return db.session.scalar(query)
