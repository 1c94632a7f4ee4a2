"""Alembic's environment: migrations run as the owner of the database, which the application's user is not."""

from alembic import context
from flask import current_app
from sqlalchemy import create_engine

from portal.models import db


def _owner_url() -> str:
    settings = current_app.extensions["settings"]
    return settings.database_owner_url or settings.database_url


def run_migrations() -> None:
    engine = create_engine(_owner_url())
    try:
        with engine.connect() as connection:
            context.configure(connection=connection, target_metadata=db.metadata, compare_type=True)
            with context.begin_transaction():
                context.run_migrations()
    finally:
        engine.dispose()


if context.is_offline_mode():
    raise SystemExit("migrations run against a database")
run_migrations()
