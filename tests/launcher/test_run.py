"""./run from an empty folder to the last process gone, as people use it."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from launcher.places import ROOT
from launcher.processes import MARK, wait_until
from tests.servers import PATIENCE_SECONDS

SETTINGS = (
    "DATABASE_URL",
    "DATABASE_OWNER_URL",
    "REDIS_URL",
    "SECRET_KEY",
    "SEALING_KEYS",
    "MATCHING_KEY",
    "PUBLIC_URL",
)


def free_port() -> int:
    """A port that is free, below those that the kernel gives away to whoever wants any: it is still free when it is taken."""
    for port in random.sample(range(10_000, 32_000), 200):
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise AssertionError("there is no free port")


def runs(process: psutil.Process, module: str) -> bool:
    """Whether the process runs the module; one that has ended since it was listed runs nothing."""
    try:
        return module in process.cmdline()
    except psutil.NoSuchProcess:
        return False


class Installation:
    """A ``var`` of its own and the launcher that runs on it."""

    def __init__(self, var: Path) -> None:
        self.var = var
        self.said = var.with_name("said.txt")
        kept = {name: value for name, value in os.environ.items() if name not in SETTINGS}
        self.env = kept | {"JIEDING_VAR": str(var)}
        self.port = free_port()
        self.launcher: subprocess.Popen[bytes] | None = None

    def call(self, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """Run the launcher to its end."""
        command = [sys.executable, "-m", "launcher", *arguments]
        env = self.env | settings
        return subprocess.run(
            command, cwd=ROOT, env=env, capture_output=True, text=True, check=False, timeout=PATIENCE_SECONDS
        )

    def start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "launcher", "--no-demo", "--port", str(self.port)]
        with self.said.open("wb") as said:
            self.launcher = subprocess.Popen(command, cwd=ROOT, env=self.env, stdout=said, stderr=said)
        return self.launcher

    def has_said(self, words: str) -> bool:
        return words in self.said.read_text()

    def has_logged(self, name: str, words: str) -> bool:
        log = self.var / "log" / f"{name}.log"
        return log.exists() and words in log.read_text()

    def wait_until_up(self) -> None:
        launcher = self.launcher
        assert launcher
        wait_until(lambda: self.has_said("Jieding runs at") or launcher.poll() is not None, seconds=PATIENCE_SECONDS)
        assert self.has_said(f"Jieding runs at http://127.0.0.1:{self.port}"), self.said.read_text()

    def processes(self) -> list[psutil.Process]:
        """Everything of this installation that runs."""
        return [process for process in psutil.process_iter() if self._is_ours(process)]

    def _is_ours(self, process: psutil.Process) -> bool:
        try:
            marked = process.environ().get(MARK) == str(self.var)
            running = process.status() != psutil.STATUS_ZOMBIE
            return running and (marked or str(self.var / "postgres") in process.cmdline())
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            return False

    def has_ended(self) -> bool:
        return wait_until(lambda: not self.processes(), seconds=PATIENCE_SECONDS, pause=0.3)

    def end(self) -> None:
        if self.launcher and self.launcher.poll() is None:
            self.launcher.send_signal(signal.SIGINT)
            self.launcher.wait(PATIENCE_SECONDS)


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    found = Installation(tmp_path / "var")
    yield found
    found.end()
    for process in found.processes():
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()


def test_a_day_in_the_life(installation: Installation, tmp_path: Path) -> None:
    launcher = installation.start()
    installation.wait_until_up()
    with urllib.request.urlopen(f"http://127.0.0.1:{installation.port}/healthz") as answer:
        assert json.load(answer)["database"] == "ok"

    second = installation.call("--port", str(installation.port + 1))
    assert second.returncode == 1
    assert f"already running at http://127.0.0.1:{installation.port} (process {launcher.pid})" in second.stderr

    guest = installation.call("flask", "accounts", "add-administrator", "ada", "Ada")
    assert guest.returncode == 0, guest.stderr

    # A file name means what it means where the command was given.
    (tmp_path / "messages.jsonl").write_text("")
    parsed = installation.call("flask", "filings", "parse", "messages.jsonl", JIEDING_CALLED_FROM=str(tmp_path))
    assert (parsed.returncode, parsed.stdout) == (0, ""), parsed.stderr
    assert installation.call("flask", "filings", "parse", "messages.jsonl").returncode != 0

    worker = next(process for process in installation.processes() if runs(process, "worker.main"))
    worker.kill()
    assert wait_until(
        lambda: installation.has_said("worker ended (exit code -9); starting it again"), seconds=PATIENCE_SECONDS
    )

    launcher.send_signal(signal.SIGINT)
    assert launcher.wait(PATIENCE_SECONDS) == 0
    assert installation.has_ended()
    assert installation.said.read_text().endswith("Stopped.\n")


def test_after_a_kill_nothing_runs_on_and_the_next_command_finds_everything_in_order(
    installation: Installation,
) -> None:
    launcher = installation.start()
    installation.wait_until_up()
    assert wait_until(lambda: installation.has_logged("scheduler", "at work"), seconds=PATIENCE_SECONDS)
    launcher.kill()
    launcher.wait()
    assert installation.has_ended()
    after = installation.call("flask", "accounts", "add-administrator", "ada", "Ada")
    assert after.returncode == 0, after.stderr
    assert after.stdout.startswith("ada ")
    assert installation.has_ended()


def test_a_terminal_that_is_closed_in_the_middle_of_the_start_stops_it(installation: Installation) -> None:
    launcher = installation.start()
    assert wait_until(lambda: installation.has_said("Preparing the database"), seconds=PATIENCE_SECONDS)
    launcher.send_signal(signal.SIGHUP)
    assert launcher.wait(PATIENCE_SECONDS) == 0
    assert installation.has_ended()
    assert not installation.has_said("Jieding runs")


def test_damaged_keys_stop_the_start_before_anything_runs(installation: Installation) -> None:
    installation.var.mkdir()
    (installation.var / "keys.env").write_text("SECRET_KEY=cut")
    said = installation.call("--no-demo", "--port", str(installation.port))
    assert said.returncode == 1
    assert "keys.env is damaged" in said.stderr
    assert not (installation.var / "postgres").exists()


def test_a_taken_port_stops_the_start_before_anything_runs(installation: Installation) -> None:
    with socket.create_server(("127.0.0.1", installation.port)):
        said = installation.call("--port", str(installation.port))
    assert said.returncode == 1
    assert f"Port {installation.port} is taken" in said.stderr
    assert not (installation.var / "postgres").exists()


def test_a_database_of_ones_own_that_does_not_answer_is_said(installation: Installation, tmp_path: Path) -> None:
    nowhere = f"postgresql://nobody@/nothing?host={tmp_path}"
    said = installation.call("--port", str(installation.port), DATABASE_URL=nowhere)
    assert said.returncode == 1
    assert "The database of DATABASE_URL does not answer" in said.stderr
    assert not (installation.var / "postgres").exists()


def test_a_wrong_setting_is_said_by_name(installation: Installation) -> None:
    said = installation.call("--no-demo", "--port", str(installation.port), SESSION_HOURS="0")
    assert said.returncode == 1
    assert "✗ SESSION_HOURS: Input should be greater than or equal to 1" in said.stderr
    assert installation.has_ended()


def test_a_database_of_ones_own_is_never_dropped(installation: Installation) -> None:
    own = "postgresql:///own"
    said = installation.call("--port", str(installation.port), "--reset-demo", DATABASE_URL=own)
    assert said.returncode == 1
    assert "is yours to empty" in said.stderr
