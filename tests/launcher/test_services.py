"""What a person has set themselves is asked whether it answers before anything is started."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from launcher.console import CannotStart
from launcher.environment import Given
from launcher.places import ROOT, Places
from launcher.services import Services


@pytest.fixture
def nowhere() -> Iterator[int]:
    """A port on which nobody listens: it is ours, and we do not."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


def services(var: Path, **given: str) -> Services:
    places = Places(ROOT, var)
    places.prepare()
    return Services(places, Given(given))


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_a_database_that_does_not_answer_is_named(tmp_path: Path, nowhere: int, scheme: str) -> None:
    url = f"{scheme}://app:a-secret@127.0.0.1:{nowhere}/jieding"
    with pytest.raises(CannotStart, match="The database of DATABASE_URL does not answer") as why:
        services(tmp_path / "var", DATABASE_URL=url, REDIS_URL="redis://127.0.0.1:1/0").start()
    assert "Connection refused" in str(why.value)
    assert "a-secret" not in str(why.value)


def test_a_redis_that_does_not_answer_is_named(tmp_path: Path, nowhere: int) -> None:
    made = services(tmp_path / "var", REDIS_URL=f"redis://:a-secret@127.0.0.1:{nowhere}/0")
    with pytest.raises(CannotStart, match="The Redis of REDIS_URL does not answer") as why:
        made.start()
    assert "a-secret" not in str(why.value)
    assert made.postgres is not None and not made.postgres.child.is_running
