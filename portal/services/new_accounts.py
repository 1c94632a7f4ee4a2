"""A new account with the password to hand over, also when the form is sent twice and the first answer was never seen."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select

from portal import clock, crypto
from portal.models import Distributor, HistoryEntry, User, db
from portal.queries.changes import about
from portal.rules.customers import PhoneUnreadable, read_phone
from portal.rules.logins import tidy_login
from portal.rules.partnership import check_may_act
from portal.services import accounts
from portal.services.accounts import Grant, Handover

_SAME_FORM = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Renewed(Handover):
    """The account was there from the same form; this password takes the place of the one shown before."""


def open_account(
    *,
    actor: User,
    login: str,
    name: str,
    phone: str | None = None,
    grants: Collection[Grant],
    distributor_id: int | None = None,
) -> Handover:
    """As ``accounts.create_account``; the same form sent again within ten minutes is the one account, with a new password.

    Only while nobody has signed in with the first. Raises Unacceptable for login, phone or grants.
    """
    made = _made_just_now(actor, login, name, phone, grants, distributor_id)
    if made is not None:
        return _renew(actor, made)
    return accounts.create_account(
        actor=actor, login=login, name=name, phone=phone, grants=grants, distributor_id=distributor_id
    )


def open_broker_account(*, actor: User, login: str, name: str, phone: str | None = None) -> Handover:
    """As ``accounts.create_broker``, and once as ``open_account``. Raises Refusal for a company that may not act."""
    company = db.session.get_one(Distributor, actor.distributor_id, populate_existing=True)
    check_may_act(company.status_at(clock.now()))
    made = _made_just_now(actor, login, name, phone, [("broker", None)], company.id)
    if made is not None:
        return _renew(actor, made)
    return accounts.create_broker(actor=actor, login=login, name=name, phone=phone)


def _renew(actor: User, user: User) -> Renewed:
    handover = accounts.reset_password(actor=actor, user_id=user.id)
    return Renewed(handover.user, handover.first_password)


def _made_just_now(
    actor: User, login: str, name: str, phone: str | None, grants: Collection[Grant], distributor_id: int | None
) -> User | None:
    """The account that the actor made with these particulars a short while ago, if nobody has come in with it since."""
    tidy = tidy_login(login)
    # Two presses in one moment: the second waits here until the first has made the account.
    db.session.execute(select(func.pg_advisory_xact_lock(_key(tidy))))
    user = db.session.scalars(select(User).where(User.login == tidy)).unique().one_or_none()
    if user is None or not user.must_change_password or not user.is_active:
        return None
    held = {(grant.role, grant.project_id) for grant in user.grants}
    same = (user.name, user.distributor_id, held) == (name, distributor_id, set(grants)) and _is_phone(user, phone)
    return user if same and _is_fresh(user, actor) else None


def _is_fresh(user: User, actor: User) -> bool:
    made = (HistoryEntry.verb == "user.created") & (HistoryEntry.actor_id == actor.id)
    since = clock.now() - _SAME_FORM
    query = select(
        func.count().filter(made, HistoryEntry.happened_at > since),
        func.count().filter(HistoryEntry.verb == "user.signed_in"),
    ).where(about("users", [user.id]))
    just_made, signed_in = db.session.execute(query).one()
    return bool(just_made) and not signed_in


def _is_phone(user: User, typed: str | None) -> bool:
    try:
        return user.phone == (read_phone(typed) if typed else None)
    except PhoneUnreadable:
        return False


def _key(login: str) -> int:
    return int.from_bytes(crypto.fingerprint("login", login)[:8], "big", signed=True)
