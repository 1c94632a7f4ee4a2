"""Database and queue: the person's own when they are set, else embedded ones that we start and stop."""

from __future__ import annotations

from dataclasses import dataclass, field

import psycopg
from redis import Redis
from redis.exceptions import RedisError

from launcher import processes
from launcher.console import CannotStart
from launcher.environment import Given, base
from launcher.places import Places
from launcher.postgres import OWNER, PostgresServer
from launcher.processes import Child
from launcher.redis import RedisServer

SECONDS_TO_ANSWER = 10
_POSTGRESQL = ("postgresql://", "postgres://", "postgresql+psycopg://")
_REDIS = ("redis://", "rediss://", "unix://")


@dataclass
class Services:
    """The embedded servers of an installation; either may be absent."""

    places: Places
    given: Given
    postgres: PostgresServer | None = field(init=False, default=None)
    redis: RedisServer | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        env = base(self.places, self.given)
        if not self.given.has_database:
            self.postgres = PostgresServer(self.places, env)
        if not self.given.has_redis:
            self.redis = RedisServer(self.places, env)

    @property
    def has_data(self) -> bool:
        """Whether an embedded database is there from before."""
        return self.postgres is not None and self.postgres.has_data

    @property
    def children(self) -> list[Child]:
        """In the order in which they start."""
        return [server.child for server in (self.postgres, self.redis) if server]

    def start(self) -> None:
        """Start what is ours and wait until it answers, once what is the person's own does. Raises CannotStart."""
        _require_database(self.given)
        _require_redis(self.given)
        processes.sweep_leftovers(str(self.places.var))
        servers = [server for server in (self.postgres, self.redis) if server]
        for server in servers:
            server.start()
        for server in servers:
            server.wait()
        if self.postgres:
            self.postgres.ensure_database()

    def addresses(self) -> dict[str, str]:
        """The settings that lead to the embedded servers."""
        found: dict[str, str] = {}
        if self.postgres:
            found |= {"DATABASE_URL": self.postgres.url(), "DATABASE_OWNER_URL": self.postgres.url(role=OWNER)}
        if self.redis:
            found["REDIS_URL"] = self.redis.url()
        return found

    def empty(self) -> None:
        """Make the database and the queue as new."""
        if self.postgres:
            self.postgres.drop_database()
            self.postgres.ensure_database()
        if self.redis:
            self.redis.empty()

    def stop(self) -> None:
        for child in reversed(self.children):
            child.stop()


def _require_database(given: Given) -> None:
    """An address that is none at all is refused with the other settings, by name."""
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL"):
        scheme, _, rest = given.values.get(name, "").partition("://")
        if f"{scheme}://" not in _POSTGRESQL:
            continue
        try:
            psycopg.connect(f"postgresql://{rest}", connect_timeout=SECONDS_TO_ANSWER).close()
        except psycopg.Error as error:
            raise CannotStart(f"The database of {name} does not answer:\n  {_first_line(error)}") from None


def _require_redis(given: Given) -> None:
    url = given.values.get("REDIS_URL", "")
    if not url.startswith(_REDIS):
        return
    try:
        with Redis.from_url(url, socket_connect_timeout=SECONDS_TO_ANSWER, socket_timeout=SECONDS_TO_ANSWER) as redis:
            redis.ping()
    except (RedisError, ValueError) as error:
        raise CannotStart(f"The Redis of REDIS_URL does not answer:\n  {_first_line(error)}") from None


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
