"""Real workers and schedulers, as an installation runs them: started, waited for, killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psutil

from launcher.places import ROOT
from tests.servers import PATIENCE_SECONDS


@contextmanager
def running(
    module: str, log: Path, env: Mapping[str, str] | None = None, *arguments: str
) -> Iterator[subprocess.Popen[bytes]]:
    """``python -m module arguments`` while inside; its children end with it."""
    with log.open("ab") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            cwd=ROOT,
            env={**os.environ, **(env or {})},
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """kill -9, for the process and all its children at once: what a power cut would do."""
    try:
        children = psutil.Process(process.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        children = []
    for one in (*children, process):
        try:
            os.kill(one.pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    process.wait(PATIENCE_SECONDS)


def wait_until(said: str, condition: Callable[[], bool], log: Path | None = None) -> None:
    """Return once it is so. Fails with ``said`` and the end of the log when it takes too long."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            tail = log.read_text(errors="replace")[-3000:] if log else ""
            raise AssertionError(f"{said} did not come true\n{tail}")
        time.sleep(0.1)
