"""A process that ends is started again, later and later while it keeps ending."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from launcher.processes import Child, wait_until
from launcher.supervisor import LONGEST_PAUSE, Watched

#: Patience with a busy machine, less than the minute after which the sleepers below would end by themselves.
SOON = 50


@pytest.fixture
def ended(tmp_path: Path) -> Child:
    child = Child("one", [sys.executable, "-c", "raise SystemExit(3)"], {}, tmp_path / "one.log")
    child.start()
    assert wait_until(lambda: not child.is_running, seconds=SOON)
    return child


def test_the_end_is_said_with_its_code_and_the_log(ended: Child, capsys: pytest.CaptureFixture[str]) -> None:
    Watched(ended, started=0).look(1)
    assert capsys.readouterr().err == f"one ended (exit code 3); starting it again in 1 s. See {ended.log}\n"


def test_it_starts_again_when_the_pause_is_over_and_not_before(ended: Child) -> None:
    watched, first = Watched(ended, started=0), ended.process
    watched.look(1)
    watched.look(1.9)
    assert ended.process is first
    watched.look(2)
    assert ended.process is not first
    ended.stop()


def test_the_pause_doubles_up_to_a_limit(ended: Child) -> None:
    watched, pauses, now = Watched(ended, started=0), [], 0.0
    for _ in range(7):
        pauses.append(watched.pause)
        watched.look(now)
        now += watched.pause
        watched.look(now)
        assert wait_until(lambda: not ended.is_running, seconds=SOON)
    assert pauses == [1, 2, 4, 8, 16, LONGEST_PAUSE, LONGEST_PAUSE]


def test_who_ran_for_a_minute_starts_with_a_short_pause_again(ended: Child) -> None:
    watched = Watched(ended, started=0, pause=16)
    watched.look(61)
    assert watched.due == 62
