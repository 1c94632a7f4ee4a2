"""Filings per second through the real stack, with one and with eight clients, beside two floors in turns in one run.

    .venv/bin/python -m bench.filing [--rounds N] [--seconds N]

Brokers of rival companies press "file" as fast as they can, each a new customer each time, against gunicorn as
launcher/gunicorn.conf.py runs it (2 processes of 4 threads) and a PostgreSQL that writes every commit to disk. In turn
with them: an endpoint as it is usually written with the ORM (bench/orm_floor.py), and the barest that can be written,
Core statements built once (bench/floor.py). Filing slips are ordered and enqueued; no worker prints them meanwhile. Rate
limits are off.
"""

from __future__ import annotations

import argparse
import re
import socket
import statistics
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from itertools import count
from urllib.parse import urlencode
from uuid import uuid4

from bench.installation import PASSWORD, PROJECT, Installation, application, found_brokers, installation
from launcher.places import ROOT
from launcher.postgres import OWNER
from launcher.processes import Child, wait_until

TABLES = ROOT / "bench" / "floor.sql"
CLIENTS = (1, 8)
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
OURS = "filing"
APPS = {"ORM endpoint": "bench.orm_floor:app", "bare statements": "bench.floor:app", OURS: "wsgi:app"}
Figures = dict[tuple[str, int], list[float]]
_phones = count(1)


class Client:
    """One browser: one connection, its cookies, its CSRF token."""

    def __init__(self, port: int) -> None:
        self.connection = HTTPConnection("127.0.0.1", port)
        self.cookies: dict[str, str] = {}
        self.token = ""

    def ask(self, method: str, path: str, fields: dict[str, str] | None = None) -> tuple[int, str]:
        """The status and the body of the answer."""
        body = urlencode(fields).encode() if fields else None
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        self.connection.request(method, path, body, headers | (_FORM if fields else {}))
        answer = self.connection.getresponse()
        for given in answer.headers.get_all("Set-Cookie") or ():
            name, value = given.split(";", 1)[0].split("=", 1)
            self.cookies[name] = value
        return answer.status, answer.read().decode()

    def sign_in(self, login: str) -> None:
        self.token = _token(self.ask("GET", "/sign-in")[1])
        self.ask("POST", "/sign-in", {"login": login, "password": PASSWORD, "csrf_token": self.token})
        self.token = _token(self.ask("GET", "/distributor/filings/new")[1])

    def file(self) -> int:
        """File somebody new, as the form would."""
        return self.ask("POST", "/distributor/filings/new", _typed() | {"csrf_token": self.token})[0]

    def enter_floor(self, user: int) -> None:
        self.token = self.ask("GET", f"/enter/{user}")[1]

    def file_on_floor(self) -> int:
        return self.ask("POST", "/file", _typed() | {"csrf_token": self.token})[0]


def _token(page: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    if found is None:
        raise RuntimeError(f"no form in: {page[:500]}")
    return found[1]


def _typed() -> dict[str, str]:
    number = next(_phones)
    return {
        "project": PROJECT,
        "name": "黄维",
        "phone": f"13{number // 10000 % 100000:05} {number % 10000:04}",
        "residence": "local",
        "buyer": "person",
        "declared": "y",
        "told": "y",
        "declaration_version": "1",
        "notice_version": "1",
        "submission_key": str(uuid4()),
    }


def _per_second(clients: list[Client], act: Callable[[Client], int], seconds: float) -> float:
    """How often per second the clients are sent on (303), all at once. Any other answer ends the bench."""
    for client in clients:
        # The server has closed it while others had their turn; the next request opens it again.
        client.connection.close()
    until = time.perf_counter() + seconds

    def repeat(client: Client) -> int:
        done = 0
        while time.perf_counter() < until:
            status = act(client)
            if status != 303:
                raise RuntimeError(f"answered {status}")
            done += 1
        return done

    start = time.perf_counter()
    with ThreadPoolExecutor(len(clients)) as pool:
        done = sum(pool.map(repeat, clients))
    return done / (time.perf_counter() - start)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def serve(place: Installation, name: str, app: str, children: list[Child]) -> int:
    """Start gunicorn as in production; its port once it answers."""
    port = _free_port()
    config = str(ROOT / "launcher" / "gunicorn.conf.py")
    web = place.python(name, "-m", "gunicorn", "--config", config, "--bind", f"127.0.0.1:{port}", app)
    children.append(web)
    web.start()

    def answers() -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    if not wait_until(answers, seconds=60):
        raise RuntimeError(web.last_words())
    return port


def _measure(place: Installation, children: list[Child], rounds: int, seconds: float) -> Figures:
    """Each endpoint's figures with so many clients, after a first round that is not counted."""
    logins = found_brokers(application(place), max(CLIENTS))
    with place.postgres.connect(role=OWNER, database="jieding") as connection:
        connection.execute(TABLES.read_text())
    ports = {name: serve(place, name, app, children) for name, app in APPS.items()}
    clients = {name: [Client(port) for _ in logins] for name, port in ports.items()}
    for name, ours in clients.items():
        for number, login in enumerate(logins):
            ours[number].sign_in(login) if name == OURS else ours[number].enter_floor(number)
    figures: Figures = {(name, number): [] for number in CLIENTS for name in APPS}
    for turn in range(rounds + 1):
        for name, number in figures:
            act = Client.file if name == OURS else Client.file_on_floor
            rate = _per_second(clients[name][:number], act, seconds)
            figures[name, number] += [rate] if turn else []
        if not turn:
            # What autovacuum does within a minute, for both sides at once and not in the middle.
            _learn(place)
    return figures


def _learn(place: Installation) -> None:
    with place.postgres.connect(role=OWNER, database="jieding") as connection:
        connection.execute("ANALYZE")


def _report(figures: Figures) -> str:
    lines = [
        f"{name}, {number} clients: {statistics.median(rates):.0f} per second"
        for (name, number), rates in figures.items()
    ]
    for number in CLIENTS:
        for floor in APPS.keys() - {OURS}:
            pairs = zip(figures[OURS, number], figures[floor, number], strict=True)
            ratios = [ours / bare for ours, bare in pairs]
            spread = f"({min(ratios):.2f} to {max(ratios):.2f})"
            lines.append(f"{OURS} / {floor}, {number} clients: {statistics.median(ratios):.2f} {spread}")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Print the figures as lines of "name: value"."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=4)
    wish = parser.parse_args()
    children: list[Child] = []
    with installation() as place:
        try:
            figures = _measure(place, children, wish.rounds, wish.seconds)
        finally:
            for child in children:
                child.stop()
    sys.stdout.write(_report(figures))


if __name__ == "__main__":
    main()
