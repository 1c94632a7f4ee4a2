"""flask filings parse: a file or standard input, one object a line; a broken line is named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from portal.commands.filings import register
from tests.rules.messages.corpus_files import HERE, messages_of

MESSAGE = {
    "id": "a",
    "received_at": "2026-03-05T09:30:00+08:00",
    "projects": ["云栖府"],
    "text": "云栖府 张三 13800001234 明天下午3点",
}


def parse(path: str, given: str | None = None) -> Result:
    app = Flask("parse")
    register(app)
    return app.test_cli_runner().invoke(args=["filings", "parse", path], input=given)


def test_a_file_is_answered_line_by_line_in_its_own_format() -> None:
    result = parse(str(HERE / "given.jsonl"))
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    messages = messages_of(HERE / "given.jsonl")
    assert result.exit_code == 0
    assert [answer["id"] for answer in answers] == [message["id"] for message in messages]
    assert [list(answer) for answer in answers] == [["id", "is_filing", "entries", "missing"]] * len(messages)
    assert [answer["entries"] for answer in answers] == [message["expect"]["entries"] for message in messages]


def test_a_dash_reads_standard_input_and_chinese_stays_readable() -> None:
    result = parse("-", json.dumps(MESSAGE) + "\n\n")
    assert result.exit_code == 0
    assert "张三" in result.stdout


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "not JSON"),
        ("[1]", "not a JSON object"),
        (json.dumps({**MESSAGE, "text": None}), "text"),
        (json.dumps({**MESSAGE, "received_at": "yesterday"}), "received_at"),
        (json.dumps({**MESSAGE, "projects": "云栖府"}), "projects"),
    ],
)
def test_a_broken_line_is_named_and_ends_the_command(line: str, reason: str) -> None:
    result = parse("-", json.dumps(MESSAGE) + "\n" + line + "\n")
    assert result.exit_code == 2
    assert result.stderr.startswith("line 2: ")
    assert reason in result.stderr


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    assert parse(str(tmp_path / "none.jsonl")).exit_code == 2


def test_a_file_that_is_no_text_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "picture.jsonl").write_bytes(b"\xff\xd8\xff\xe0")
    assert parse(str(tmp_path / "picture.jsonl")).exit_code == 2
