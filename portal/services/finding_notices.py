"""Telling people about a case of breach: the owners of the distributor, and whoever works on it at headquarters."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.access import PERMISSIONS, Permission
from portal.models import Explanation, Finding, RoleGrant, Sanction, User, db
from portal.one_by_one import each
from portal.services import notices
from portal.services.distributor_notices import WORTH_TELLING

#: Before the exclusive end of the time to explain: the day before the last one begins, and the last one does.
_FIRST, _LAST = timedelta(days=2), timedelta(days=1)
_APPEAL_ROLES = tuple(role for role, granted in PERMISSIONS.items() if Permission.DECIDE_APPEAL in granted)


def tell_owners(
    finding: Finding, kind: str, clause: str, now: datetime, *, until: datetime | None = None, occasion: str = ""
) -> int:
    """Tell the owners of the distributor; nobody when it is about the company's own people."""
    owners = (
        select(RoleGrant.user_id)
        .join(User, User.id == RoleGrant.user_id)
        .where(RoleGrant.role == "owner", User.distributor_id == finding.distributor_id, User.disabled_at.is_(None))
    )
    people = [] if finding.distributor_id is None else list(db.session.scalars(owners))
    return tell(people, finding, kind, clause, now, until=until, occasion=occasion)


def tell_of_appeal(sanction: Sanction, now: datetime) -> int:
    """Tell everybody who may decide the appeal, that is nobody who had a part in the case, and whoever confirmed (GD-9)."""
    finding = sanction.finding
    parties = {sanction.decided_by_id, finding.decided_by_id, finding.reported_by_id}
    people = [one for one in _with_roles(*_APPEAL_ROLES) if one not in parties]
    occasion = f"{sanction.kind}:appealed"
    return tell([sanction.decided_by_id, *people], finding, "finding.appealed", "GD-9", now, occasion=occasion)


def tell_group(sanction: Sanction, now: datetime) -> int:
    """Tell the group's management of what was confirmed about the company's own people (RE-7.2, RE-7.4, RE-7.5)."""
    if sanction.finding.team is None:
        return 0
    people, occasion = _with_roles("general_manager"), f"{sanction.kind}:group"
    return tell(people, sanction.finding, "finding.own_staff", sanction.clause, now, occasion=occasion)


def tell(
    people: Iterable[int | None],
    finding: Finding,
    kind: str,
    clause: str,
    now: datetime,
    *,
    until: datetime | None = None,
    occasion: str = "",
) -> int:
    """Tell ``people`` (user ids, None left out) once of ``kind`` on the occasion."""
    facts = {"reference": finding.reference} | ({"until": until} if until else {})
    named = [one for one in people if one is not None]
    return notices.tell(named, kind, finding, f"{finding.reference}:{occasion}", clause, facts, now=now)


def remind(now: datetime) -> int:
    """Remind of explanations and of what is owed the day before their last day and on it; tell headquarters of silence
    and of what is overdue (RE-4.4, 4.5, 4.8). How many were told anew.
    """
    asked = (
        select(Explanation)
        .join(Finding, Finding.id == Explanation.finding_id)
        .where(Finding.state == "explanation_asked", Explanation.answered_at.is_(None))
        .where(Explanation.due_at <= now + _FIRST, Explanation.due_at > now - WORTH_TELLING)
        .options(joinedload(Explanation.finding))
        .order_by(Explanation.id)
    )
    owed = (
        select(Sanction)
        .where(Sanction.state.in_(("confirmed", "upheld")), Sanction.settled_at.is_(None))
        .where(Sanction.due_at <= now + _FIRST, Sanction.due_at > now - WORTH_TELLING)
        .options(joinedload(Sanction.finding))
        .order_by(Sanction.id)
    )
    explained = each(db.session.scalars(asked).unique(), lambda explanation: _remind(explanation, now))
    return explained + each(db.session.scalars(owed).unique(), lambda sanction: _remind_of_due(sanction, now))


def _remind(explanation: Explanation, now: datetime) -> int:
    finding, due = explanation.finding, explanation.due_at
    if now >= due:
        occasion = f"{due.isoformat()}:silent"
        return tell([explanation.asked_by_id], finding, "finding.silent", "RE-4.5", now, occasion=occasion)
    return tell_owners(finding, "finding.explanation_ending", "RE-4.4", now, until=due, occasion=_day(due, now))


def _remind_of_due(sanction: Sanction, now: datetime) -> int:
    finding, due = sanction.finding, cast(datetime, sanction.due_at)
    if now >= due:
        occasion = f"{sanction.kind}:{due.isoformat()}:over"
        return tell([sanction.decided_by_id], finding, "finding.overdue", sanction.clause, now, occasion=occasion)
    occasion = f"{sanction.kind}:{_day(due, now)}"
    return tell_owners(finding, "finding.due", sanction.clause, now, until=due, occasion=occasion)


def _with_roles(*roles: str) -> list[int]:
    query = select(RoleGrant.user_id).join(User, User.id == RoleGrant.user_id)
    return list(db.session.scalars(query.where(RoleGrant.role.in_(roles), User.disabled_at.is_(None)).distinct()))


def _day(due: datetime, now: datetime) -> str:
    return f"{due.isoformat()}:{'last' if now >= due - _LAST else 'before'}"
