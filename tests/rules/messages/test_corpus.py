"""Every message of the corpus is read as a careful reader would: each entry, each field."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.rules.messages.corpus_files import GIVEN_BESIDE, HERE, answer, expected, messages_of


def misread(messages: list[dict[str, Any]]) -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
    """What is read and what should have been, of every message that is not read as it should be."""
    read = {message["id"]: (answer(message), expected(message)) for message in messages}
    return {name: pair for name, pair in read.items() if pair[0] != pair[1]}


@pytest.mark.parametrize("path", sorted(HERE.glob("*.jsonl")), ids=lambda path: path.stem)
def test_messages_are_read_field_by_field(path: Path) -> None:
    messages = messages_of(path)
    assert messages
    assert misread(messages) == {}


@pytest.mark.skipif(not GIVEN_BESIDE.exists(), reason="the given messages are not beside the repository")
def test_the_messages_given_beside_the_repository_are_read() -> None:
    messages = messages_of(GIVEN_BESIDE)
    assert [answer(message) for message in messages] == [expected(message) for message in messages]
