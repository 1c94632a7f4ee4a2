"""``flask scenario run``: rehearse a policy with stories (规则演练)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
from flask import Flask
from flask.cli import AppGroup

from portal.rules.policies import PolicyError, read_document
from portal.scenarios.rehearsal import Result, rehearse
from portal.scenarios.scratch import ScratchRefused
from portal.scenarios.stories import StoryError, story_files

scenario = AppGroup("scenario", help="Rehearse policies with stories.")


@scenario.command("run")
@click.argument("paths", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object per story.")
@click.option("--policy", "draft", type=click.Path(exists=True, dir_okay=False), help="Play under this policy file.")
def run(paths: tuple[str, ...], as_json: bool, draft: str | None) -> None:
    """Play the stories in PATHS (files or folders). Exit 1 when an expectation fails, 2 when a file is no story."""
    try:
        results = rehearse(story_files(paths), None if draft is None else _draft(draft))
    except (StoryError, PolicyError, ScratchRefused) as error:
        click.echo(str(error), err=True)
        raise SystemExit(2) from None
    for result in results:
        _tell(result, as_json)
    passed, failed = sum(r.passed for r in results), sum(len(r.failures) for r in results)
    if not as_json:
        click.echo(f"{passed} passed, {failed} failed")
    if any(result.error for result in results):
        raise SystemExit(2)
    raise SystemExit(1 if failed else 0)


def _tell(result: Result, as_json: bool) -> None:
    if result.error is not None:
        click.echo(result.error, err=True)
    elif as_json:
        line = {
            "file": result.path,
            "title": result.title,
            "passed": result.passed,
            "failed": len(result.failures),
            "actual": result.actual,
        }
        click.echo(json.dumps(line, ensure_ascii=False))
    else:
        for failure in result.failures:
            click.echo(failure)


def _draft(path: str) -> dict[str, Any]:
    try:
        return read_document(Path(path).read_text(encoding="utf-8"))
    except (PolicyError, UnicodeDecodeError) as error:
        raise PolicyError(f"{path}: {error}") from None


def register(app: Flask) -> None:
    """Add the commands."""
    app.cli.add_command(scenario)
