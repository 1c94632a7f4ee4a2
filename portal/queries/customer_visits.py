"""The latest visit of each of a distributor's registrations, for lists that say who has to act next."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from portal.models import Registration, Visit, db


def latest_of(rows: Sequence[Registration]) -> dict[int, Visit]:
    """By the registration's id, one statement for the page. The flow of the first visit comes before later arrivals."""
    query = (
        select(Visit)
        .where(Visit.registration_id.in_([row.id for row in rows]), Visit.result != "repeat")
        .order_by(Visit.registration_id, (Visit.result == "registered"), Visit.seq)
    )
    return (
        {visit.registration_id: visit for visit in db.session.scalars(query) if visit.registration_id} if rows else {}
    )


def not_excused(registration: Registration) -> Visit | None:
    """The latest late visit that a leader declined to excuse and has not excused since, of a registration in scope."""
    query = (
        select(Visit)
        .where(
            Visit.registration_id == registration.id,
            Visit.excuse_declined_at.is_not(None),
            Visit.excused_at.is_(None),
        )
        .order_by(Visit.seq.desc())
        .limit(1)
    )
    return db.session.scalar(query)
