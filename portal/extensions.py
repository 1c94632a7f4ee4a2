"""The Flask extensions, made once and bound to an application in create_app."""

from __future__ import annotations

from pathlib import Path

from flask import session
from flask_babel import Babel
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_wtf import CSRFProtect

from portal.models.base import db


def who_asks() -> str:
    """Whom requests are counted for: the person of the session, since a whole site shares one address; else the address."""
    person = session.get("_user_id")
    return f"person:{person}" if person else get_remote_address()


babel = Babel()
csrf = CSRFProtect()
#: A person's or an address's share of the whole; routes that can be guessed at have stricter limits of their own.
limiter = Limiter(key_func=who_asks, default_limits=["600 per minute"])
login_manager = LoginManager()
migrate = Migrate(directory=str(Path(__file__).parents[1] / "migrations"), compare_type=True)

__all__ = ["babel", "csrf", "db", "limiter", "login_manager", "migrate"]
