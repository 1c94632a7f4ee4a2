"""What a distributor's person has to do or wait for, out of the registrations that run; a page of each, never all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select

from portal.models import Registration, User, db
from portal.queries.registration_lists import ends_soon
from portal.queries.registrations import WITH_PARTIES, visible_to

#: As many as a person looks through; the list of customers has the rest.
_MOST = 12
_TODAY_OR_TOMORROW = timedelta(days=1)
_R = Registration
_RUNNING = and_(_R.outcome.is_(None), _R.frozen_at.is_(None))
#: Between the front desk and the entry, and not asked for yet.
_WITH_THE_SITE = and_(_R.visited_at.is_not(None), _R.entered_at.is_(None))


def due_rows(user: User, now: datetime) -> Sequence[Registration]:
    """Running ones that end soon, or whose visit is planned until this time tomorrow; soonest end first."""
    planned = and_(_R.visited_at.is_(None), _R.planned_visit_at > now, _R.planned_visit_at < now + _TODAY_OR_TOMORROW)
    urgent = and_(ends_soon(now), _R.pending_until.is_(None), ~_WITH_THE_SITE)
    query = select(_R).where(visible_to(user), _RUNNING, _R.ends_at > now, or_(urgent, planned))
    return db.session.scalars(query.order_by(_R.ends_at, _R.id).limit(_MOST).options(*WITH_PARTIES)).all()


def waiting_rows(user: User, now: datetime) -> Sequence[Registration]:
    """Running ones with which the site or headquarters is busy; soonest end first."""
    busy = or_(_WITH_THE_SITE, _R.pending_until.is_not(None))
    query = select(_R).where(visible_to(user), _RUNNING, _R.ends_at > now, busy)
    return db.session.scalars(query.order_by(_R.ends_at, _R.id).limit(_MOST).options(*WITH_PARTIES)).all()
