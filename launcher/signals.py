"""How a running launcher is asked to stop: Ctrl-C, a termination, a closed terminal."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

ASKS_TO_STOP = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
Handler = Callable[[int, FrameType | None], None]


class StopAsked(BaseException):
    """Raised wherever the main thread is when the first signal comes; later ones do not disturb the stopping."""


@contextmanager
def stopping_on_signals() -> Iterator[None]:
    def ask(_number: int, _frame: FrameType | None) -> None:
        _handle_all(_ignore)
        raise StopAsked

    _handle_all(ask)
    yield


@contextmanager
def passing_signals_to(act: Callable[[int], None]) -> Iterator[None]:
    """While a command has the terminal, Ctrl-C is its own affair; the other signals are passed on to it."""

    def hand_over(number: int, _frame: FrameType | None) -> None:
        if number != signal.SIGINT:
            act(signal.SIGTERM)

    _handle_all(hand_over)
    try:
        yield
    finally:
        _handle_all(_ignore)


def _ignore(_number: int, _frame: FrameType | None) -> None:
    """Not SIG_IGN: children would inherit that, and then nobody could stop them."""


def _handle_all(handler: Handler) -> None:
    for number in ASKS_TO_STOP:
        signal.signal(number, handler)
