"""Whether two things are alike for whoever looks on: in the statements they run and in the time they take."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from flask import Flask
from sqlalchemy import event

from portal.models import db
from portal.straight import Straight

TRIES = 6


def assert_as_long(measure: Callable[[], tuple[Sequence[float], Sequence[float]]], *, within: float) -> None:
    """The slower side takes less than ``within`` times the faster.

    Compared is the faster half of each: other processes make a request slower, never faster. What the code itself does
    differently shows in every try, so one try in which the machine was calm is enough.
    """
    typical: list[list[float]] = []
    for _ in range(TRIES):
        typical.append([statistics.median(sorted(times)[: (len(times) + 1) // 2]) for times in measure()])
        if max(typical[-1]) < within * min(typical[-1]):
            return
    raise AssertionError(f"not alike, in {TRIES} tries (seconds): {typical}")


@contextmanager
def statements_of(app: Flask) -> Iterator[list[str]]:
    """The statements that the application runs inside, without their values; those that go straight to the driver too."""
    found: list[str] = []
    rows = Straight.rows

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        found.append(statement)

    def note_straight(asked: Straight, values: Mapping[str, Any]) -> list[Any]:
        found.append(asked._compiled[0])
        return rows(asked, values)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    Straight.rows = note_straight
    try:
        yield found
    finally:
        Straight.rows = rows
        event.remove(engine, "before_cursor_execute", note)
