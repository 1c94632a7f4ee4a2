"""Commands about accounts: one's own password and sessions; what administrators and owners do to others'."""

from __future__ import annotations

from sqlalchemy import select

from portal import audit, clock, passwords
from portal.models import User, db
from portal.rules.passwords import weakness
from portal.services.unacceptable import Unacceptable


def change_own_password(*, actor: User, present_password: str, new_password: str) -> User:
    """Give ``actor`` a new password; every session ends, the caller begins this browser's again.

    Raises Unacceptable for "present_password" or "new_password".
    """
    user = lock(actor.id)
    if not passwords.verify(user.password_hash, present_password):
        raise Unacceptable("present_password", "wrong_password")
    reason = weakness(new_password, login=user.login) or (
        "same_as_before" if new_password == present_password else None
    )
    if reason:
        raise Unacceptable("new_password", reason)
    user.password_hash = passwords.hash_password(new_password)
    user.must_change_password = False
    user.session_epoch += 1
    audit.record("user.password_changed", user, actor=user, now=clock.now())
    return user


def end_own_sessions(*, actor: User) -> None:
    """Sign out everywhere."""
    user = lock(actor.id)
    user.session_epoch += 1
    audit.record("user.signed_out_everywhere", user, actor=user, now=clock.now())


def choose_language(*, actor: User, locale: str) -> None:
    """Remember the language for the next session of ``actor``; not worth an entry in the history."""
    lock(actor.id).locale = locale


def lock(user_id: int) -> User:
    """The account's row, held until the transaction ends, read afresh."""
    statement = select(User).where(User.id == user_id).with_for_update(of=User)
    return db.session.execute(statement.execution_options(populate_existing=True)).unique().scalar_one()
