"""Signing in: one row per login is locked first, so failures are counted exactly, however many try at once.

A browser in which the person has signed in before counts on a row of its own: who guesses from elsewhere cannot lock it out.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, case, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import lazyload

from portal import audit, clock, passwords
from portal.crypto import fingerprint
from portal.models import SignInAttempts, User, db
from portal.rules.logins import is_login, tidy_login

MAX_FAILURES = 5
LOCKED_FOR = timedelta(minutes=15)
#: Failures that old no longer count, and their rows are swept.
_FORGOTTEN_AFTER = timedelta(days=1)
_SWEPT_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Attempt:
    """How a try ended: the person (``user``), or how many tries are left, or until when (UTC) the login is locked."""

    user: User | None
    tries_left: int = MAX_FAILURES
    locked_until: datetime | None = None


def sign_in(*, login: str, password: str, marks: Sequence[str] = ()) -> Attempt:
    """Check ``password``. A wrong one and an unknown login cost the same work and have the same answers.

    ``marks`` are those that the browser brought, see ``browser_mark``. The caller commits whatever the outcome: a failure is
    counted too. A disabled account is returned like any other; who may come in is decided at each request (portal/sessions.py).
    """
    tidy = tidy_login(login)
    tries = _locked_row(_row_key(tidy, known=_is_known(tidy, marks)))
    now = clock.now()
    if tries.locked_until is not None and tries.locked_until > now:
        return Attempt(None, 0, tries.locked_until)
    _sweep(now)
    user = db.session.scalar(_person(tidy)) if is_login(tidy) else None
    if not passwords.verify(user.password_hash if user else passwords.NOBODYS_HASH, password) or user is None:
        return _failed(tries, user, now)
    db.session.delete(tries)
    if passwords.needs_rehash(user.password_hash):
        user.password_hash = passwords.hash_password(password)
    audit.record("user.signed_in", user, actor=user, now=now)
    return Attempt(user)


def unlock(*, login: str) -> bool:
    """Forget the failures under ``login``; whether it was locked or counted at all."""
    tidy = tidy_login(login)
    keys = (_row_key(tidy, known=False), _row_key(tidy, known=True))
    statement = delete(SignInAttempts).where(SignInAttempts.login_fingerprint.in_(keys))
    return any(db.session.scalars(statement.returning(SignInAttempts.failures)).all())


def browser_mark(user: User) -> str:
    """What a browser keeps in which ``user`` has signed in, until all its sessions are ended or its password is changed."""
    return _mark(user.id, user.session_epoch)


def _mark(user_id: int, session_epoch: int) -> str:
    return fingerprint("known_browser", f"{user_id}|{session_epoch}").hex()


def _row_key(tidy: str, *, known: bool) -> bytes:
    """Under which key failures of the login are counted: in browsers that are ``known``, and in all others."""
    return fingerprint("login_known" if known else "login", tidy)


def _is_known(tidy: str, marks: Sequence[str]) -> bool:
    query = select(User.id, User.session_epoch).where(User.login == tidy)
    found = db.session.execute(query).one_or_none() if is_login(tidy) else None
    mine = b"" if found is None else _mark(*found).encode()
    return any(hmac.compare_digest(mine, mark.encode(errors="replace")) for mark in marks if mark)


def _locked_row(key: bytes) -> SignInAttempts:
    # The write comes first: a second try of the same login waits until this one is counted.
    now = clock.now()
    stale = SignInAttempts.last_tried_at < now - _FORGOTTEN_AFTER
    db.session.execute(
        insert(SignInAttempts)
        .values(login_fingerprint=key, last_tried_at=now)
        .on_conflict_do_update(
            index_elements=["login_fingerprint"],
            set_={"last_tried_at": now, "failures": case((stale, 0), else_=SignInAttempts.failures)},
        )
    )
    return db.session.execute(
        select(SignInAttempts).where(SignInAttempts.login_fingerprint == key).execution_options(populate_existing=True)
    ).scalar_one()


def _failed(tries: SignInAttempts, user: User | None, now: datetime) -> Attempt:
    served = tries.locked_until is not None
    tries.failures = 1 if served else tries.failures + 1
    tries.locked_until = now + LOCKED_FOR if tries.failures >= MAX_FAILURES else None
    if tries.locked_until is not None and user is not None:
        audit.record("user.locked_out", user, actor=None, now=now, failures=tries.failures)
    return Attempt(None, MAX_FAILURES - tries.failures, tries.locked_until)


def _person(tidy: str) -> Select[User]:
    """Without the roles: reading them for a login that exists would take longer than for one that does not."""
    return select(User).where(User.login == tidy).options(lazyload(User.grants))


def _sweep(now: datetime) -> None:
    """Drop some of the rows that nobody has touched for a day, and only those that nobody is using now."""
    old = (
        select(SignInAttempts.login_fingerprint)
        .where(SignInAttempts.last_tried_at < now - _FORGOTTEN_AFTER)
        .limit(_SWEPT_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    db.session.execute(
        delete(SignInAttempts).where(SignInAttempts.login_fingerprint.in_(old)),
        execution_options={"synchronize_session": False},
    )
