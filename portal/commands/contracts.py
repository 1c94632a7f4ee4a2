"""flask contracts verify: whether a signed contract is as it was when it was signed."""

from __future__ import annotations

from pathlib import Path

import click
from flask import Flask
from flask.cli import AppGroup

from portal.documents.pades import Examined
from portal.queries import documents
from portal.services.contract_papers import examine_paper

contracts = AppGroup("contracts", help="Contracts and their signatures.")


@contracts.command("verify")
@click.argument("wanted")
def verify(wanted: str) -> None:
    """Examine WANTED: the number of a contract, or a PDF file. Exit status 1 unless it is ours and unaltered."""
    path = Path(wanted)
    found = examine_paper(path.read_bytes() if path.is_file() else _kept(wanted))
    click.echo(f"{wanted}: {_word(found)}")
    if not (found.unaltered and found.ours):
        raise SystemExit(1)


def _kept(reference: str) -> bytes:
    paper = documents.with_reference(f"{reference}-S")
    content = documents.content_of(paper) if paper is not None else None
    if content is None:
        raise click.ClickException(f"there is no signed paper of {reference}")
    return content


def _word(found: Examined) -> str:
    if not found.signed:
        return "not signed"
    if not found.unaltered:
        return "ALTERED after it was signed, or not readable"
    if not found.ours:
        return f"unaltered, but signed by {found.holder}, not with our certificate"
    stamp = f"; time stamp of {found.stamped_by}, {found.stamped_at:%Y-%m-%d %H:%M:%S} UTC" if found.stamped_at else ""
    return f"unaltered, signed by {found.holder} at {found.signed_at:%Y-%m-%d %H:%M:%S} UTC{stamp}"


def register(app: Flask) -> None:
    """Make the commands known."""
    app.cli.add_command(contracts)
