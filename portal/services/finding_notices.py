"""Telling people about a case of breach: the owners of the distributor, and whoever works on it at headquarters."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from portal.models import Finding, RoleGrant, User, db
from portal.services import notices


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
