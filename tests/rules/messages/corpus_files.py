"""The messages of the corpus, each with what a careful reader understands."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

from portal.rules.messages import FIELDS, ReadMessage, read_message

HERE = Path(__file__).parent / "corpus"
# Beside the repository there may be a newer issue of the messages that the project was given.
GIVEN_BESIDE = Path(__file__).parents[4] / "shared" / "data" / "filing-messages.jsonl"


def messages_of(path: Path) -> list[dict[str, Any]]:
    """The messages of one file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def whole_corpus() -> list[dict[str, Any]]:
    """The messages of all files, by file and in order."""
    return [message for path in sorted(HERE.glob("*.jsonl")) for message in messages_of(path)]


def read(message: dict[str, Any]) -> ReadMessage:
    """What the reader makes of a message of the corpus."""
    received_at = datetime.fromisoformat(message["received_at"])
    return read_message(message["text"], received_at=received_at, projects=message["projects"])


def answer(message: dict[str, Any]) -> dict[str, Any]:
    """The same in the words of the corpus."""
    result = read(message)
    entries = [{name: _plain(getattr(entry, name)) for name in FIELDS} for entry in result.entries]
    return {"is_filing": result.is_filing, "entries": entries, "missing": sorted(result.missing)}


def expected(message: dict[str, Any]) -> dict[str, Any]:
    """What the corpus expects; ``missing`` is a set."""
    return {**message["expect"], "missing": sorted(message["expect"]["missing"])}


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
