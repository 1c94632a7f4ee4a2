"""Database and queue: the person's own when they are set, else embedded ones that we start and stop."""

from __future__ import annotations

from dataclasses import dataclass, field

from launcher import processes
from launcher.environment import Given, base
from launcher.places import Places
from launcher.postgres import OWNER, PostgresServer
from launcher.processes import Child
from launcher.redis import RedisServer


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
        """Start what is ours and wait until it answers. Raises CannotStart."""
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
