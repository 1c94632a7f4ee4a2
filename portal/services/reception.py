"""The front desk's way to an arrival: whoever stands at the desk already is not registered twice (RE-3.2)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.models import Distributor, Project, Registration, User, Visit, db
from portal.queries import matches
from portal.rules.periods import local_date
from portal.services import identities, visits
from portal.services.customers import Customer
from portal.services.lapsed_arrivals import LapsedArrival, ask_about_lapsed_arrival
from portal.services.late_arrivals import LateArrival, ask_about_late_arrival
from portal.services.locks import lock_distributor, lock_registration

#: What the desk is told before an arrival is registered that would come out as natural.
Question = LateArrival | LapsedArrival


def receive_customer(
    *,
    actor: User,
    registration: Registration,
    submission_key: str,
    party_size: int | None = None,
    confirmed: str = "",
) -> Visit | Question:
    """Register the arrival of a filed customer, or give the visit that waits at the desk since earlier today.

    Two receptionists, or one button pressed twice, make one visit with one slip. A filing that comes too late, or whose
    time is over, is asked about first, unless ``confirmed`` is the mark of that question; the time of the registration
    decides, not that of the question (RE-Q2). Otherwise as ``register_arrival``.
    """
    distributor, now = lock_registration(registration)
    waiting = _at_the_desk(registration, now)
    if waiting is not None:
        return waiting
    held: dict[str, Any] = {"actor": actor, "registration": registration, "distributor": distributor, "now": now}
    asked = ask_about_late_arrival(**held, confirmed=confirmed) or ask_about_lapsed_arrival(**held, confirmed=confirmed)
    if asked is not None:
        return asked
    return visits.register_arrival(
        actor=actor,
        registration=registration,
        party_size=party_size or registration.party_size,
        submission_key=f"{registration.id}:{submission_key}",
    )


def receive_unfiled_customer(
    *,
    actor: User,
    project: Project,
    distributor: Distributor,
    customer: Customer,
    submission_key: str,
    confirmed: str = "",
) -> Visit | Question:
    """A broker names no filing: the distributor's running one is used (RE-F7), otherwise the visit is natural.

    A running one that comes too late is asked about first, as in ``receive_customer``.
    """
    lock_distributor(distributor.id)
    now = identities.lock(project.id, customer.fingerprints)
    running = matches.running_of(distributor.id, project.id, customer.fingerprints.values(), now)
    if running is not None:
        return receive_customer(actor=actor, registration=running, submission_key=submission_key, confirmed=confirmed)
    return visits.register_unfiled_arrival(
        actor=actor,
        project=project,
        distributor=distributor,
        customer=customer,
        submission_key=f"{project.id}-{distributor.id}:{submission_key}",
    )


def _at_the_desk(registration: Registration, now: datetime) -> Visit | None:
    """Today's visit of the registration whose slip is still open: unsigned, or too late and to be excused (RE-F9)."""
    query = (
        select(Visit)
        .where(Visit.registration_id == registration.id, Visit.signed_at.is_(None))
        .options(joinedload(Visit.project))
        .order_by(Visit.seq.desc())
        .limit(1)
    )
    visit = db.session.scalar(query)
    if visit is None or local_date(visit.arrived_at, visit.project.zone) != local_date(now, visit.project.zone):
        return None
    late = visit.result == "natural" and registration.outcome == "late" and visit.clause == "RE-2.4"
    return visit if visit.result == "unsigned" or late else None
