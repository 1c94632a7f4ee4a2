"""An import worked off row by row, each in a transaction of its own: by the page for small files, by the worker for others."""

from __future__ import annotations

import logging

from sqlalchemy.exc import OperationalError

from portal.rules.refusal import Refusal
from portal.services import deal_imports
from portal.transaction import transaction

log = logging.getLogger(__name__)


def run(batch_id: int) -> None:
    """Answer every row that waits, then finish. May be stopped anywhere and run again, by several at once too."""
    after = 0
    while (row_id := _next(batch_id, after)) is not None:
        _answer(row_id)
        after = row_id
    with transaction():
        deal_imports.finish(batch_id)


def _next(batch_id: int, after: int) -> int | None:
    with transaction():
        return deal_imports.next_waiting(batch_id, after)


def _answer(row_id: int) -> None:
    """A row that is refused leaves nothing but its answer; a row on which we fail is answered too, and the next one comes."""
    try:
        with transaction():
            deal_imports.answer_row(row_id)
    except Refusal as refusal:
        _note(row_id, refusal.reason, refusal.clause)
    except OperationalError:
        # The database is away: this says nothing of the row, which goes on waiting.
        raise
    except Exception as error:
        log.error("import row %s failed: %s", row_id, type(error).__name__)
        _note(row_id, "row_failed", None)


def _note(row_id: int, reason: str, clause: str | None) -> None:
    with transaction():
        deal_imports.refuse_row(row_id, reason, clause)
