"""Commands about accounts: one's own password and sessions; what administrators and owners do to others'."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select

from portal import audit, clock, passwords
from portal.models import Distributor, RoleGrant, User, db
from portal.rules import roles
from portal.rules.customers import PhoneUnreadable, read_phone
from portal.rules.logins import is_login, tidy_login
from portal.rules.partnership import check_may_act
from portal.rules.passwords import weakness
from portal.rules.refusal import Refusal
from portal.services.editions import NO_PAGE, Seen, check_edition
from portal.services.sign_in import unlock
from portal.services.unacceptable import Unacceptable, unique

#: A role, and the project in which it is held (site roles only).
Grant = tuple[str, int | None]


@dataclass(frozen=True, slots=True)
class Handover:
    """An account and the password to hand over. It is shown once; the database keeps only its hash."""

    user: User
    first_password: str = field(repr=False)


def change_own_password(*, actor: User, present_password: str, new_password: str) -> User:
    """Give ``actor`` a new password; every session ends, the caller begins this browser's again.

    Raises Unacceptable for "present_password" or "new_password".
    """
    user = lock(actor.id)
    if not passwords.verify(user.password_hash, present_password):
        raise Unacceptable("present_password", "wrong_password")
    same = "same_as_before" if new_password == present_password else None
    reason = weakness(new_password, login=user.login) or same
    if reason:
        raise Unacceptable("new_password", reason)
    user.password_hash = passwords.hash_password(new_password)
    user.must_change_password = False
    user.session_epoch += 1
    audit.record("user.password_changed", user, actor=user, now=clock.now())
    return user


def end_own_sessions(*, actor: User) -> None:
    """Sign out everywhere."""
    end_sessions(actor=actor, user_id=actor.id)


def choose_language(*, actor: User, locale: str) -> None:
    """Remember the language for the next session of ``actor``; not worth an entry in the history."""
    lock(actor.id).locale = locale


def create_account(
    *,
    actor: User | None,
    login: str,
    name: str,
    phone: str | None = None,
    grants: Collection[Grant],
    distributor_id: int | None = None,
) -> Handover:
    """A new account with a first password that must be changed. Raises Unacceptable for login, phone or grants.

    ``actor`` None is the operator's shell, from which the first administrator comes.
    """
    tidy = tidy_login(login)
    if not is_login(tidy):
        raise Unacceptable("login", "login_spelling")
    _check_grants(grants, of_distributor=distributor_id is not None)
    first, now = passwords.first_password(), clock.now()
    user = User(
        login=tidy,
        name=name,
        phone=_read_phone(phone),
        password_hash=passwords.hash_password(first),
        distributor_id=distributor_id,
        must_change_password=True,
        created_at=now,
    )
    with unique(uq_users_login=("login", "login_taken")):
        db.session.add(user)
    audit.record("user.created", user, actor=actor, now=now, roles=sorted({role for role, _ in grants}))
    _set_grants(user, grants, actor)
    return Handover(user, first)


def create_broker(*, actor: User, login: str, name: str, phone: str | None = None) -> Handover:
    """A broker's account in the owner's own company. A company that may not act gets no new people (DM-12.1, RE-5.4)."""
    distributor = db.session.get_one(Distributor, actor.distributor_id, populate_existing=True)
    check_may_act(distributor.status_at(clock.now()))
    return create_account(
        actor=actor, login=login, name=name, phone=phone, grants=[("broker", None)], distributor_id=distributor.id
    )


def change_account(
    *, actor: User, user_id: int, name: str, phone: str | None, grants: Collection[Grant], seen: Seen = NO_PAGE
) -> User:
    """New name, phone and roles. Login and company stay: what the person did is signed with them.

    Raises Unacceptable for phone or grants, among them taking away the last administrator, and Refusal when the account is
    not any more what the actor had seen.
    """
    _one_change_of_administrators_at_a_time()
    user = lock(user_id)
    wanted = {"name": name, "phone": _read_phone(phone), "grants": _spelled(grants)}
    check_edition(seen, account_values(user), wanted)
    _check_grants(grants, of_distributor=user.distributor_id is not None)
    if ("administrator", None) not in grants and _is_last_administrator(user):
        raise Unacceptable("grants", "last_administrator")
    _set_person(user, name, phone, actor)
    _set_grants(user, grants, actor)
    return user


def change_broker(*, actor: User, user_id: int, name: str, phone: str | None, seen: Seen = NO_PAGE) -> User:
    """New name and phone. Raises Unacceptable for phone, and Refusal when they are not what the actor had seen."""
    user = lock(user_id)
    check_edition(seen, person_values(user), {"name": name, "phone": _read_phone(phone)})
    _set_person(user, name, phone, actor)
    return user


def disable(*, actor: User, user_id: int) -> None:
    """Nobody signs in with the account, and its sessions end at once. Refused for oneself and the last administrator."""
    _one_change_of_administrators_at_a_time()
    user = lock(user_id)
    if user.id == actor.id:
        raise Refusal("own_account_stays")
    if _is_last_administrator(user):
        raise Refusal("last_administrator_stays")
    if user.disabled_at is None:
        user.disabled_at = clock.now()
        user.session_epoch += 1
        audit.record("user.disabled", user, actor=actor, now=user.disabled_at)


def enable(*, actor: User, user_id: int) -> None:
    """Let a disabled account sign in again, with its old password."""
    user = lock(user_id)
    if user.disabled_at is not None:
        user.disabled_at = None
        audit.record("user.enabled", user, actor=actor, now=clock.now())


def reset_password(*, actor: User, user_id: int) -> Handover:
    """A new first password; sessions end, a lock after failed sign-ins is lifted. Refused for oneself."""
    user = lock(user_id)
    if user.id == actor.id:
        raise Refusal("own_password_is_changed")
    first = passwords.first_password()
    user.password_hash = passwords.hash_password(first)
    user.must_change_password = True
    user.session_epoch += 1
    unlock(login=user.login)
    audit.record("user.password_reset", user, actor=actor, now=clock.now())
    return Handover(user, first)


def end_sessions(*, actor: User, user_id: int) -> None:
    """Sign the person out of every browser at the next request."""
    user = lock(user_id)
    user.session_epoch += 1
    audit.record("user.signed_out_everywhere", user, actor=actor, now=clock.now())


def unlock_account(*, actor: User, user_id: int) -> None:
    """Let somebody who is locked out after failed sign-ins try again now."""
    user = lock(user_id)
    if unlock(login=user.login):
        audit.record("user.unlocked", user, actor=actor, now=clock.now())


def person_values(user: User) -> dict[str, Any]:
    """Name and phone as a form shows them."""
    return {"name": user.name, "phone": user.phone}


def account_values(user: User) -> dict[str, Any]:
    """Name, phone and roles as a form shows them."""
    return person_values(user) | {"grants": _spelled((grant.role, grant.project_id) for grant in user.grants)}


def grant_value(role: str, project_id: int | None = None) -> str:
    """A role and its project as the value of a check box: "auditor", "reception@3"."""
    return role if project_id is None else f"{role}@{project_id}"


def lock(user_id: int) -> User:
    """The account's row, held until the transaction ends, read afresh with its roles."""
    statement = select(User).where(User.id == user_id).with_for_update(of=User)
    return db.session.execute(statement.execution_options(populate_existing=True)).unique().scalar_one()


def _spelled(grants: Iterable[Grant]) -> list[str]:
    return sorted({grant_value(*grant) for grant in grants})


def _read_phone(phone: str | None) -> str | None:
    try:
        return read_phone(phone) if phone else None
    except PhoneUnreadable as problem:
        raise Unacceptable("phone", f"phone_{problem.reason}") from None


def _check_grants(grants: Collection[Grant], *, of_distributor: bool) -> None:
    reason = roles.objection({role for role, _ in grants}, of_distributor=of_distributor)
    if reason:
        raise Unacceptable("grants", reason)


def _set_person(user: User, name: str, phone: str | None, actor: User) -> None:
    wanted = {"name": name, "phone": _read_phone(phone)}
    changed = sorted(key for key, value in wanted.items() if getattr(user, key) != value)
    for key in changed:
        setattr(user, key, wanted[key])
    if changed:
        audit.record("user.changed", user, actor=actor, now=clock.now(), fields=changed)


def _set_grants(user: User, grants: Collection[Grant], actor: User | None) -> None:
    wanted, now = set(grants), clock.now()
    held = {(grant.role, grant.project_id): grant for grant in user.grants}
    for role, project_id in sorted(held.keys() - wanted, key=str):
        user.grants.remove(held[role, project_id])
        audit.record("user.revoked", user, actor=actor, now=now, role=role, project=project_id)
    for role, project_id in sorted(wanted - held.keys(), key=str):
        user.grants.append(RoleGrant(role=role, project_id=project_id))
        audit.record("user.granted", user, actor=actor, now=now, role=role, project=project_id)
    db.session.flush()


def _one_change_of_administrators_at_a_time() -> None:
    """Two administrators who remove each other in the same moment would leave none: the second waits and counts again."""
    db.session.execute(select(func.pg_advisory_xact_lock(func.hashtext("administrators"))))


def _is_last_administrator(user: User) -> bool:
    if "administrator" not in user.roles or not user.is_active:
        return False
    others = (
        select(RoleGrant.id)
        .join(User, User.id == RoleGrant.user_id)
        .where(RoleGrant.role == "administrator", User.disabled_at.is_(None), User.id != user.id)
    )
    return db.session.scalar(others.limit(1)) is None
