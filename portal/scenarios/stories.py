"""Reading a story from its file. What is not a story is refused, naming file, step and field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml

from portal.rules.periods import UTC

#: The parser in C where PyYAML was built with it; both read the same safe YAML.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TIMES = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M")
_TOP = {"scenario", "title", "policy", "set", "project", "distributors", "steps", "expect"}
_PROJECT = {"name", "timezone", "city", "site", "launch_on", "promotion_area"}
_STATUSES = {"active", "suspended", "blacklisted", "exited"}


class StoryError(Exception):
    """The file is not a story; the message says where."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its id, when it happens (UTC), its verb, its fields."""

    id: str
    at: datetime
    verb: str
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Story:
    """A story as read. ``parameters`` are dotted policy parameters, ``expect`` the values to come out, by step id."""

    path: Path
    title: str
    policy: str
    parameters: Mapping[str, Any]
    project: Mapping[str, Any]
    zone: ZoneInfo
    distributors: Mapping[str, str]
    steps: tuple[Step, ...]
    expect: Mapping[str, Mapping[str, Any]]


def read_story(path: Path, verbs: Mapping[str, frozenset[str]]) -> Story:
    """Read and check one file against the verbs known and the fields each takes. Raises StoryError."""
    document = _document(path)
    strange = document.keys() - _TOP
    if strange:
        raise StoryError(f"{path}: unknown field {sorted(strange)[0]!r}")
    if document.get("scenario") != 1:
        raise StoryError(f"{path}: scenario must be 1")
    project = _mapping(path, document, "project")
    zone = _zone(path, project)
    steps = tuple(_steps(path, document, zone, verbs))
    return Story(
        path=path,
        title=str(document.get("title", path.stem)),
        policy=str(document.get("policy", "RE")),
        parameters=_mapping(path, document, "set"),
        project=project,
        zone=zone,
        distributors=dict(_distributors(path, document)),
        steps=steps,
        expect=_expectations(path, document, steps),
    )


def story_files(paths: tuple[str, ...]) -> list[Path]:
    """The story files named, folders taken with all below them, in order. Raises StoryError when there is none."""
    found: list[Path] = []
    for name in paths:
        path = Path(name)
        if path.is_dir():
            found += sorted([*path.rglob("*.yaml"), *path.rglob("*.yml")])
        elif path.is_file():
            found.append(path)
        else:
            raise StoryError(f"{name}: no such file or folder")
    if not found:
        raise StoryError("no story in " + ", ".join(paths))
    return found


def _document(path: Path) -> dict[str, Any]:
    try:
        document = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise StoryError(f"{path}: not YAML: {error}") from None
    if not isinstance(document, dict):
        raise StoryError(f"{path}: not a story")
    return document


def _mapping(path: Path, document: Mapping[str, Any], name: str) -> dict[str, Any]:
    value = document.get(name) or {}
    if not isinstance(value, dict):
        raise StoryError(f"{path}: {name} must have fields")
    if name == "project" and value.keys() - _PROJECT:
        raise StoryError(f"{path}: project: unknown field {sorted(value.keys() - _PROJECT)[0]!r}")
    return value


def _zone(path: Path, project: Mapping[str, Any]) -> ZoneInfo:
    try:
        return ZoneInfo(str(project.get("timezone", "Asia/Shanghai")))
    except (ZoneInfoNotFoundError, ValueError):
        raise StoryError(f"{path}: project: timezone: {project['timezone']!r} is not one") from None


def _distributors(path: Path, document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for entry in document.get("distributors") or []:
        status = entry.get("status", "active") if isinstance(entry, dict) else None
        if status not in _STATUSES or not isinstance(entry.get("name"), str) or entry.keys() - {"name", "status"}:
            raise StoryError(f"{path}: distributors: {entry!r} needs a name and a known status")
        yield entry["name"], status


def _steps(
    path: Path, document: Mapping[str, Any], zone: ZoneInfo, verbs: Mapping[str, frozenset[str]]
) -> Iterator[Step]:
    entries = document.get("steps")
    if not isinstance(entries, list) or not entries:
        raise StoryError(f"{path}: steps: there are none")
    seen: set[str] = set()
    last: datetime | None = None
    for number, entry in enumerate(entries, start=1):
        step = _step(path, number, entry, zone, verbs)
        if step.id in seen:
            raise StoryError(f"{path}: step {step.id}: id: used twice")
        if last is not None and step.at < last:
            raise StoryError(f"{path}: step {step.id}: at: time goes backwards")
        seen.add(step.id)
        last = step.at
        yield step


def _step(path: Path, number: int, entry: Any, zone: ZoneInfo, verbs: Mapping[str, frozenset[str]]) -> Step:
    if not isinstance(entry, dict) or not isinstance(entry.get("id"), str):
        raise StoryError(f"{path}: step {number}: id: missing")
    where = f"{path}: step {entry['id']}"
    verb = str(entry.get("do"))
    if verb not in verbs:
        raise StoryError(f"{where}: do: unknown verb {verb!r}")
    fields = {name: value for name, value in entry.items() if name not in {"id", "at", "do"}}
    strange = fields.keys() - verbs[verb]
    if strange:
        raise StoryError(f"{where}: {sorted(strange)[0]}: {verb} has no such field")
    return Step(entry["id"], read_time(entry.get("at"), zone, f"{where}: at"), verb, fields)


def read_time(value: Any, zone: ZoneInfo, where: str) -> datetime:
    """A local time of the story in UTC. Raises StoryError."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=zone).astimezone(UTC)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=zone).astimezone(UTC)
    for pattern in _TIMES:
        try:
            return datetime.strptime(str(value), pattern).replace(tzinfo=zone).astimezone(UTC)
        except ValueError:
            continue
    raise StoryError(f"{where}: {value!r} is not a time")


def _expectations(path: Path, document: Mapping[str, Any], steps: tuple[Step, ...]) -> dict[str, dict[str, Any]]:
    expect = document.get("expect") or {}
    ids = {step.id for step in steps}
    for step_id, values in expect.items() if isinstance(expect, dict) else [("expect", None)]:
        if not isinstance(values, dict):
            raise StoryError(f"{path}: expect: {step_id}: must name values")
        if step_id not in ids:
            raise StoryError(f"{path}: expect: {step_id}: no such step")
    return dict(expect)
