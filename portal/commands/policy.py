"""flask policy: read policies in plain words, publish a version from a file, let it rule a project."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NoReturn

import click
from flask import Flask
from flask.cli import AppGroup
from flask_babel import force_locale

from portal.models import Policy, Project
from portal.queries import policies as found
from portal.queries.projects import project as project_called
from portal.rules.policies import PolicyError, preset, read_document
from portal.rules.policy_parameters import check_document
from portal.rules.refusal import Refusal
from portal.services import backtests, policies
from portal.services.unacceptable import Unacceptable, unique
from portal.transaction import transaction
from portal.wording import refusals, unacceptable
from portal.wording.backtests import said
from portal.wording.policies import spoken, title_of

policy = AppGroup("policy", help="The rules under which customers are filed.")


@policy.command("show")
@click.argument("name")
@click.option("--english", is_flag=True, help="In English instead of Chinese.")
def show(name: str, english: bool) -> None:
    """Say a policy in plain words: RE-3 is a published version, RE the newest one, or as shipped when there is none."""
    with force_locale("en" if english else "zh_Hans_CN"):
        document = _document(name)
        click.echo(title_of(document))
        for chapter in spoken(document):
            click.echo(f"\n{chapter.title}")
            for number, said in enumerate(chapter.sentences, start=1):
                click.echo(f"{number:>3}. {said.words} {' '.join(said.clauses)}".rstrip())


@policy.command("publish")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def publish(file: Path) -> None:
    """Publish a YAML document as the next version of its regime. The same document again is the version it already is."""
    try:
        document = read_document(file.read_text("utf-8"))
        with transaction():
            published = policies.publish(actor=None, document=document)
            said = f"{published.code}-{published.version}"
    except (PolicyError, UnicodeDecodeError) as error:
        raise click.ClickException(str(error)) from None
    click.echo(said)


@policy.command("bind")
@click.argument("project")
@click.argument("name")
@click.argument("start", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"]))
def bind(project: str, name: str, start: datetime) -> None:
    """Let the version NAME (RE-3) rule PROJECT (its code) from START on, in the project's own time."""
    ruled = project_called(project) or _fail(f"no project has the code {project}")
    version = _version(name) or _fail(f"no published version is called {name}")
    try:
        with transaction(), unique(uq_project_policies_one_start=("start", "policy_start_taken")):
            _bind(ruled, version, start)
    except Unacceptable as problem:
        raise click.ClickException(unacceptable.describe(problem)) from None
    except Refusal as refusal:
        raise click.ClickException(refusals.describe(refusal).happened) from None
    click.echo(f"{project}: {name} from {start:%Y-%m-%d %H:%M}")


@policy.command("backtest")
@click.option(
    "--policy", "draft", required=True, help="A YAML file, a published version (RE-3) or a regime as shipped (RE)."
)
@click.option("--project", "code", required=True, help="The project's code.")
@click.option(
    "--from", "start", type=click.DateTime(["%Y-%m-%d"]), required=True, help="First day, in the project's time."
)
@click.option("--to", "end", type=click.DateTime(["%Y-%m-%d"]), required=True, help="Last day.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of words.")
def backtest(draft: str, code: str, start: datetime, end: datetime, as_json: bool) -> None:
    """Replay what really happened in a project under another policy. Changes nothing."""
    project = project_called(code) or _fail(f"no project has the code {code}")
    try:
        terms = check_document(_draft(draft))
    except PolicyError as error:
        raise click.ClickException(str(error)) from None
    first = start.replace(tzinfo=project.zone).astimezone(UTC)
    after = (end + timedelta(days=1)).replace(tzinfo=project.zone).astimezone(UTC)
    report = backtests.rehearse(project, terms, first, after)
    click.echo(json.dumps(report.plain(), ensure_ascii=False) if as_json else "\n".join(said(report.plain())))


def _draft(name: str) -> Mapping[str, object]:
    if not name.endswith((".yaml", ".yml")):
        return _document(name)
    try:
        return read_document(Path(name).read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise click.ClickException(f"{name}: {type(error).__name__}") from None


def _bind(project: Project, version: Policy, start: datetime) -> None:
    effective_from = start.replace(tzinfo=project.zone)
    policies.bind(actor=None, project=project, policy=version, effective_from=effective_from)


def _document(name: str) -> dict[str, object]:
    found_version = _version(name) if "-" in name else found.newest(name)
    if found_version is not None:
        return found_version.document
    try:
        return preset(name)
    except PolicyError as error:
        raise click.ClickException(str(error)) from None


def _version(name: str) -> Policy | None:
    code, _dash, number = name.rpartition("-")
    return found.published(code, int(number)) if number.isascii() and number.isdigit() and len(number) < 10 else None


def _fail(why: str) -> NoReturn:
    raise click.ClickException(why)


def register(app: Flask) -> None:
    """Make the commands known."""
    app.cli.add_command(policy)
