"""What the launcher says: to standard error, because standard output belongs to the command that it runs."""

from __future__ import annotations

import contextlib
import sys
from typing import TextIO


class CannotStart(Exception):
    """Something that the person at the keyboard must do first; the message says what."""


def say(line: str) -> None:
    _write(sys.stderr, f"{line}\n")


def show(text: str) -> None:
    """Print what somebody may want to keep, such as the address, to standard output."""
    _write(sys.stdout, text)


def _write(stream: TextIO, text: str) -> None:
    """A terminal that was closed must not keep anything from being stopped in order."""
    with contextlib.suppress(OSError):
        stream.write(text)
        stream.flush()
