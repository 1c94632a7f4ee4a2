"""flask retention show: how long what about partners is kept, and until when for each whose file is closed."""

from __future__ import annotations

import click
from flask import Flask
from flask.cli import AppGroup

from portal.queries.retention import closed_partners
from portal.rules.retention import ABANDONED_DAYS, REJECTED_YEARS, RETENTIONS
from portal.wording import times

retention = AppGroup("retention", help="How long data of partners is kept.")


@retention.command("show")
def show() -> None:
    """Print the table and, for each closed partner, the last day on which each kind is kept."""
    for one in RETENTIONS:
        kept = "as long as the portal runs" if one.years is None else f"{one.years} years after the closing"
        click.echo(f"{one.kind}: {kept}{', then erased by the worker' if one.erased else ''}")
    click.echo(f"rejected applications: {REJECTED_YEARS} years after the decision, then erased by the worker")
    click.echo(f"abandoned applications: {ABANDONED_DAYS} days after the last change, then erased by the worker")
    page = closed_partners()
    while page.rows:
        for row in page.rows:
            ends = ", ".join(f"{kind} until {times.date(times.last_covered(end))}" for kind, end in row.ends.items())
            click.echo(f"{row.distributor.reference}: {ends}")
        if page.next_key is None:
            break
        page = closed_partners(page.next_key)


def register(app: Flask) -> None:
    """Bind the command group to the application."""
    app.cli.add_command(retention)
