"""The command line of ./run."""

from __future__ import annotations

import argparse
import os

from launcher.command import DEFAULT_PORT, run_flask
from launcher.console import CannotStart, say
from launcher.places import here
from launcher.serve import Wish, serve


def main(argv: list[str]) -> int:
    """The exit code: 0 after a stop that was asked for, 1 when something must be done first."""
    os.umask(0o077)
    try:
        if argv[:1] == ["flask"]:
            return run_flask(here(), argv[1:])
        return serve(here(), read_wish(argv))
    except CannotStart as why:
        say(f"✗ {why}")
        return 1


def read_wish(argv: list[str]) -> Wish:
    """Exits with 2 and a sentence when the arguments make no sense."""
    parser = argparse.ArgumentParser(prog="./run", description="Start Jieding. ./run flask COMMAND… runs one command.")
    parser.add_argument("--port", type=_port, default=DEFAULT_PORT, metavar="N", help="port of the web server (8000)")
    demo = parser.add_mutually_exclusive_group()
    demo.add_argument("--demo", action="store_true", default=None, help="demo data in the database of DATABASE_URL too")
    demo.add_argument("--no-demo", action="store_false", dest="demo", help="leave an empty database empty")
    demo.add_argument("--reset-demo", action="store_true", help="drop everything and build the demo data anew")
    wish = parser.parse_args(argv)
    return Wish(port=wish.port, demo=wish.demo, reset=wish.reset_demo)


def _port(text: str) -> int:
    port = int(text) if text.isascii() and text.isdigit() else 0
    if not 1 <= port <= 65535:
        raise argparse.ArgumentTypeError(f"{text} is not a port; choose one between 1024 and 65535")
    return port
