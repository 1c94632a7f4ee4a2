"""A broker's list and the search by last four digits, with few and with many registrations, in turns in one run.

    .venv/bin/python -m bench.lists [--few N] [--many N] [--requests N]

Two installations stand side by side, each with a hundred brokers of a hundred companies. One broker asks each for the first
page, a page further on and a search by four digits that finds one of the broker's customers: whole pages over HTTP.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from contextlib import ExitStack

from bench.copies import fill
from bench.filing import Client, serve
from bench.installation import Installation, application, file_one, found_brokers, installation
from launcher.processes import Child

BROKERS = 100
LIST = "/distributor/customers"


def _prepare(place: Installation, rows: int) -> dict[str, str]:
    """Fill an installation; the addresses of its pages."""
    from portal.addresses import sealed
    from portal.crypto import search_token

    app = application(place)
    file_one(app, found_brokers(app, BROKERS)[0])
    fill(place.postgres, rows, ended=rows // 2, tokens=[search_token(f"{number:04}") for number in range(10_000)])
    return {"first page": LIST, "search": f"{LIST}?s={sealed('0042')}"}


def _seconds(client: Client, path: str) -> float:
    start = time.perf_counter()
    status, page = client.ask("GET", path)
    took = time.perf_counter() - start
    if status != 200 or "YQ-0000-" not in page:
        raise RuntimeError(f"{path}: {status}")
    return took


def _further(client: Client) -> str:
    """The address that the first page gives for the next one."""
    page = client.ask("GET", LIST)[1]
    start = page.index(f"{LIST}?after=")
    return page[start : page.index('"', start)].replace("&amp;", "&")


def main() -> None:
    """Print the figures as lines of "name: value"."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--few", type=int, default=10_000)
    parser.add_argument("--many", type=int, default=1_000_000)
    parser.add_argument("--requests", type=int, default=40)
    wish = parser.parse_args()
    children: list[Child] = []
    with ExitStack() as stack:
        stack.callback(lambda: [child.stop() for child in children])
        asked: dict[int, tuple[Client, dict[str, str]]] = {}
        for rows in (wish.few, wish.many):
            place = stack.enter_context(installation())
            pages = _prepare(place, rows)
            client = Client(serve(place, f"web-{rows}", "wsgi:app", children))
            client.sign_in("broker0")
            asked[rows] = client, pages | {"next page": _further(client)}
        sys.stdout.write(_report(_measure(asked, wish.requests), wish.few, wish.many))


def _measure(asked: dict[int, tuple[Client, dict[str, str]]], requests: int) -> dict[tuple[str, int], list[float]]:
    """Seconds of each request, in turns, the first ones not counted."""
    figures: dict[tuple[str, int], list[float]] = {}
    for turn in range(-5, requests):
        for rows, (client, pages) in asked.items():
            # The server may have closed it while the others had their turn.
            client.connection.close()
            for name, path in pages.items():
                took = _seconds(client, path)
                figures.setdefault((name, rows), []).extend([took] if turn >= 0 else [])
    return figures


def _report(figures: dict[tuple[str, int], list[float]], few: int, many: int) -> str:
    lines = []
    for name in dict.fromkeys(name for name, _ in figures):
        short, long = (statistics.median(figures[name, rows]) for rows in (few, many))
        lines.append(
            f"{name}: {short * 1000:.1f} ms at {few}, {long * 1000:.1f} ms at {many}, ratio {long / short:.2f}"
        )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
