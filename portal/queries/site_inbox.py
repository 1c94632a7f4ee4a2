"""What waits for a person at a site (待办): each kind only where the person holds its permission, soonest due first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.access import Permission, projects_for
from portal.models import Extension, Registration, User, Visit, db
from portal.queries import audits
from portal.queries.registrations import WITH_PARTIES
from portal.queries.site_waiting import MOST, PERMISSIONS, WAITS
from portal.queries.visits import in_projects
from portal.rules.classification import due_at
from portal.rules.periods import local_date, midnight


@dataclass(frozen=True, slots=True)
class Item:
    """Something to decide. ``kind`` names the page, ``reference`` the object on it, ``due_at`` when it should be done, UTC."""

    kind: str
    reference: str
    registration: Registration
    since: datetime
    due_at: datetime


def items(user: User, now: datetime) -> list[Item]:
    """Everything that waits for this person, soonest due first."""
    found = [item for read in _KINDS for item in read(user, now)]
    return sorted(found, key=lambda item: (item.due_at, item.since, item.reference))


def sign_offs(user: User, now: datetime) -> Sequence[Visit]:
    """Audited visits that wait for a leader's signature, one's own audits among them."""
    return _visits("sign_off", user, now)


def excuses(user: User, now: datetime) -> Sequence[Visit]:
    """Signed visits on filings that came too late, arrived inside their hold, of the last days and undecided (RE-F9)."""
    return _visits("excuse", user, now)


def entries(user: User, now: datetime) -> Sequence[Visit]:
    """Signed-off visits whose customers wait to be entered."""
    return _visits("entry", user, now)


def opinions(user: User, now: datetime) -> Sequence[Extension]:
    """Undecided extensions on which no leader of the site has given an opinion."""
    query = (
        select(Extension)
        .join(Extension.registration)
        .where(*WAITS["opinion"](now), Registration.project_id.in_(projects_for(user, Permission.GIVE_OPINION)))
        .options(joinedload(Extension.registration).options(*WITH_PARTIES), joinedload(Extension.asked_by))
    )
    return db.session.scalars(query.order_by(Extension.original_end).limit(MOST)).unique().all()


def classifications(user: User, now: datetime) -> Sequence[Registration]:
    """Visited customers whose class the site has not decided (RE-2.7), the first visit first."""
    query = (
        select(Registration)
        .where(Registration.project_id.in_(projects_for(user, Permission.CLASSIFY_BULK)))
        .where(*WAITS["classification"](now))
        .options(*WITH_PARTIES)
        .order_by(Registration.visited_at, Registration.id)
        .limit(MOST)
    )
    return db.session.scalars(query).unique().all()


def find_extension(reference: str, user: User) -> Extension | None:
    """The extension with this number in a project where the person gives opinions."""
    query = (
        select(Extension)
        .join(Extension.registration)
        .where(
            Extension.reference == reference,
            Registration.project_id.in_(projects_for(user, Permission.GIVE_OPINION)),
        )
        .options(
            joinedload(Extension.registration).options(*WITH_PARTIES),
            joinedload(Extension.asked_by),
            joinedload(Extension.opinion_by),
        )
    )
    return db.session.scalars(query).unique().one_or_none()


def class_due(registration: Registration) -> datetime:
    """Until when the first class should be decided, the exclusive bound, UTC (RE-Q6)."""
    days = registration.policy.terms.classification_due_days
    visited = registration.visited_at or registration.filed_at
    return due_at(visited, days, registration.project.zone) + timedelta(seconds=1)


def _visits(kind: str, user: User, now: datetime) -> Sequence[Visit]:
    query = in_projects(user, PERMISSIONS[kind]).join(Visit.registration).where(*WAITS[kind](now))
    return db.session.scalars(query.order_by(Visit.arrived_at, Visit.seq).limit(MOST)).unique().all()


def _day_end(visit: Visit) -> datetime:
    """The flow belongs to the day of the visit (RE-3.7): the exclusive end of that day."""
    zone = visit.project.zone
    return midnight(local_date(visit.arrived_at, zone) + timedelta(days=1), zone)


def _visit_item(kind: str, visit: Visit) -> Item:
    assert visit.registration is not None
    return Item(kind, visit.reference, visit.registration, visit.arrived_at, _day_end(visit))


def _audit_items(user: User, now: datetime) -> list[Item]:
    return [_visit_item("audit", visit) for visit in audits.queue(user)]


def _sign_off_items(user: User, now: datetime) -> list[Item]:
    return [_visit_item("sign_off", visit) for visit in sign_offs(user, now)]


def _excuse_items(user: User, now: datetime) -> list[Item]:
    return [_visit_item("excuse", visit) for visit in excuses(user, now)]


def _entry_items(user: User, now: datetime) -> list[Item]:
    return [_visit_item("entry", visit) for visit in entries(user, now)]


def _opinion_items(user: User, now: datetime) -> list[Item]:
    return [
        Item("opinion", one.reference, one.registration, one.asked_at, one.original_end) for one in opinions(user, now)
    ]


def _class_items(user: User, now: datetime) -> list[Item]:
    return [
        Item("classification", one.reference, one, one.visited_at or one.filed_at, class_due(one))
        for one in classifications(user, now)
    ]


_KINDS: tuple[Callable[[User, datetime], list[Item]], ...] = (
    _audit_items,
    _sign_off_items,
    _excuse_items,
    _opinion_items,
    _entry_items,
    _class_items,
)
