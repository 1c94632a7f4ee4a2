"""What every test can ask for: real servers, a migrated database of its own process, settings.

Servers start with the first test that asks, once per run whatever the number of processes. Fixtures of the application
itself (app, session, client) are in tests/fixtures.py.
"""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from redis import Redis

from launcher import signing
from launcher.postgres import APP, OWNER, PostgresServer
from portal.commands.translations import compile_catalog
from portal.documents.fontconfig import only_our_fonts
from tests import servers

RUN = "JIEDING_TEST_RUN"
CONTROLLER = "JIEDING_TEST_CONTROLLER"
pytest_plugins = ["tests.fixtures", "tests.walking"]


#: Files that wait for browsers and processes; begun first, they do not leave one processor alone with them at the end.
SLOW_FIRST = (
    "browser/test_every_page",
    "launcher/test_run",
    "browser/test_clash",
    "worker/test_processes",
    "house/test_every_route",
    "browser/",
    "concurrency/",
    "launcher/",
    "worker/test_backtests",
    "documents/",
    "disclosure/",
    "scenarios/",
    "rules/messages/",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: next((n for n, name in enumerate(SLOW_FIRST) if name in item.nodeid), len(SLOW_FIRST)))


def pytest_configure(config: pytest.Config) -> None:
    # How long an example takes says how busy the machine is, not whether the code is right.
    # The same examples in every run: what was green yesterday is red today for a change of ours only.
    settings.register_profile("jieding", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("jieding")
    # The whole portal stays in memory for the run: going through it again and again finds nothing to free.
    gc.set_threshold(50_000, 20, 100)
    if not hasattr(config, "workerinput"):
        compile_catalog()
        os.environ[RUN] = tempfile.mkdtemp(prefix="jieding-tests-")
        os.environ[CONTROLLER] = str(os.getpid())


def pytest_collection_finish() -> None:
    # What has been loaded and collected stays to the end: the searches for garbage after the last test need not look at it.
    gc.freeze()


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput") and RUN in os.environ:
        folder = Path(os.environ.pop(RUN))
        servers.stop(folder)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def run_folder() -> Path:
    """The folder that all processes of this run share."""
    return Path(os.environ[RUN])


@pytest.fixture(scope="session")
def worker_name(request: pytest.FixtureRequest) -> str:
    """ "gw0", "gw1", … under xdist, else "master"."""
    workerinput = getattr(request.config, "workerinput", {"workerid": "master"})
    return str(workerinput["workerid"])


@pytest.fixture(scope="session")
def running_servers(run_folder: Path) -> Path:
    servers.ensure(run_folder, int(os.environ[CONTROLLER]))
    return run_folder


@pytest.fixture(scope="session")
def postgres_server(running_servers: Path) -> PostgresServer:
    """The run's PostgreSQL: ``.url(role=…, database=…)``, ``.connect(…)``, ``.clone_database(template, name)``."""
    return servers.postgres(running_servers)


@pytest.fixture(scope="session")
def redis_server(running_servers: Path) -> str:
    """Address of the run's Redis, logical database 0; tests use ``redis_url``."""
    return servers.redis(running_servers).url()


@pytest.fixture(scope="session")
def template_database(running_servers: Path) -> str:
    """Name of the database with all migrations and no rows. Never connect to it: clone it."""
    return servers.ensure_template(running_servers)


@pytest.fixture(scope="session")
def database_name(postgres_server: PostgresServer, template_database: str, worker_name: str, run_folder: Path) -> str:
    """This process's own clone of the template."""
    name = f"jieding_{worker_name}"
    with servers.one_at_a_time(run_folder):
        postgres_server.clone_database(template_database, name)
    return name


@pytest.fixture(scope="session")
def database_url(postgres_server: PostgresServer, database_name: str) -> str:
    """The clone as the application sees it: a role that may not alter tables nor rewrite history."""
    return postgres_server.url(role=APP, database=database_name)


@pytest.fixture(scope="session")
def database_owner_url(postgres_server: PostgresServer, database_name: str) -> str:
    """The clone as its owner sees it, for emptying tables and for migrations."""
    return postgres_server.url(role=OWNER, database=database_name)


@pytest.fixture(scope="session")
def redis_url(running_servers: Path, worker_name: str) -> str:
    """A logical Redis database of this process's own, empty at the start."""
    number = 0 if worker_name == "master" else 1 + int(worker_name.removeprefix("gw"))
    url = servers.redis(running_servers).url(number)
    with Redis.from_url(url) as connection:
        connection.flushdb()
    return url


@pytest.fixture(scope="session")
def settings_env(
    database_url: str, database_owner_url: str, redis_url: str, running_servers: Path, worker_name: str
) -> Iterator[dict[str, str]]:
    """The environment that ``create_app()`` reads, set for the whole session."""
    storage = running_servers / f"storage-{worker_name}"
    storage.mkdir()
    values = {
        **servers.secrets(running_servers),
        **signing.obtain(storage / "signing", given={}, matching_key="tests"),
        "DATABASE_URL": database_url,
        "DATABASE_OWNER_URL": database_owner_url,
        "REDIS_URL": redis_url,
        "COOKIE_SECURE": "false",
        "PUBLIC_URL": "http://localhost",
        "RATE_LIMITS": "false",
        "FLASK_APP": "wsgi",
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in values.items():
            patch.setenv(name, value)
        yield values


@pytest.fixture(scope="session")
def chromium_path() -> Iterator[str]:
    """Path of the browser, for playwright's ``executable_path``; it draws with our fonts on every machine."""
    found = shutil.which("chromium-headless-shell") or shutil.which("google-chrome")
    assert found, "There is no Chromium: ./test installs it."
    with only_our_fonts():
        yield found


@pytest.fixture
def owner_connection(database_owner_url: str) -> Iterator[psycopg.Connection]:
    """An autocommit connection of the database's owner."""
    with psycopg.connect(database_owner_url, autocommit=True) as connection:
        yield connection
