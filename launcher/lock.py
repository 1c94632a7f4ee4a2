"""Who runs the services of this installation: one at a time, kept by a file lock that dies with its holder."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from launcher.places import Places


@dataclass(frozen=True)
class Holder:
    """The process that runs the services. ``address`` is empty when it runs a command and no web server;
    the services may be used once they are ``ready``."""

    pid: int
    address: str
    ready: bool
    services: dict[str, str]


class RunLock:
    """The lock of one installation. The kernel lets go of it however the holder ends, so it is never stale."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._file: IO[str] | None = None

    @property
    def is_held(self) -> bool:
        return self._file is not None

    def take(self) -> bool:
        """Whether we hold it now. A holder's notes from before are wiped."""
        file = _open(self._places.lock)
        if not _flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB):
            file.close()
            return False
        self._file = file
        self._places.state.unlink(missing_ok=True)
        return True

    def release(self) -> None:
        if self._file is not None:
            self._places.state.unlink(missing_ok=True)
            self._file.close()
            self._file = None

    def announce(self, *, address: str, ready: bool, services: dict[str, str]) -> None:
        """Write down for others who holds the lock and how the services are reached."""
        holder = Holder(pid=os.getpid(), address=address, ready=ready, services=services)
        unfinished = self._places.state.with_suffix(".new")
        unfinished.touch(mode=0o600)
        unfinished.write_text(json.dumps(asdict(holder)), encoding="utf-8")
        unfinished.rename(self._places.state)


def read_holder(places: Places) -> Holder | None:
    """What the present holder wrote down; nothing in the moments before it does."""
    try:
        return Holder(**json.loads(places.state.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None


@contextmanager
def guest(places: Places) -> Iterator[None]:
    """Use the services of another command: it waits for its guests before it stops them."""
    with _open(places.guests) as file:
        _flock(file, fcntl.LOCK_SH)
        yield


def wait_for_guests(places: Places) -> None:
    with _open(places.guests) as file:
        _flock(file, fcntl.LOCK_EX)


def _open(path: Path) -> IO[str]:
    return path.open("a", encoding="utf-8")


def _flock(file: IO[str], operation: int) -> bool:
    try:
        fcntl.flock(file, operation)
    except BlockingIOError:
        return False
    return True
