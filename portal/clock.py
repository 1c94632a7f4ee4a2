"""The one clock of the portal: the database's, in whole seconds, UTC.

Services read it *after* they hold their lock (docs/decisions/0002), so that the order of the stored times is the order
in which commands were decided, whatever the clocks of the web machines say.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from sqlalchemy import DateTime, func, select

from portal.models.base import db

_story_time: ContextVar[datetime | None] = ContextVar("story_time", default=None)
#: The database's own word for it, for statements that ask for more besides.
DATABASE_NOW = func.date_trunc("second", func.clock_timestamp(), type_=DateTime(timezone=True))
_ASK = select(DATABASE_NOW)


def now() -> datetime:
    """The present instant, UTC, whole seconds: the database's clock, or the time that a story has set."""
    story = _story_time.get()
    if story is not None:
        return story
    instant: datetime = db.session.execute(_ASK).scalar_one()
    return instant


def story_time() -> datetime | None:
    """The time a story has set, for statements that ask the database's clock themselves."""
    return _story_time.get()


@contextmanager
def set_to(instant: datetime) -> Iterator[None]:
    """Let a story (a scenario, a test, the demo data) say what time it is. Never used while serving people."""
    token = _story_time.set(instant)
    try:
        yield
    finally:
        _story_time.reset(token)
