"""Jieding (界定): the portal for channel sales. ``create_app`` puts the rooms together."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import redis
from flask import Flask
from redis.backoff import NoBackoff
from redis.retry import Retry
from werkzeug.middleware.proxy_fix import ProxyFix

from portal import blueprints as rooms
from portal import commands, crypto, models
from portal.config import Settings, load_settings
from portal.extensions import babel, csrf, db, limiter, login_manager, migrate

#: Parts of the application outside the rooms that bind themselves to it.
PARTS: tuple[str, ...] = (
    "portal.connections",
    "portal.hand_in",
    "portal.security",
    "portal.addresses",
    "portal.wording.locale",
    "portal.wording",
    "portal.wording.families",
    "portal.assets",
    "portal.htmx",
    "portal.errors",
    "portal.sessions",
)

#: How long a page waits for a Redis that has hung before it goes on without: a second, and once more at once, since what was
#: at rest may have been closed by a Redis that began anew.
REDIS_PATIENCE: dict[str, Any] = {
    "socket_timeout": 1,
    "socket_connect_timeout": 1,
    "retry": Retry(NoBackoff(), retries=1),
}


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application. Raises SettingsWrong when a setting is wrong or missing."""
    settings = settings or load_settings()
    app = Flask(__name__)
    _configure(app, settings)
    crypto.use_keys(crypto.Keyring.from_settings(settings))
    app.extensions["settings"] = settings
    app.extensions["redis"] = redis.from_url(settings.redis_url, **REDIS_PATIENCE)
    for extension in (db, csrf, login_manager, limiter):
        extension.init_app(app)
    migrate.init_app(app, db)
    for part in (*_named(PARTS), *_modules_of(rooms), *_modules_of(commands)):
        part.register(app)
    return app


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SECRET_KEY=settings.secret_key.get_secret_value(),
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS={
            "hide_parameters": True,
            "connect_args": {"options": "-c timezone=UTC"},
        },
        SESSION_COOKIE_SECURE=settings.cookie_secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=12 * 1024 * 1024,
        WTF_CSRF_TIME_LIMIT=None,
        RATELIMIT_STORAGE_URI=settings.rate_limit_storage,
        RATELIMIT_STORAGE_OPTIONS=REDIS_PATIENCE,
        RATELIMIT_ENABLED=settings.rate_limits,
        RATELIMIT_IN_MEMORY_FALLBACK_ENABLED=True,
        RATELIMIT_HEADERS_ENABLED=False,
    )
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]


def _modules_of(package: ModuleType) -> Iterator[ModuleType]:
    for info in sorted(pkgutil.iter_modules(package.__path__), key=lambda found: found.name):
        yield importlib.import_module(f"{package.__name__}.{info.name}")


def _named(names: tuple[str, ...]) -> Iterator[ModuleType]:
    return (importlib.import_module(name) for name in names)


__all__ = ["babel", "create_app", "models"]
