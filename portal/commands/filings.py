"""flask filings parse: read pasted WeChat messages from a file, one JSON object a line in and out. Needs no database."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, TextIO

import click
from flask import Flask

from portal.rules.messages import FIELDS, Entry, ReadMessage, read_message


class BrokenLine(Exception):
    """A line of the input is no message; the text says what is wrong with it."""


@click.group("filings")
def filings() -> None:
    """Customer filings as brokers send them."""


@filings.command("parse")
@click.argument("messages", metavar="FILE.jsonl", type=click.File(encoding="utf-8"))
def parse(messages: TextIO) -> None:
    """Print what each message says: {"id", "is_filing", "entries", "missing"}. A dash reads standard input.

    Every line of FILE.jsonl is an object with id, received_at (ISO 8601), projects (the names that the portal knows)
    and text. A broken line ends the command with status 2 and its number.
    """
    for number, line in enumerate(_lines(messages), start=1):
        if line.strip():
            try:
                click.echo(_answer(line))
            except BrokenLine as reason:
                click.echo(f"line {number}: {reason}", err=True)
                raise SystemExit(2) from None


def _lines(messages: TextIO) -> Iterable[str]:
    try:
        yield from messages
    except UnicodeDecodeError as error:
        click.echo(f"{messages.name}: not UTF-8 text ({error.reason})", err=True)
        raise SystemExit(2) from None


def _answer(line: str) -> str:
    try:
        message = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BrokenLine(f"not JSON ({error})") from None
    if not isinstance(message, dict):
        raise BrokenLine("not a JSON object")
    read = read_message(_text(message), received_at=_received_at(message), projects=_projects(message))
    return json.dumps(_plain(message.get("id"), read), ensure_ascii=False)


def _text(message: dict[str, Any]) -> str:
    text = message.get("text")
    if not isinstance(text, str):
        raise BrokenLine("text is missing or is no string")
    return text


def _received_at(message: dict[str, Any]) -> datetime:
    try:
        return datetime.fromisoformat(message["received_at"])
    except (KeyError, TypeError, ValueError):
        raise BrokenLine("received_at is missing or is no ISO 8601 time") from None


def _projects(message: dict[str, Any]) -> list[str]:
    projects = message.get("projects")
    if not isinstance(projects, list) or not all(isinstance(name, str) for name in projects):
        raise BrokenLine("projects is missing or is no list of names")
    return projects


def _plain(identifier: object, read: ReadMessage) -> dict[str, Any]:
    entries = [_plain_entry(entry) for entry in read.entries]
    return {"id": identifier, "is_filing": read.is_filing, "entries": entries, "missing": list(read.missing)}


def _plain_entry(entry: Entry) -> dict[str, Any]:
    values = {name: getattr(entry, name) for name in FIELDS}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def register(app: Flask) -> None:
    """Make the commands known."""
    app.cli.add_command(filings)
