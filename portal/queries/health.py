"""Whether the servers behind the portal answer."""

from __future__ import annotations

from flask import current_app
from redis.exceptions import RedisError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from portal.models import db


def state() -> dict[str, str]:
    """ "ok" or "away" for the database and for Redis."""
    return {"database": _database(), "redis": _redis()}


def _database() -> str:
    try:
        db.session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        db.session.rollback()
        return "away"
    return "ok"


def _redis() -> str:
    try:
        current_app.extensions["redis"].ping()
    except RedisError:
        return "away"
    return "ok"
