"""Children are stopped whatever they do, and do not outlive the launcher."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from launcher import processes
from launcher.places import ROOT
from launcher.processes import Child, leashed, wait_until

#: Patience with a busy machine, less than the minute after which the sleepers below would end by themselves.
SOON = 50

OBEYS = "import time; print('up', flush=True); time.sleep(60)"
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
HAS_A_CHILD = (
    "import subprocess, sys, time; child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']);"
    "print(child.pid, flush=True); time.sleep(60)"
)


def is_gone(pid: int) -> bool:
    """A zombie is gone too: in a container nobody may be there to bury it."""
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def started(tmp_path: Path, program: str, *, patience: float = SOON) -> Child:
    child = Child("one", [sys.executable, "-c", program], os.environ, tmp_path / "one.log", patience=patience)
    child.start()
    assert wait_until(lambda: child.log.read_text() != "", seconds=SOON)
    return child


def test_a_child_that_obeys_is_stopped_with_one_signal(tmp_path: Path) -> None:
    child = started(tmp_path, OBEYS)
    child.stop()
    assert child.exit_code == -signal.SIGTERM


def test_a_deaf_child_is_killed(tmp_path: Path) -> None:
    child = started(tmp_path, DEAF, patience=0.2)
    child.stop()
    assert child.exit_code == -signal.SIGKILL


def test_what_a_child_started_ends_with_it(tmp_path: Path) -> None:
    child = started(tmp_path, HAS_A_CHILD)
    grandchild = int(child.log.read_text())
    child.stop()
    assert wait_until(lambda: is_gone(grandchild), seconds=SOON)


def test_stopping_twice_and_stopping_what_never_ran_are_nothing(tmp_path: Path) -> None:
    child = started(tmp_path, OBEYS)
    child.stop()
    child.stop()
    Child("never", ["true"], {}, tmp_path / "never.log").stop()


def test_the_log_ends_with_the_reason(tmp_path: Path) -> None:
    child = started(tmp_path, "raise SystemExit('no such thing')")
    assert wait_until(lambda: not child.is_running, seconds=SOON)
    assert child.last_words() == "no such thing"
    assert child.exit_code == 1


def test_a_long_log_is_turned_over_at_the_next_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "LOG_LIMIT", 1)
    (tmp_path / "one.log").write_text("long before")
    child = started(tmp_path, OBEYS)
    child.stop()
    assert (tmp_path / "one.log").read_text() == "up\n"
    assert (tmp_path / "one.log.1").read_text() == "long before"


def test_a_leashed_process_dies_with_its_parent() -> None:
    command = leashed([sys.executable, "-c", "import time; time.sleep(60)"], signal.SIGTERM)
    parent = f"import subprocess, time; p = subprocess.Popen({command!r}); print(p.pid, flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", parent], stdout=subprocess.PIPE, text=True) as launcher:
        assert launcher.stdout
        child = psutil.Process(int(launcher.stdout.readline()))
        # What ties the leash is replaced by the program once it has tied it.
        assert wait_until(lambda: Path(child.cmdline()[0]).name != "setpriv", seconds=SOON)
        launcher.kill()
    assert wait_until(lambda: is_gone(child.pid), seconds=SOON)


def test_leftovers_are_known_by_their_mark(tmp_path: Path) -> None:
    program = [sys.executable, "-c", "import time; time.sleep(60)"]
    ours, other = (
        subprocess.Popen(program, env={**os.environ, processes.MARK: mark}) for mark in (str(tmp_path), "/elsewhere")
    )
    try:
        assert processes.sweep_leftovers(str(tmp_path)) == 1
        assert not psutil.pid_exists(ours.pid)
        assert other.poll() is None
    finally:
        for process in (ours, other):
            process.kill()
            process.wait()


SWEEP = """
import subprocess, sys
from launcher import processes
processes.adopt_orphans()
subprocess.run(["sh", "-c", "sleep 60 >/dev/null 2>&1 & echo $! "])
processes.sweep_descendants()
"""


def test_orphans_of_children_are_swept_up() -> None:
    ran = subprocess.run([sys.executable, "-c", SWEEP], cwd=ROOT, capture_output=True, text=True, check=True)
    orphan = int(ran.stdout)
    assert wait_until(lambda: is_gone(orphan), seconds=SOON)
