"""One command, one transaction. What must leave the house (jobs) leaves after the commit, never before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from portal.models.base import db

_AFTER = "after_commit"


@contextmanager
def transaction() -> Iterator[None]:
    """Commit what the block did, or nothing of it. Runs what was put off with ``after_commit`` once it is safe."""
    try:
        yield
        db.session.commit()
    except BaseException:
        db.session.rollback()
        db.session.info.pop(_AFTER, None)
        raise
    for action in db.session.info.pop(_AFTER, []):
        action()


@contextmanager
def savepoint() -> Iterator[None]:
    """Inside a transaction: keep what the block did, or undo that alone, with what it had put off until the commit."""
    put_off = list(db.session.info.get(_AFTER, ()))
    try:
        with db.session.begin_nested():
            yield
    except BaseException:
        db.session.info[_AFTER] = put_off
        raise


@contextmanager
def snapshot() -> Iterator[None]:
    """Inside: the database as it stands at this instant, to read only; what others commit meanwhile is not seen.

    For long reads whose parts must agree. Must not begin inside a transaction; nothing can be changed and nothing is kept.
    """
    if db.session().in_transaction():
        raise RuntimeError("a snapshot begins outside of every transaction")
    options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    try:
        db.session.connection(execution_options=options)
        yield
    finally:
        db.session.rollback()


def after_commit(action: Callable[[], None]) -> None:
    """Put ``action`` off until the running transaction has committed; a rollback drops it."""
    db.session.info.setdefault(_AFTER, []).append(action)
