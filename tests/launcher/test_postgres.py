"""The embedded PostgreSQL starts from nothing, again, and after a kill."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from launcher import identity, postgres
from launcher.console import CannotStart
from launcher.identity import Identity
from launcher.places import ROOT, Places
from launcher.postgres import APP, DATABASE, OWNER, PostgresServer
from launcher.processes import wait_until

#: Patience with a busy machine, less than the minute after which the sleepers below would end by themselves.
SOON = 50


@pytest.fixture
def server(tmp_path: Path) -> Iterator[PostgresServer]:
    places = Places(ROOT, tmp_path)
    places.prepare()
    found = PostgresServer(places, os.environ, settings=("fsync=off",))
    yield found
    found.stop()


def start(server: PostgresServer) -> None:
    server.start()
    server.wait()
    server.ensure_database()


def test_data_survives_a_restart(server: PostgresServer) -> None:
    start(server)
    with server.connect(role=OWNER, database=DATABASE) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
    server.stop()
    assert server.child.exit_code == 0
    start(server)
    with server.connect(role=APP, database=DATABASE) as connection:
        assert connection.execute("SELECT number FROM kept").fetchone() == (7,)


def test_it_listens_on_no_network(server: PostgresServer) -> None:
    start(server)
    with server.connect() as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)


def test_dropping_the_database_empties_it(server: PostgresServer) -> None:
    start(server)
    with server.connect(role=OWNER, database=DATABASE) as connection:
        connection.execute("CREATE TABLE gone (id int)")
    server.drop_database()
    server.ensure_database()
    with (
        server.connect(role=OWNER, database=DATABASE) as connection,
        pytest.raises(psycopg.errors.UndefinedTable),
    ):
        connection.execute("SELECT * FROM gone")


def test_a_killed_server_starts_again(server: PostgresServer) -> None:
    start(server)
    assert server.child.process
    os.killpg(server.child.process.pid, signal.SIGKILL)
    server.child.process.wait()
    assert (server.data / "postmaster.pid").exists()
    start(server)


def test_a_pid_that_now_belongs_to_something_else_does_not_matter(server: PostgresServer) -> None:
    start(server)
    server.stop()
    with subprocess.Popen(["sleep", "60"]) as other:
        note = f"{other.pid}\n{server.data}\n1700000000\n5432\n/nowhere\n\n0 0\nready\n"
        (server.data / "postmaster.pid").write_text(note)
        start(server)
        assert other.poll() is None
        other.kill()


def test_a_server_that_a_killed_launcher_left_is_replaced(server: PostgresServer) -> None:
    start(server)
    orphan = server.child.process
    assert orphan
    start(server)
    assert wait_until(lambda: orphan.poll() is not None, seconds=SOON)
    assert server.child.is_running


def test_data_of_another_version_is_refused(server: PostgresServer) -> None:
    start(server)
    server.stop()
    (server.data / "PG_VERSION").write_text("11\n")
    with pytest.raises(CannotStart, match="is PostgreSQL 11's"):
        server.start()
    (server.data / "PG_VERSION").write_text("18\n")


def test_a_server_that_cannot_start_says_why(server: PostgresServer) -> None:
    start(server)
    server.stop()
    (server.data / "postgresql.conf").write_text("no_such_setting = on\n")
    server.start()
    with pytest.raises(CannotStart, match="no_such_setting"):
        server.wait()


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become somebody else")
def test_root_without_user_namespaces_runs_it_as_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    places = Places(ROOT, tmp_path / "var")
    places.prepare()
    # The home of nobody is in /var/lib, because /tmp of the tests may be closed to others.
    monkeypatch.setattr(identity, "IN_NAMESPACE", ("false",))
    home = Path(f"/var/lib/jieding-tests-{os.getpid()}")
    monkeypatch.setattr(identity, "HOMES_OF_NOBODY", home)
    server = PostgresServer(places, os.environ, settings=("fsync=off",))
    try:
        start(server)
        assert server.child.process
        assert psutil.Process(server.child.process.pid).uids().real == identity.NOBODY
    finally:
        server.stop()
        shutil.rmtree(home, ignore_errors=True)


def test_a_plain_user_is_who_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getuid", lambda: 1000)
    places = Places(ROOT, tmp_path)
    assert identity.choose(places) == Identity((), tmp_path, places.sockets)


def test_no_postgresql_at_all_is_named_with_the_command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(postgres.importlib.util, "find_spec", lambda _name: None)
    monkeypatch.setattr(postgres, "SYSTEM_BINARIES", tmp_path)
    with pytest.raises(CannotStart, match="apt-get install --no-install-recommends postgresql"):
        postgres.find_binaries()
