"""Reads of delegations: whose one may see, which stand for a deputy now, who can be named (DO-Q2)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, or_, select, true

from portal.access import Permission, may
from portal.models import Delegation, RoleGrant, User, db
from portal.models.delegations import person_of
from portal.rules.delegations import DEPUTY_ROLES, MATTERS, may_be_deputy, state_at

#: Those that matter, at most: the list is a working paper, the history keeps the rest.
MOST = 200


def shown_to(user: User) -> Sequence[Delegation]:
    """Those that the person may see, what ends last first: its own, or every one for who manages accounts or examines."""
    query = select(Delegation).where(_visible(user)).order_by(Delegation.ends_at.desc(), Delegation.id.desc())
    return db.session.scalars(query.limit(MOST)).unique().all()


def find(reference: str, user: User) -> Delegation | None:
    """One that the person may see, by its number."""
    return (
        db.session.scalars(select(Delegation).where(Delegation.reference == reference, _visible(user))).unique().first()
    )


def standing_for(user_id: int, now: datetime) -> list[Delegation]:
    """By which the person may sign in another's place at ``now``."""
    query = _around(now).where(Delegation.deputy_id == user_id)
    return [one for one in db.session.scalars(query).unique() if state_at(one.facts(), now) == "standing"]


def is_signer(user: User) -> bool:
    """Whether the person signs in a role of its own (DO-2.3)."""
    return bool(user.roles & set(MATTERS.values()))


def roles_stood_for(user_id: int, now: datetime) -> frozenset[str]:
    """The roles in whose place the person may sign at ``now``."""
    return frozenset(MATTERS[one.matter] for one in standing_for(user_id, now))


def deputies_of(role: str, now: datetime) -> list[int]:
    """Who stands in for somebody with this role at ``now``, as user ids."""
    matters = [matter for matter, of_role in MATTERS.items() if of_role == role]
    query = _around(now).where(Delegation.matter.in_(matters))
    found = db.session.scalars(query).unique()
    return [one.deputy_id for one in found if state_at(one.facts(), now) == "standing"]


def places_for(user: User) -> list[tuple[str, User]]:
    """What the person may delegate and for whom, as (matter, principal): for itself, as administrator for anybody."""
    roles = {role: matter for matter, role in MATTERS.items()}
    query = select(RoleGrant.role, User).join(User, User.id == RoleGrant.user_id)
    query = query.where(RoleGrant.role.in_(roles), User.disabled_at.is_(None))
    if not may(user, Permission.MANAGE_USERS):
        query = query.where(User.id == user.id)
    found = db.session.execute(query.order_by(RoleGrant.role, User.id)).unique()
    return [(roles[role], person) for role, person in found]


def candidates() -> list[User]:
    """Everybody who can be named as a deputy."""
    query = select(User).join(RoleGrant, RoleGrant.user_id == User.id).where(RoleGrant.role.in_(DEPUTY_ROLES))
    found = db.session.scalars(query.where(User.disabled_at.is_(None)).order_by(User.id)).unique()
    return [one for one in found if may_be_deputy(person_of(one))]


def _around(now: datetime) -> Select[Delegation]:
    return select(Delegation).where(
        Delegation.starts_at <= now,
        Delegation.ends_at > now,
        or_(Delegation.ended_at.is_(None), Delegation.ended_at > now),
    )


def _visible(user: User) -> ColumnElement[bool]:
    if may(user, Permission.MANAGE_USERS) or may(user, Permission.SEE_HISTORY):
        return true()
    return or_(Delegation.principal_id == user.id, Delegation.deputy_id == user.id)
