"""flask accounts add-administrator: the account that makes all others, on an installation that has none yet."""

from __future__ import annotations

import click
from flask import Flask
from flask.cli import AppGroup

from portal.services import accounts as service
from portal.services.unacceptable import Unacceptable
from portal.transaction import transaction

accounts = AppGroup("accounts", help="People who sign in.")


@accounts.command("add-administrator")
@click.argument("login")
@click.argument("name")
def add_administrator(login: str, name: str) -> None:
    """Make an administrator's account and print its first password, which has to be changed at the first sign-in."""
    try:
        with transaction():
            made = service.create_account(actor=None, login=login, name=name, grants=[("administrator", None)])
            login = made.user.login
    except Unacceptable as reason:
        raise click.ClickException(f"{reason.field} cannot be {login!r}: {reason.reason}") from None
    click.echo(f"{login}  {made.first_password}")


def register(app: Flask) -> None:
    app.cli.add_command(accounts)
