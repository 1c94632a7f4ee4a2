"""What waits at a site, kind by kind: which rows they are, and how many of them wait for one person (menu, 待办).

``portal.queries.site_inbox`` and ``portal.queries.audits`` list the same rows. Every page of a site asks how many there are:
one statement, written once.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ARRAY, BigInteger, ColumnElement, Integer, Select, bindparam, func, literal, select, union_all

from portal.access import Permission, projects_for
from portal.models import Extension, Registration, User, Visit
from portal.straight import Straight

#: Of each kind but audits no more are listed and counted; a list that grows beyond this is worked off from its top.
MOST = 100
#: So long after the visit a filing that came too late stands in the list of those to excuse (RE-F9).
EXCUSED_WITHIN = timedelta(days=30)
PERMISSIONS = {
    "audit": Permission.AUDIT_VISIT,
    "sign_off": Permission.SIGN_OFF_VISIT,
    "excuse": Permission.EXCUSE_LATE_FILING,
    "opinion": Permission.GIVE_OPINION,
    "entry": Permission.ENTER_CUSTOMER,
    "classification": Permission.CLASSIFY_BULK,
}

Conditions = tuple[ColumnElement[bool], ...]
_RUNNING: Conditions = (Visit.result == "registered", Visit.entered_at.is_(None), Registration.outcome.is_(None))
_VISITS = select(literal(1)).select_from(Visit).join(Visit.registration)
_FROM: dict[str, tuple[Select[Any], ColumnElement[Any]]] = {
    **dict.fromkeys(("audit", "sign_off", "excuse", "entry"), (_VISITS, Visit.project_id.expression)),
    "opinion": (
        select(literal(1)).select_from(Extension).join(Extension.registration),
        Registration.project_id.expression,
    ),
    "classification": (select(literal(1)).select_from(Registration), Registration.project_id.expression),
}


def _to_excuse(now: Any) -> Conditions:
    return (
        Visit.result == "natural",
        Visit.clause == "RE-2.4",
        Visit.signed_at.is_not(None),
        Visit.excused_at.is_(None),
        Visit.excuse_declined_at.is_(None),
        Registration.outcome == "late",
        Visit.arrived_at < Registration.hold_ends_at,
        Visit.arrived_at > now - EXCUSED_WITHIN,
    )


def _to_classify(now: Any) -> Conditions:
    return (
        Registration.outcome.is_(None),
        Registration.ends_at > now,
        Registration.visited_at.is_not(None),
        Registration.is_bulk.is_(None),
        Registration.frozen_at.is_(None),
    )


#: Which rows of a kind wait at ``now`` (UTC; it may be a parameter), visits and extensions joined with their registrations.
WAITS: dict[str, Callable[[Any], Conditions]] = {
    "audit": lambda _now: (*_RUNNING, Visit.audited_at.is_(None)),
    "sign_off": lambda _now: (*_RUNNING, Visit.audit_result == "passed", Visit.leader_signed_at.is_(None)),
    "excuse": _to_excuse,
    "opinion": lambda _now: (Extension.state == "pending", Extension.opinion.is_(None)),
    "entry": lambda _now: (*_RUNNING, Visit.leader_signed_at.is_not(None)),
    "classification": _to_classify,
}


def counts(user: User, now: datetime) -> dict[str, int]:
    """How many of each kind wait for the person, as many as the lists show; kinds of which none waits are left out."""
    projects = {kind: sorted(projects_for(user, permission)) for kind, permission in PERMISSIONS.items()}
    found = _COUNTING.rows(projects | {"now": now, "most": MOST})
    return {row.kind: row.number for row in found if row.number}


def _counted(kind: str) -> Select[str, int]:
    query, project = _FROM[kind]
    query = query.where(project == bindparam(kind, type_=ARRAY(BigInteger)).any_())
    query = query.where(*WAITS[kind](bindparam("now", type_=Visit.arrived_at.type)))
    if kind != "audit":
        query = query.limit(bindparam("most", type_=Integer))
    return select(literal(kind).label("kind"), func.count().label("number")).select_from(query.subquery())


_COUNTING = Straight(union_all(*(_counted(kind) for kind in WAITS)))
