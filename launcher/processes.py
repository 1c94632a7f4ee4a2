"""Child processes that never outlive the launcher, however it ends."""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

MARK = "JIEDING_LAUNCHER"
PR_SET_CHILD_SUBREAPER = 36
LOG_LIMIT = 5_000_000


def leashed(argv: Sequence[str], stop_signal: signal.Signals) -> list[str]:
    """The command, told to ask the kernel for this signal when its parent dies."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", stop_signal.name.removeprefix("SIG"), *argv] if setpriv else list(argv)


@dataclass
class Child:
    """One process under our care. ``argv`` is run as it is; leash it with ``leashed``.

    ``patience`` is how many seconds the stop signal may take before it is sent a second time, and then the kill.
    """

    name: str
    argv: list[str]
    env: Mapping[str, str]
    log: Path
    stop_signal: signal.Signals = signal.SIGTERM
    patience: float = 10
    cwd: Path | None = None
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self) -> None:
        """Start it in a process group of its own, so that Ctrl-C reaches the launcher only."""
        _turn_over(self.log)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.argv,
                env=dict(self.env),
                cwd=self.cwd,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                process_group=0,
            )

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def exit_code(self) -> int | None:
        return self.process.poll() if self.process else None

    def ask_to_stop(self) -> None:
        if self.process is not None and self.is_running:
            self.process.send_signal(self.stop_signal)

    def stop(self) -> None:
        """Ask, ask again, kill; then nothing of its group is left."""
        self.ask_to_stop()
        self.see_end()

    def see_end(self) -> None:
        """Wait for the end that was asked for; lose patience twice."""
        if self.process is None:
            return
        for sign in (self.stop_signal, signal.SIGKILL):
            if not self._ends_in_time(self.process):
                self.process.send_signal(sign)
        self.process.wait()
        _signal_group(self.process.pid, signal.SIGKILL)

    def _ends_in_time(self, process: subprocess.Popen[bytes]) -> bool:
        try:
            process.wait(self.patience)
        except subprocess.TimeoutExpired:
            return False
        return True

    def last_words(self, lines: int = 12) -> str:
        """The end of its log, for a message that says why it did not start."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


def stop_together(children: Sequence[Child]) -> None:
    """Stop several that do not need each other, in the time of the slowest."""
    for child in children:
        child.ask_to_stop()
    for child in children:
        child.see_end()


def _turn_over(log: Path) -> None:
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        log.rename(log.with_suffix(".log.1"))


def _signal_group(group: int, sign: signal.Signals) -> None:
    try:
        os.killpg(group, sign)
    except (ProcessLookupError, PermissionError):
        return


def wait_until(condition: Callable[[], bool], *, seconds: float, pause: float = 0.05) -> bool:
    """Whether the condition came true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
    return True


def adopt_orphans() -> None:
    """Make grandchildren whose parent dies ours, so that the last sweep finds them."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def sweep_descendants() -> None:
    """Kill whatever is still below this process."""
    end(psutil.Process().children(recursive=True), patience=0)


def sweep_leftovers(mark: str) -> int:
    """End what a launcher that was killed left running: processes that carry our mark. Returns how many."""
    return end(_marked(mark), patience=10)


def end(processes: Iterable[psutil.Process], *, patience: float) -> int:
    """Terminate the processes, kill those still there after ``patience`` seconds. Returns how many there were."""
    found = list(processes)
    for process in found if patience else ():
        _quietly(process.terminate)
    _, alive = psutil.wait_procs(found, timeout=patience)
    for process in alive:
        _quietly(process.kill)
    psutil.wait_procs(alive, timeout=5)
    return len(found)


def _quietly(act: Callable[[], None]) -> None:
    try:
        act()
    except psutil.NoSuchProcess:
        return


def _marked(mark: str) -> Iterator[psutil.Process]:
    ours = {os.getpid(), *(parent.pid for parent in psutil.Process().parents())}
    for process in psutil.process_iter():
        try:
            if process.pid not in ours and process.environ().get(MARK) == mark:
                yield process
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
