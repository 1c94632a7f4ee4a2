"""A database that went away is noticed before a rested connection is used, and not asked after all the time."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from portal import connections
from portal.models import db
from portal.straight import Straight

_ME = text("SELECT pg_backend_pid()")
#: Returns once it has ended.
_END = text("SELECT pg_terminate_backend(:pid, 600000)")
_STRAIGHT_ME = Straight(text("SELECT pg_backend_pid() AS pid"))


@pytest.fixture(autouse=True)
def _no_connection_rests(app: Flask) -> None:
    """Earlier tests leave several behind, given out in turn: the one that is ended here would be somebody else's."""
    with app.app_context():
        db.engine.dispose()


def test_a_rested_connection_that_died_is_replaced(
    app: Flask, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "REST", 0.0)
    other = create_engine(database_url.replace("postgresql://", "postgresql+psycopg://"))
    with app.app_context():
        pid = db.session.scalar(_ME)
        db.session.remove()
        with other.connect() as connection:
            assert connection.execute(_END, {"pid": pid}).scalar_one()
        other.dispose()
        assert db.session.scalar(_ME) != pid


def test_one_that_was_at_work_a_moment_ago_is_not_asked(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(connections, "REST", 3600.0)
    with app.app_context():
        ping = db.engine.dialect.do_ping
        monkeypatch.setattr(db.engine.dialect, "do_ping", lambda connection: asked.append(1) or ping(connection))
        for _ in range(3):
            db.session.scalar(_ME)
            db.session.remove()
        assert asked == []
        monkeypatch.setattr(connections, "REST", 0.0)
        db.session.scalar(_ME)
        assert len(asked) == 1


def test_what_one_request_found_out_no_other_finds_out_again(
    app: Flask, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "REST", 3600.0)
    other = create_engine(database_url.replace("postgresql://", "postgresql+psycopg://"))
    with app.app_context():
        with db.engine.connect() as one, db.engine.connect() as two:
            ended = [one.scalar(_ME), two.scalar(_ME)]
        with other.connect() as connection:
            assert all(connection.execute(_END, {"pid": pid}).scalar_one() for pid in ended)
        other.dispose()
        with pytest.raises(OperationalError):
            _STRAIGHT_ME.rows({})
        db.session.remove()
        assert _STRAIGHT_ME.rows({})[0].pid not in ended
