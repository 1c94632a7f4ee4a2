"""Naming a deputy and taking it back (DO-Q2): by the person itself or the administrator, for days, with a reason."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import text

from portal import audit, clock
from portal.access import Permission, may
from portal.models import Delegation, User, db
from portal.models.delegations import person_of
from portal.rules.delegations import check_end, check_new
from portal.rules.periods import local_date, midnight, period_end
from portal.rules.refusal import Refusal
from portal.services import notices
from portal.services.references import group_reference
from portal.services.unacceptable import Unacceptable, unique
from portal.wording.times import PORTAL_ZONE

_NEXT = text("SELECT nextval(pg_get_serial_sequence('delegations', 'id'))")


def name_deputy(
    *, actor: User, matter: str, principal: User, deputy: User, first_day: date, last_day: date, reason: str
) -> Delegation:
    """Let ``deputy`` sign for ``principal`` from ``first_day`` to ``last_day`` (portal's zone, both covered), never before now.

    Raises Refusal for what cannot be delegated, and Unacceptable for days that are over or taken by another deputy.
    """
    now = clock.now()
    administers = may(actor, Permission.MANAGE_USERS)
    check_new(
        matter=matter,
        principal=person_of(principal),
        deputy=person_of(deputy),
        maker=actor.id,
        administers=administers,
    )
    starts_at, ends_at = _span(first_day, last_day, now)
    number = db.session.scalar(_NEXT) or 0
    made = Delegation(
        id=number,
        reference=group_reference("DQ", number, now),
        matter=matter,
        principal_id=principal.id,
        deputy_id=deputy.id,
        starts_at=starts_at,
        ends_at=ends_at,
        reason=reason,
        made_at=now,
        made_by_id=actor.id,
    )
    with unique(delegation_has_one_deputy_at_a_time=("first_day", "deputy_taken")):
        db.session.add(made)
    _record("delegation.made", made, actor, now, starts_at=starts_at, until=ends_at)
    _tell(made, "delegation.made", actor, now)
    return made


def take_back(*, actor: User, delegation: Delegation) -> Delegation:
    """End it from this instant; by the principal or the administrator. Raises Refusal when it is over already."""
    if not may_take_back(delegation, actor):
        raise Refusal("delegation_of_others", "DO-Q2")
    columns = ["ends_at", "ended_at", "ended_by_id"]
    db.session.refresh(delegation, columns, with_for_update={"of": Delegation})
    now = clock.now()
    check_end(delegation.facts(), now)
    delegation.ended_at, delegation.ended_by_id = now, actor.id
    db.session.flush()
    _record("delegation.ended", delegation, actor, now, until=now)
    _tell(delegation, "delegation.ended", actor, now)
    return delegation


def may_take_back(delegation: Delegation, user: User) -> bool:
    """Whether it is this person's to end."""
    return user.id == delegation.principal_id or may(user, Permission.MANAGE_USERS)


def _span(first_day: date, last_day: date, now: datetime) -> tuple[datetime, datetime]:
    if first_day < local_date(now, PORTAL_ZONE):
        raise Unacceptable("first_day", "delegation_starts_past")
    if last_day < first_day:
        raise Unacceptable("last_day", "delegation_ends_before")
    first = midnight(first_day, PORTAL_ZONE)
    return max(first, now), period_end(midnight(last_day, PORTAL_ZONE), 0, PORTAL_ZONE)


def _record(verb: str, delegation: Delegation, actor: User, now: datetime, **facts: datetime) -> None:
    named: dict[str, Any] = {"reference": delegation.reference, "matter": delegation.matter, **facts}
    named |= {"principal": delegation.principal_id, "deputy": delegation.deputy_id}
    audit.record(verb, delegation, actor=actor, now=now, clause="DO-Q2", **named)


def _tell(delegation: Delegation, kind: str, actor: User, now: datetime) -> None:
    people = [one for one in (delegation.principal_id, delegation.deputy_id) if one != actor.id]
    facts = {"reference": delegation.reference, "until": delegation.facts().last}
    notices.tell(people, kind, delegation, delegation.reference, "DO-Q2", facts, now=now)
