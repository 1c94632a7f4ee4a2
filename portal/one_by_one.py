"""Many rows in one job: what fails is undone alone and told of at the end, the rows behind it are done all the same."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any, TypeVar

from rq.timeouts import BaseTimeoutException

from portal.transaction import savepoint

Row = TypeVar("Row")
Result = TypeVar("Result")

_ROOT = Path(__file__).resolve().parent.parent
#: A dead job names so many rows; the others are found when these are mended and it runs again.
_NAMED = 20
_FAILED: ContextVar[dict[tuple[str, int], str] | None] = ContextVar("rows_that_failed", default=None)


class SomeFailed(Exception):
    """Rows that could not be done while the others were: table, number, and what failed where; no value of theirs."""


@contextmanager
def the_others_go_on() -> Iterator[None]:
    """Inside, ``attempt`` and ``each`` go on past a row that fails; at the end SomeFailed is raised for all of them.

    Begins outside of the transaction, so that what was done is kept before the failure is told.
    """
    failed: dict[tuple[str, int], str] = {}
    token = _FAILED.set(failed)
    try:
        yield
    finally:
        _FAILED.reset(token)
    if failed:
        rows = [f"{table} {number}: {reason}" for (table, number), reason in failed.items()]
        raise SomeFailed("; ".join(rows[:_NAMED]) + (f"; {len(rows) - _NAMED} more" if len(rows) > _NAMED else ""))


def attempt(table: str, number: int, deed: Callable[[], Result], otherwise: Result) -> Result:
    """Do it to one row, alone; ``otherwise`` when it failed, and nothing of it is kept.

    A failure comes out at once where nobody has said ``the_others_go_on``. That the job's time is over is no row's failure.
    """
    failed = _FAILED.get()
    if failed is None:
        return deed()
    try:
        with savepoint():
            return deed()
    except BaseTimeoutException:
        raise
    except Exception as error:
        failed[table, number] = place_of(error)
        return otherwise


def each(rows: Iterable[Row], deed: Callable[[Row], int]) -> int:
    """The sum of ``deed`` over the rows, each attempted alone."""
    known = [(_key(row), row) for row in rows]
    return sum(attempt(*key, lambda row=row: deed(row), 0) for key, row in known)  # type: ignore[misc]  # bound per row


def failed_of(table: str) -> Collection[int]:
    """The numbers of the rows of a table that failed in this job: it looks for others then."""
    return [number for name, number in (_FAILED.get() or {}) if name == table]


def place_of(error: BaseException) -> str:
    """The error's type and the innermost place of it in our own code: "IntegrityError in print_now (printing.py:61)"."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(_ROOT) and ".venv" not in frame.filename]
    place = f" in {ours[-1].name} ({Path(ours[-1].filename).name}:{ours[-1].lineno})" if ours else ""
    return f"{type(error).__name__}{place}"


def _key(row: Any) -> tuple[str, int]:
    return row.__tablename__, row.id
