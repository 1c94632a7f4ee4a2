"""What the launcher says: to standard error, because standard output belongs to the command that it runs."""

from __future__ import annotations

import sys


class CannotStart(Exception):
    """Something that the person at the keyboard must do first; the message says what."""


def say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
