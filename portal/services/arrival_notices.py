"""The notice of the day (RE-3.1): step one of the first-visit flow, sent by the distributor."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from portal import audit
from portal.models import ArrivalNotice, Registration, User, db
from portal.models.base import event_order
from portal.rules.announcements import check_announcement
from portal.rules.partnership import check_may_act
from portal.services.locks import lock_registration


def announce_arrival(
    *, actor: User, registration: Registration, expected_at: datetime, party_size: int | None = None
) -> ArrivalNotice:
    """Tell the site that the customer comes at ``expected_at`` (UTC); the board shows it. Sent twice it is one notice.

    Raises Refusal: RE-5.4 for a blacklisted distributor, RE-3.1 for a time that has passed, or when nothing runs.
    """
    distributor, now = lock_registration(registration)
    status = distributor.status_at(now)
    # What runs keeps running for a suspended one (RE-Q34).
    if status != "suspended":
        check_may_act(status)
    check_announcement(registration.facts(), expected_at, now)
    same = select(ArrivalNotice).where(
        ArrivalNotice.registration_id == registration.id, ArrivalNotice.expected_at == expected_at
    )
    sent_before = db.session.scalar(same)
    if sent_before is not None:
        return sent_before
    notice = ArrivalNotice(
        seq=db.session.scalar(event_order.next_value()),
        registration_id=registration.id,
        expected_at=expected_at,
        party_size=party_size,
        sent_by_id=actor.id,
        sent_at=now,
    )
    db.session.add(notice)
    registration.planned_visit_at = expected_at
    db.session.flush()
    audit.record("visit.announced", registration, actor=actor, now=now, clause="RE-3.1", expected_at=expected_at)
    return notice
