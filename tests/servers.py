"""The PostgreSQL and the Redis of one test run: started when the first test asks, by a process that outlives xdist's
workers and ends with the run, however that ends."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from launcher import keys
from launcher.places import ROOT, Places
from launcher.postgres import OWNER, PostgresServer
from launcher.redis import RedisServer

TEMPLATE = "jieding_template"
#: A test run may lose its data with the machine; it may not lose the minutes that syncing takes.
CARELESS = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "wal_level=minimal",
    "max_wal_senders=0",
    "max_wal_size=4GB",
    "autovacuum=off",
    "max_connections=300",
)
#: Nothing is proven by how long something takes: what is waited for may take this long on a machine that is busy.
PATIENCE_SECONDS = 600


def postgres(folder: Path) -> PostgresServer:
    return PostgresServer(Places(ROOT, folder), os.environ, settings=CARELESS)


def redis(folder: Path) -> RedisServer:
    return RedisServer(Places(ROOT, folder), os.environ)


def secrets(folder: Path) -> dict[str, str]:
    """The same keys for every process of the run."""
    return keys.obtain(folder / "keys.env", given={}, has_data=False)


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """Held by one process of the run at a time."""
    with (folder / "tests.lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def ensure(folder: Path, controller: int) -> None:
    """Start the servers of this run unless they are there. Raises RuntimeError with what was said when they fail."""
    with one_at_a_time(folder):
        if (folder / "ready").exists():
            return
        with (folder / "servers.log").open("ab") as log:
            command = [sys.executable, "-m", "tests.servers", str(folder), str(controller)]
            keeper = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        (folder / "pid").write_text(str(keeper.pid))
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not (folder / "ready").exists():
            if keeper.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((folder / "servers.log").read_text())
            time.sleep(0.05)
        # Nobody waits for the keeper here: the run's controller stops it, in another process than this one as a rule.
        keeper.returncode = 0


def ensure_template(folder: Path) -> str:
    """The name of a migrated database to clone, made once for the run."""
    with one_at_a_time(folder):
        if not (folder / "migrated").exists():
            postgres(folder).ensure_database(TEMPLATE)
            _migrate(folder)
            (folder / "migrated").touch()
    return TEMPLATE


def _migrate(folder: Path) -> None:
    owner = postgres(folder).url(role=OWNER, database=TEMPLATE)
    env = {**os.environ, **secrets(folder), "DATABASE_URL": owner, "DATABASE_OWNER_URL": owner, "FLASK_APP": "wsgi"}
    env["REDIS_URL"] = redis(folder).url()
    command = [sys.executable, "-m", "flask", "db", "upgrade"]
    made = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    if made.returncode != 0:
        raise RuntimeError(f"migrations failed:\n{made.stdout}{made.stderr}")


def stop(folder: Path) -> None:
    """End the servers of a run, if it has any, and wait for that."""
    pid = folder / "pid"
    if not pid.exists():
        return
    try:
        keeper = psutil.Process(int(pid.read_text()))
        keeper.terminate()
        keeper.wait(PATIENCE_SECONDS)
    except psutil.NoSuchProcess:
        return


def keep(folder: Path, controller: int) -> None:
    """Run the servers until asked to stop or until the test run is gone."""
    Places(ROOT, folder).prepare()
    asked: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _frame: asked.append(number))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    servers = (postgres(folder), redis(folder))
    try:
        for server in servers:
            server.start()
        for server in servers:
            server.wait()
        (folder / "ready").touch()
        while not asked and psutil.pid_exists(controller):
            time.sleep(0.2)
    finally:
        for server in servers:
            server.stop()
        if not asked:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    keep(Path(sys.argv[1]), int(sys.argv[2]))
