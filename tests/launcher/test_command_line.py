"""What ./run understands, and what it answers to what it does not."""

from __future__ import annotations

import socket

import pytest

from launcher import application
from launcher.console import CannotStart
from launcher.main import read_wish
from launcher.serve import Wish


@pytest.mark.parametrize(
    ("arguments", "wish"),
    [
        ([], Wish(8000, None, False)),
        (["--port", "8123"], Wish(8123, None, False)),
        (["--no-demo"], Wish(8000, False, False)),
        (["--demo"], Wish(8000, True, False)),
        (["--reset-demo", "--port=9000"], Wish(9000, None, True)),
    ],
)
def test_options(arguments: list[str], wish: Wish) -> None:
    assert read_wish(arguments) == wish


@pytest.mark.parametrize("arguments", [["--port", "0"], ["--port", "70000"], ["--port", "８０"], ["--what"]])
def test_nonsense_is_refused_with_a_sentence(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        read_wish(arguments)
    assert "./run: error:" in capsys.readouterr().err


def test_dropping_demo_data_and_wanting_none_contradict_each_other(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        read_wish(["--no-demo", "--reset-demo"])
    assert "not allowed with" in capsys.readouterr().err


def test_a_taken_port_is_said_by_name_with_the_next_to_try() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(CannotStart, match=rf"Port {port} is taken by .*process.*--port {port + 1}"):
            application.require_free(port)


def test_a_free_port_is_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    application.require_free(port)
