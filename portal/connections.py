"""Connections to the database that have rested are asked whether they live before they are used.

One that was at work a moment ago is not asked: under load that would be a question for every request. Whoever comes in that
moment after the database went away is answered as those are whom it left in the middle; once one connection was lost so, those
that rested meanwhile are asked too, so that it happens to one request and not to one for each connection.
"""

from __future__ import annotations

import time
from typing import Any

from flask import Flask
from sqlalchemy import Engine, event
from sqlalchemy.exc import InvalidatePoolError

from portal.models import db

#: Seconds of rest after which a connection is asked.
REST = 1.0
_AT = "given_back_at"


def register(app: Flask) -> None:
    """Watch the connections of the application's database."""
    with app.app_context():
        watch(db.engine)


def watch(engine: Engine) -> None:
    """Ask rested connections of ``engine``; when one is dead, all that rest are thrown away and a new one is made."""
    lost_at = float("-inf")

    @event.listens_for(engine, "invalidate")
    def lose(connection: Any, record: Any, error: BaseException | None) -> None:
        nonlocal lost_at
        lost_at = time.monotonic()

    @event.listens_for(engine, "checkin")
    def note(connection: Any, record: Any) -> None:
        record.info[_AT] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def ask(connection: Any, record: Any, proxy: Any) -> None:
        given_back_at = record.info.get(_AT)
        if given_back_at is None or given_back_at > max(lost_at, time.monotonic() - REST):
            return
        if not _lives(engine, connection):
            raise InvalidatePoolError()


def _lives(engine: Engine, connection: Any) -> bool:
    try:
        return bool(engine.dialect.do_ping(connection))
    except engine.dialect.loaded_dbapi.Error as problem:
        if engine.dialect.is_disconnect(problem, connection, None):
            return False
        raise
