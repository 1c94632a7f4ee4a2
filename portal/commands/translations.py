"""The English catalog: fragments per room under portal/translations/en, merged and compiled; Chinese is the source.

``flask translations check`` names what is missing, repeated or no longer used; ``extract`` prints the missing entries,
ready to be pasted into a room's fragment; ``compile`` writes messages.mo.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import click
from babel.messages import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from flask import Flask
from flask.cli import AppGroup

PORTAL = Path(__file__).resolve().parents[1]
FRAGMENTS = PORTAL / "translations" / "en"
_METHODS = [("**.py", "python"), ("**.html", "jinja2"), ("**.txt", "jinja2")]
_KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "_l": None,
    "lazy_gettext": None,
    "lazy_ngettext": (1, 2),
    "lazy_pgettext": ((1, "c"), 2),
    "_p": ((1, "c"), 2),
}
Ids = str | tuple[str, ...]


@dataclass(frozen=True)
class Message:
    """A message as the code asks for it: its context ("document") if it has one, and its text or its two plural texts."""

    context: str | None
    ids: Ids

    @property
    def text(self) -> str:
        """The text that identifies it, with its context in brackets."""
        first = self.ids[0] if isinstance(self.ids, tuple) else self.ids
        return f"[{self.context}] {first}" if self.context else first


@dataclass(frozen=True)
class Findings:
    """What is wrong with the catalog: each a list of lines that name the message and where it is."""

    missing: list[str]
    repeated: list[str]
    unused: list[str]
    broken: list[str]

    def lines(self) -> Iterator[str]:
        """Every finding as a line."""
        for title in ("missing", "repeated", "unused", "broken"):
            for line in getattr(self, title):
                yield f"{title}: {line}"


def messages_in_code(root: Path = PORTAL) -> dict[Message, list[str]]:
    """Every message of Python files and templates, with the places that use it."""
    found: dict[Message, list[str]] = {}
    for name, line, ids, _comments, context in extract_from_dir(
        str(root), _METHODS, keywords=_KEYWORDS, options_map={"**.html": {"silent": "false"}}
    ):
        if ids:
            found.setdefault(Message(context, ids), []).append(f"{name}:{line}")
    return found


def fragments(folder: Path = FRAGMENTS) -> dict[str, Catalog]:
    """The fragments by file name."""
    return {path.name: read_po(io.BytesIO(path.read_bytes()), locale="en") for path in sorted(folder.glob("*.po"))}


def merged(folder: Path = FRAGMENTS) -> Catalog:
    """All fragments as one catalog."""
    whole = Catalog(locale="en", project="jieding", charset="utf-8")
    for fragment in fragments(folder).values():
        for message in fragment:
            if message.id:
                whole[message.id] = message
    return whole


def compile_catalog(folder: Path = FRAGMENTS) -> Path:
    """Write messages.mo from the fragments and return its path."""
    target = folder / "LC_MESSAGES" / "messages.mo"
    target.parent.mkdir(exist_ok=True)
    # At once or not at all: another process may read the file at this moment.
    written = target.with_suffix(f".{os.getpid()}")
    with written.open("wb") as file:
        write_mo(file, merged(folder))
    written.replace(target)
    return target


def check(root: Path = PORTAL, folder: Path = FRAGMENTS) -> Findings:
    """Compare the code with the fragments."""
    return compare(messages_in_code(root), folder)


def compare(used: Mapping[Message, list[str]], folder: Path = FRAGMENTS) -> Findings:
    """Compare what the code says, as ``messages_in_code`` found it, with the fragments."""
    holders, broken = _holders(folder), []
    for name, fragment in fragments(folder).items():
        broken += [f"{name}: {message.id}" for message in fragment if message.id and _is_broken(message)]
    asked_for = {message.text for message in used}
    return Findings(
        missing=[f"{message.text} ({places[0]})" for message, places in used.items() if message.text not in holders],
        repeated=[f"{text} ({', '.join(names)})" for text, names in holders.items() if len(names) > 1],
        unused=[f"{text} ({names[0]})" for text, names in holders.items() if text not in asked_for],
        broken=broken,
    )


def _holders(folder: Path) -> dict[str, list[str]]:
    holders: dict[str, list[str]] = {}
    for name, fragment in fragments(folder).items():
        for message in fragment:
            if message.id:
                ids = message.id if isinstance(message.id, str) else tuple(message.id)
                holders.setdefault(Message(message.context, ids).text, []).append(name)
    return holders


def _is_broken(message: object) -> bool:
    """An empty translation, or one whose placeholders are not those of the source."""
    strings = message.string if isinstance(message.string, tuple) else (message.string,)  # type: ignore[attr-defined]
    return not all(strings) or bool(list(message.check()))  # type: ignore[attr-defined]


def missing_entries() -> str:
    """The entries without English, as PO text."""
    holders, wanted = _holders(FRAGMENTS), Catalog(locale="en")
    for message, places in messages_in_code().items():
        if message.text not in holders:
            locations = [(name, int(line)) for name, _, line in (place.rpartition(":") for place in places)]
            wanted.add(message.ids, locations=locations, context=message.context)
    written = io.BytesIO()
    write_po(written, wanted, omit_header=True, sort_by_file=True, width=0)
    return written.getvalue().decode()


cli = AppGroup("translations", help="The English catalog.")


@cli.command("compile")
def compile_command() -> None:
    """Write messages.mo from the fragments."""
    click.echo(compile_catalog())


@cli.command("extract")
def extract_command() -> None:
    """Print the messages that have no English yet."""
    click.echo(missing_entries())


@cli.command("check")
def check_command() -> None:
    """Name what is missing, repeated, unused or broken; exit 1 when there is something."""
    lines = list(check().lines())
    for line in lines:
        click.echo(line)
    raise SystemExit(1 if lines else 0)


def register(app: Flask) -> None:
    """Add the commands."""
    app.cli.add_command(cli)
