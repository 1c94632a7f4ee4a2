"""The scratch database of a rehearsal: made from the migrations, one clone per process, dropped when the run is over."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from flask import current_app
from flask_migrate import upgrade
from psycopg import sql
from sqlalchemy.engine import make_url

from portal.config import Settings

_GRANTS = (
    "ALTER DEFAULT PRIVILEGES GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {app}",
    "ALTER DEFAULT PRIVILEGES GRANT USAGE, SELECT ON SEQUENCES TO {app}",
)


class ScratchRefused(Exception):
    """No scratch database can be made here; the message says what to grant."""


@contextmanager
def scratch_settings(settings: Settings, count: int) -> Iterator[list[Settings]]:
    """Settings of ``count`` fresh databases with every table and no row. Raises ScratchRefused."""
    base = f"rehearsal_{os.getpid()}"
    names = [f"{base}_{number}" for number in range(count)]
    with _connection(settings) as server:
        try:
            _create(server, names[0])
            _migrate(settings, names[0])
            for name in names[1:]:
                _create(server, name, template=names[0])
            yield [_pointed_at(settings, name) for name in names]
        finally:
            for name in names:
                _drop(server, name)


def _connection(settings: Settings) -> psycopg.Connection:
    url = make_url(settings.database_owner_url or settings.database_url)
    return psycopg.connect(url.set(drivername="postgresql").render_as_string(hide_password=False), autocommit=True)


def _create(server: psycopg.Connection, name: str, template: str | None = None) -> None:
    statement = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
    if template is not None:
        statement += sql.SQL(" TEMPLATE {}").format(sql.Identifier(template))
    try:
        server.execute(statement)
        # Nothing here is worth waiting for the disk.
        server.execute(sql.SQL("ALTER DATABASE {} SET synchronous_commit = off").format(sql.Identifier(name)))
    except psycopg.errors.InsufficientPrivilege:
        raise ScratchRefused("the database owner may not create databases: ALTER ROLE … CREATEDB") from None


def _drop(server: psycopg.Connection, name: str) -> None:
    """Not by force: the owner may end neither the application's sessions nor the server's own vacuum, and would fail on them.

    A plain drop asks the vacuum to leave and waits five seconds for a session that is just closing; so it is asked again.
    """
    for patience in (True, True, False):
        try:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
            return
        except psycopg.errors.ObjectInUse:
            if not patience:
                raise


def _migrate(settings: Settings, name: str) -> None:
    """Bring the fresh database to the newest migration, with the application's role let in as at home."""
    there = _pointed_at(settings, name)
    app_role = make_url(there.database_url).username
    with _connection(there) as server:
        for grant in _GRANTS if app_role else ():
            server.execute(sql.SQL(grant).format(app=sql.Identifier(str(app_role))))
    home = current_app.extensions["settings"]
    current_app.extensions["settings"] = there
    try:
        upgrade()
    finally:
        current_app.extensions["settings"] = home


def _pointed_at(settings: Settings, name: str) -> Settings:
    urls = {"database_url": settings.database_url, "database_owner_url": settings.database_owner_url}
    moved = {
        key: make_url(url).set(database=name).render_as_string(hide_password=False) for key, url in urls.items() if url
    }
    return settings.model_copy(update=moved)
