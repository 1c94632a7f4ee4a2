"""Several processes that do something in the same moment, each with an application, connections and a clock of its own.

Loading the portal takes each process seconds: it is loaded once, and the racers are forked before any of them has made
anything. What a racer does is a function at the top of a test's module; it says ``ready()`` when it is, and goes on when
all are.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress

from launcher.places import ROOT
from portal import create_app
from tests.servers import PATIENCE_SECONDS

_gates: list[int] = []


def race(act: Callable[..., None], *shares: Sequence[object]) -> list[str]:
    """Call ``act`` with each of ``shares``, all at once; every line that the racers said, in no order.

    Fails with what they complained about when one of them did, or did not come to its end.
    """
    command = [sys.executable, "-m", "tests.racing", act.__module__, act.__name__, json.dumps(shares)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    return ran.stdout.splitlines()


def in_threads(deed: Callable[..., None], *given: Sequence[object]) -> None:
    """Within a racer: ``deed(app, start, *one)`` in a thread for each of ``given``; ``start`` is set when all are ready."""
    app, start = create_app(), threading.Event()
    threads = [threading.Thread(target=deed, args=(app, start, *one)) for one in given]
    for thread in threads:
        thread.start()
    ready()
    start.set()
    for thread in threads:
        thread.join()


def ready() -> None:
    """Say that this racer could begin; return when every one could."""
    said, begin = _gates
    os.write(said, b".")
    os.read(begin, 1)


def say(line: str) -> None:
    """Tell the test, in one write: two racers, or two threads of one, must not mix their lines."""
    os.write(1, f"{line}\n".encode())


def _start(module: str, name: str, shares: list[list[object]]) -> int:
    """Fork a racer for each share and let them go; 1 when one of them failed."""
    gc.disable()  # as long as they live, looking for garbage would only delay them
    act = getattr(importlib.import_module(module), name)
    create_app()  # not theirs, but what it loads
    begin, go = os.pipe()
    racers, ears = [], []
    for share in shares:
        hears, said = os.pipe()
        racer = os.fork()
        if not racer:
            os.close(go)
            _gates[:] = [said, begin]
            _run(act, share)
        os.close(said)
        racers.append(racer)
        ears.append(hears)
    for hears in ears:
        os.read(hears, 1)  # or its end, when the racer has failed before
    os.close(go)
    ended = [os.waitpid(racer, 0)[1] for racer in racers]
    return int(any(ended))


def _run(act: Callable[..., None], share: list[object]) -> None:
    """A racer's life. It ends at once: what it shares with the others is not its to tear down."""
    code = 1
    with suppress(BaseException):
        try:
            act(*share)
            code = 0
        except BaseException:
            traceback.print_exc()
            sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    # The same module as those that the tests' modules import.
    from tests import racing

    os._exit(racing._start(sys.argv[1], sys.argv[2], json.loads(sys.argv[3])))
