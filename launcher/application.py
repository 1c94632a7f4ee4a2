"""The processes of the application: web, two workers (one for what takes minutes), scheduler."""

from __future__ import annotations

import contextlib
import socket
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from http import HTTPStatus

import psutil

from launcher.console import CannotStart
from launcher.places import Places
from launcher.processes import Child, leashed, wait_until

HOST = "127.0.0.1"
ZONE = "Asia/Shanghai"
SECONDS_TO_START = 120
WEB = "web"


def address(port: int) -> str:
    return f"http://{HOST}:{port}"


def children(places: Places, env: Mapping[str, str], port: int) -> list[Child]:
    """In the order in which they start. The scheduler reads its times of day in the zone of the projects."""
    config = places.root / "launcher" / "gunicorn.conf.py"
    web = ["-m", "gunicorn", "--config", str(config), "--bind", f"{HOST}:{port}", "wsgi:app"]
    return [
        _python(WEB, web, places, env),
        _python("worker", ["-m", "worker.main"], places, env),
        _python("long-worker", ["-m", "worker.main", "long"], places, env),
        _python("scheduler", ["-m", "worker.schedule"], places, {**env, "TZ": ZONE}),
    ]


def _python(name: str, arguments: list[str], places: Places, env: Mapping[str, str]) -> Child:
    child = Child(name, [], env, places.log(name), cwd=places.root)
    child.argv = leashed([sys.executable, *arguments], child.stop_signal)
    return child


def wait_for_web(web: Child, port: int) -> None:
    """Return once the first page could be shown. Raises CannotStart with the end of the web server's log."""
    wait_until(lambda: _answers(port) or not web.is_running, seconds=SECONDS_TO_START, pause=0.1)
    if not web.is_running or not _answers(port):
        raise CannotStart(f"The web server did not start; {web.log} ends with:\n{web.last_words()}")


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"{address(port)}/healthz", timeout=5) as answer:
            return bool(answer.status == HTTPStatus.OK)
    except (urllib.error.URLError, OSError):
        return False


def require_free(port: int) -> None:
    """Raises CannotStart naming, as far as we may know, who has the port."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError:
            raise CannotStart(f"Port {port} needs root. Choose one above 1023: ./run --port 8000") from None
        except OSError:
            raise CannotStart(
                f"Port {port} is taken{_by_whom(port)}. Choose another: ./run --port {port + 1}"
            ) from None


def _by_whom(port: int) -> str:
    with contextlib.suppress(psutil.Error):
        for connection in psutil.net_connections("tcp"):
            if connection.status == psutil.CONN_LISTEN and connection.laddr.port == port and connection.pid:
                return f" by {psutil.Process(connection.pid).name()} (process {connection.pid})"
    return ""
