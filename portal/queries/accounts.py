"""Reads about accounts: who is signed in, the lists of the administrator and of a distributor's owner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, func, or_, select
from sqlalchemy.orm.attributes import set_committed_value

from portal import clock
from portal.crypto import fingerprint
from portal.models import Distributor, Project, RoleGrant, SignInAttempts, User, db
from portal.rules.logins import tidy_login
from portal.rules.roles import DISTRIBUTOR_ROLES, HQ_ROLES, SITE_ROLES
from portal.straight import Entity, Straight

PAGE = 30
# Every request asks for this. The phone is unsealed, and the projects of grants are read, where a page names them.
_USER = Entity(User, "person", without=["phone"])
_COMPANY, _GRANT = Entity(Distributor, "company"), Entity(RoleGrant, "grant")
_PERSON = Straight(
    select(*_USER.columns, *_COMPANY.columns, *_GRANT.columns, clock.DATABASE_NOW.label("now"))
    .select_from(User)
    .outerjoin(Distributor, Distributor.id == User.distributor_id)
    .outerjoin(RoleGrant, RoleGrant.user_id == User.id)
    .where(User.id == bindparam("id"))
    .order_by(RoleGrant.id)
)
ROOMS = {"distributor": DISTRIBUTOR_ROLES, "site": SITE_ROLES, "hq": HQ_ROLES}


@dataclass(frozen=True, slots=True)
class Page:
    """One page of accounts, the newest first; ``next_key`` opens the following one."""

    people: Sequence[User]
    next_key: int | None


def person(user_id: int) -> User | None:
    """One person with company and roles."""
    found = person_now(user_id)
    return None if found is None else found[0]


def person_now(user_id: int) -> tuple[User, datetime] | None:
    """One person with company and roles, and the present instant, in one statement: every request asks for both."""
    rows = _PERSON.rows({"id": user_id})
    user = _USER.of(rows[0]) if rows else None
    if user is None:
        return None
    set_committed_value(user, "distributor", _COMPANY.of(rows[0]))
    set_committed_value(user, "grants", [grant for row in rows if (grant := _GRANT.of(row))])
    return user, clock.story_time() or rows[0].now


def accounts(*, words: str = "", room: str = "", state: str = "", before: int | None = None) -> Page:
    """Everybody's accounts, searched by name, login or company, narrowed to a room and to enabled or disabled ones."""
    statement = _searched(select(User), words)
    if room in ROOMS:
        statement = statement.where(User.id.in_(select(RoleGrant.user_id).where(RoleGrant.role.in_(ROOMS[room]))))
    return _page(_in_state(statement, state), before)


def brokers_of(owner: User, *, words: str = "", state: str = "", before: int | None = None) -> Page:
    """The brokers' accounts of the owner's own company."""
    return _page(_in_state(_searched(_brokers(owner), words), state), before)


def broker_of(owner: User, user_id: int) -> User | None:
    """One broker of the owner's own company; None for everybody else, the owner included."""
    found: User | None = db.session.scalar(_brokers(owner).where(User.id == user_id))
    return found


def staff_of(project: Project) -> dict[str, list[User]]:
    """The people of a site by role, in the order of the roles; disabled accounts left out."""
    statement = (
        select(RoleGrant.role, User)
        .join(User, User.id == RoleGrant.user_id)
        .where(RoleGrant.project_id == project.id, User.disabled_at.is_(None))
        .order_by(User.id)
    )
    rows = db.session.execute(statement).unique().all()
    return {role: [user for held, user in rows if held == role] for role in SITE_ROLES}


def people_of(distributor: Distributor) -> Sequence[User]:
    """The accounts of a distributor, owners first."""
    statement = select(User).where(User.distributor_id == distributor.id).order_by(User.id)
    people = db.session.scalars(statement).unique().all()
    return sorted(people, key=lambda user: "owner" not in user.roles)


def locked_until(user: User, now: datetime) -> datetime | None:
    """Until when the person is locked out after failed sign-ins; None when not."""
    keys = (fingerprint("login", user.login), fingerprint("login_known", user.login))
    statement = select(func.max(SignInAttempts.locked_until)).where(
        SignInAttempts.login_fingerprint.in_(keys), SignInAttempts.locked_until > now
    )
    return db.session.scalar(statement)


def _brokers(owner: User) -> Select[Any]:
    owners = select(RoleGrant.user_id).where(RoleGrant.role == "owner")
    return select(User).where(User.distributor_id == owner.distributor_id, User.id.not_in(owners))


def _searched(statement: Select[Any], words: str) -> Select[Any]:
    if not words.strip():
        return statement
    piece = words.strip()
    company = select(Distributor.id).where(Distributor.name.icontains(piece, autoescape=True))
    return statement.where(
        or_(
            User.name.icontains(piece, autoescape=True),
            User.login.contains(tidy_login(piece), autoescape=True),
            User.distributor_id.in_(company),
        )
    )


def _in_state(statement: Select[Any], state: str) -> Select[Any]:
    conditions: dict[str, Any] = {"enabled": User.disabled_at.is_(None), "disabled": User.disabled_at.is_not(None)}
    return statement.where(conditions[state]) if state in conditions else statement


def _page(statement: Select[Any], before: int | None) -> Page:
    if before is not None:
        statement = statement.where(User.id < before)
    found = db.session.scalars(statement.order_by(User.id.desc()).limit(PAGE + 1)).unique().all()
    return Page(found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else None)
