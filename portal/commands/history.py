"""flask history verify: check the chained history of every project, or of one."""

from __future__ import annotations

import click
from flask import Flask
from flask.cli import AppGroup
from sqlalchemy import select

from portal.models import Project, db
from portal.services import sealing

history = AppGroup("history", help="The append-only history.")

_WHY = {
    "changed": "entry {entry} is not what was written",
    "missing": "entry {entry} is gone",
    "slipped_in": "entry {entry} was put in after its place was sealed",
    "link_missing": "link {number} is gone",
    "link_changed": "link {number} is not what was sealed",
}


@history.command("verify")
@click.option("--project", "code", help="Only the chain of the project with this code.")
def verify(code: str | None) -> None:
    """Check every chain. Says the hash of each last link; exit status 1 and the first broken entry when one does not hold."""
    for name, chain in _chains(code):
        report = sealing.verify(chain)
        if isinstance(report, sealing.Broken):
            why = _WHY[report.why].format(entry=report.entry_id, number=report.number)
            raise click.ClickException(f"{name}: broken, {why}")
        click.echo(
            f"{name}: whole, {report.sealed} entries under {report.links} links, {report.tail} not sealed yet,"
            f" last link {report.head[:16]}"
        )


def _chains(code: str | None) -> list[tuple[str, int]]:
    query = select(Project.code, Project.id).order_by(Project.code)
    if code is None:
        return [("no project", 0), *((found, chain) for found, chain in db.session.execute(query))]
    chosen = [(found, chain) for found, chain in db.session.execute(query.where(Project.code == code))]
    if not chosen:
        raise click.ClickException(f"there is no project {code}")
    return chosen


def register(app: Flask) -> None:
    """Make the commands known."""
    app.cli.add_command(history)
