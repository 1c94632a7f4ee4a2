"""`flask doctor`: is everything there that this installation needs?"""

from __future__ import annotations

import sys

import click
from flask import Flask
from flask.cli import with_appcontext

from portal.doctor import examine


@click.command("doctor")
@with_appcontext
def doctor() -> None:
    """Check database, queue, worker, fonts, storage, keys and clocks; exit with 1 when something is wrong."""
    findings = examine()
    for finding in findings:
        click.echo(finding.line())
    if not all(finding.is_well for finding in findings):
        sys.exit(1)


def register(app: Flask) -> None:
    app.cli.add_command(doctor)
