"""flask ruling replay: recompute a ruling from what was stored with it."""

from __future__ import annotations

import click
from flask import Flask
from flask.cli import AppGroup

from portal.models import Ruling
from portal.queries import rulings
from portal.services.replays import Replay, replay_ruling

ruling = AppGroup("ruling", help="Whose a deal is.")

_WHY = {
    "digest": "the stored case is not the one that was ruled: its digest differs",
    "policy_changed": "the text of policy {about} is not what was published",
    "policy_other": "policy {about} is not the one in force at the event",
    "column": "the {about} on record is not the one that was ruled",
    "event": "the event {about} is not as it was when it was ruled",
    "registration": "the registration {about} is not as it was when it was ruled",
    "outcome": "the rules give another {about}",
    "unreadable": "the stored case cannot be read",
}


@ruling.command("replay")
@click.argument("reference", required=False)
@click.option("--all", "everything", is_flag=True, help="Every ruling there is; only those that differ are named.")
def replay(reference: str | None, everything: bool) -> None:
    """Recompute ruling REFERENCE. Says same or different and what differs; exit status 1 when something does."""
    if everything == (reference is not None):
        raise click.UsageError("give the number of a ruling, or --all")
    wanted = rulings.references() if everything else [str(reference)]
    found = [replay_ruling(_named(one)) for one in wanted]
    for one in found:
        if not (everything and one.same):
            _say(one)
    different = sum(not one.same for one in found)
    if everything:
        click.echo(f"{len(found)} rulings, {different} different")
    if different:
        raise SystemExit(1)


def _named(reference: str) -> Ruling:
    found = rulings.named(reference)
    if found is None:
        raise click.ClickException(f"there is no ruling {reference}")
    return found


def _say(one: Replay) -> None:
    kept = one.ruling
    policy = f"policy {kept.policy.code}-{kept.policy.version}"
    word = "same" if one.same else "different"
    click.echo(f"{kept.reference}: {word}, {kept.clause}, {policy}, digest {kept.digest[:16]}")
    for difference in one.differences:
        code, _colon, about = difference.partition(":")
        click.echo(f"  {_WHY[code].format(about=about)}")


def register(app: Flask) -> None:
    """Make the commands known."""
    app.cli.add_command(ruling)
