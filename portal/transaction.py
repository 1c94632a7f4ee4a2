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


def after_commit(action: Callable[[], None]) -> None:
    """Put ``action`` off until the running transaction has committed; a rollback drops it."""
    db.session.info.setdefault(_AFTER, []).append(action)
