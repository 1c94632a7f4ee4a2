"""`./run flask …`: one command of the application, with database and queue up for as long as it takes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from launcher import application, preparation, processes
from launcher.console import CannotStart
from launcher.environment import compose, read_given
from launcher.lock import Holder, RunLock, guest, read_holder, wait_for_guests
from launcher.places import Places
from launcher.processes import leashed, wait_until
from launcher.services import Services
from launcher.signals import StopAsked, passing_signals_to, stopping_on_signals

SECONDS_FOR_ANOTHER_TO_START = 900
DEFAULT_PORT = 8000


def run_flask(places: Places, arguments: list[str]) -> int:
    """The exit code of the command. Raises CannotStart."""
    places.prepare()
    lock = RunLock(places)
    try:
        with stopping_on_signals():
            wait_until(lambda: lock.take() or _is_ready(read_holder(places)), seconds=SECONDS_FOR_ANOTHER_TO_START)
            return _as_host(places, arguments, lock) if lock.is_held else _as_guest(places, arguments)
    except StopAsked:
        return 128 + signal.SIGINT
    finally:
        lock.release()


def _as_guest(places: Places, arguments: list[str]) -> int:
    """Use the services of the ./run, or of the command, that has them up."""
    with guest(places):
        holder = _ready_holder(places)
        address = holder.address or application.address(DEFAULT_PORT)
        env = compose(places, read_given(places), services=holder.services, address=address, has_data=True)
        return _call(arguments, env)


def _ready_holder(places: Places) -> Holder:
    holder = read_holder(places)
    if holder is None or not holder.ready:
        raise CannotStart("The other ./run does not get ready or has just ended; run the command again.")
    return holder


def _is_ready(holder: Holder | None) -> bool:
    return holder is not None and holder.ready


def _as_host(places: Places, arguments: list[str], lock: RunLock) -> int:
    """Bring the services up, and down again when this command and its guests have ended."""
    given = read_given(places)
    processes.adopt_orphans()
    services = Services(places, given)
    address = application.address(DEFAULT_PORT)
    env = compose(places, given, services=services.addresses(), address=address, has_data=services.has_data)
    try:
        services.start()
        if arguments[:1] != ["db"]:
            preparation.ensure(places, env, demo=False)
        lock.announce(address="", ready=True, services=services.addresses())
        return _call(arguments, env)
    finally:
        wait_for_guests(places)
        services.stop()
        processes.sweep_descendants()


def _call(arguments: list[str], env: Mapping[str, str]) -> int:
    """Run it where the person is, so that file names mean what they mean there."""
    where = Path(os.environ.get("JIEDING_CALLED_FROM", "."))
    command = subprocess.Popen(
        leashed([sys.executable, "-m", "flask", *arguments], signal.SIGTERM), env=dict(env), cwd=where
    )
    with passing_signals_to(command.send_signal):
        code = command.wait()
    return code if code >= 0 else 128 - code
