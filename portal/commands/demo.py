"""``flask demo``: fill an empty database with a story, and say who to sign in as."""

from __future__ import annotations

import click
from flask import Flask
from flask.cli import AppGroup

from portal.demo.cast import PASSWORD, TOUR
from portal.models import User, db

demo = AppGroup("demo", help="Demo data.")


@demo.command("seed")
def fill() -> None:
    """Fill the database when nobody is in it yet; otherwise leave it alone."""
    if db.session.scalar(db.select(User.id).limit(1)) is not None:
        click.echo("already filled, left alone")
        return
    # Every process of the portal loads its commands; the plots of the demo and their dictionaries are for this one alone.
    from portal.demo.seed import seed

    click.echo(f"{seed()} registrations")


@demo.command("sign-ins")
def sign_ins() -> None:
    """Who to sign in as; nothing when the demo's people are not here."""
    here = set(db.session.scalars(db.select(User.login).where(User.login.in_([login for login, *_ in TOUR]))))
    if not here:
        return
    click.echo(f"demo sign-ins, password {PASSWORD}")
    for login, chinese, english in TOUR:
        if login in here:
            click.echo(f"  {login:<9} {chinese} / {english}")


def register(app: Flask) -> None:
    """Add the commands."""
    app.cli.add_command(demo)
