"""Every message of the corpus is read as a careful reader would: each entry, each field."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rules.messages.corpus_files import GIVEN_BESIDE, answer, expected, messages_of, whole_corpus

CORPUS = whole_corpus()


@pytest.mark.parametrize("message", CORPUS, ids=[message["id"] for message in CORPUS])
def test_a_message_is_read_field_by_field(message: dict[str, Any]) -> None:
    assert answer(message) == expected(message)


@pytest.mark.skipif(not GIVEN_BESIDE.exists(), reason="the given messages are not beside the repository")
def test_the_messages_given_beside_the_repository_are_read() -> None:
    messages = messages_of(GIVEN_BESIDE)
    assert [answer(message) for message in messages] == [expected(message) for message in messages]
