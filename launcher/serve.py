"""`./run`: everything up, until somebody asks it to stop."""

from __future__ import annotations

from dataclasses import dataclass

from launcher import application, preparation, processes
from launcher.console import CannotStart, say, show
from launcher.environment import Given, compose, read_given
from launcher.lock import RunLock, read_holder
from launcher.places import Places
from launcher.processes import Child
from launcher.services import Services
from launcher.signals import StopAsked, stopping_on_signals
from launcher.supervisor import watch


@dataclass(frozen=True)
class Wish:
    """What ./run was asked for. ``demo`` is None when nothing was said: then only our own database gets demo data."""

    port: int
    demo: bool | None
    reset: bool


def serve(places: Places, wish: Wish) -> int:
    """Run until a signal comes. Raises CannotStart."""
    places.prepare()
    lock = RunLock(places)
    if not lock.take():
        raise CannotStart(_who_is_running(places))
    try:
        with stopping_on_signals():
            _run(places, wish, lock)
    except StopAsked:
        say("Stopped.")
    finally:
        processes.sweep_descendants()
        lock.release()
    return 0


def _who_is_running(places: Places) -> str:
    holder = read_holder(places)
    if holder is None:
        return "Another ./run is starting right now."
    if not holder.address:
        return f"A ./run flask command (process {holder.pid}) is using the database; start again when it has ended."
    return (
        f"Jieding is already running at {holder.address} (process {holder.pid}).\n"
        f"  Stop it with Ctrl-C where it was started, or with: kill {holder.pid}"
    )


def _run(places: Places, wish: Wish, lock: RunLock) -> None:
    application.require_free(wish.port)
    given = read_given(places)
    _refuse_reset_of_foreign_database(wish, given)
    processes.adopt_orphans()
    services = Services(places, given)
    address = application.address(wish.port)
    has_data = services.has_data and not wish.reset
    env = compose(places, given, services=services.addresses(), address=address, has_data=has_data)
    lock.announce(address=address, ready=False, services={})
    started: list[Child] = []
    try:
        say("Starting the database and the queue")
        services.start()
        _prepare(places, wish, given, services, env)
        lock.announce(address=address, ready=True, services=services.addresses())
        say("Starting web, worker and scheduler")
        _start(places, env, wish.port, started)
        _welcome(places, wish, given, address)
        watch([*services.children, *started])
    except BaseException:
        say("Stopping")
        raise
    finally:
        processes.stop_together(started)
        services.stop()


def _refuse_reset_of_foreign_database(wish: Wish, given: Given) -> None:
    if wish.reset and given.has_database:
        raise CannotStart("--reset-demo drops the embedded database; the one of DATABASE_URL is yours to empty.")


def _wants_demo(wish: Wish, given: Given) -> bool:
    """Accounts with published passwords never get into somebody's own database unasked."""
    return not given.has_database if wish.demo is None else wish.demo


def _prepare(places: Places, wish: Wish, given: Given, services: Services, env: dict[str, str]) -> None:
    if wish.reset:
        say("Dropping the database and the queue")
        services.empty()
        preparation.forget(places)
    demo = _wants_demo(wish, given)
    say("Preparing the database" + (" and its demo data" if demo else ""))
    preparation.ensure(places, env, demo=demo)


def _start(places: Places, env: dict[str, str], port: int, started: list[Child]) -> None:
    """The web server gets the machine for itself until its first page; then the others load what they need."""
    for child in application.children(places, env, port):
        started.append(child)
        child.start()
        if child.name == application.WEB:
            application.wait_for_web(child, port)


def _welcome(places: Places, wish: Wish, given: Given, address: str) -> None:
    demo = places.sign_ins.read_text(encoding="utf-8") if _wants_demo(wish, given) else ""
    logs = places.log("web").parent
    show(f"\nJieding runs at {address}\n\n{demo}\nStop it with Ctrl-C. Logs are in {logs}\n")
