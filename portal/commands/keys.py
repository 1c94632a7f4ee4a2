"""flask keys rotate: seal everything again under the current key, so that an older one can be taken out of service."""

from __future__ import annotations

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from sqlalchemy import create_engine

from portal import crypto
from portal.services import key_rotation

keys = AppGroup("keys", help="The keys that personal data is sealed with.")


@keys.command("rotate")
@click.option("--batch", default=1_000, show_default=True, help="Rows in one transaction.")
def rotate(batch: int) -> None:
    """Seal every value under the last key of SEALING_KEYS. May be stopped and started again; says what it changed.

    Runs as the owner of the database (DATABASE_OWNER_URL), since what was filed is guarded against everybody else.
    """
    settings = current_app.extensions["settings"]
    engine = create_engine(settings.database_owner_url or settings.database_url)
    try:
        for column in key_rotation.sealed_columns():
            changed = key_rotation.rotate(engine, column, batch=batch)
            click.echo(f"{column}: {changed} sealed again under {crypto.current_key()}")
    finally:
        engine.dispose()


def register(app: Flask) -> None:
    """Make the commands known."""
    app.cli.add_command(keys)
