"""Pages by key: the newest first, behind the row whose number the last page ended with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm import InstrumentedAttribute

from portal.models import db

Row = TypeVar("Row")


def newest(
    query: Select[Row], by: InstrumentedAttribute[int], after: str | None, size: int
) -> tuple[Sequence[Row], str | None]:
    """The rows of a page, the highest ``by`` first, and the number that opens the following one.

    ``after`` is the number of a row of the same table; one that there is not opens the first page.
    """
    table: Any = by.class_
    last = db.session.scalar(select(by).where(table.reference == after)) if after else None
    found, goes_on = newest_behind(query, by, last, size)
    shown: Sequence[Any] = found
    return found, None if goes_on is None else shown[-1].reference


def newest_behind(
    query: Select[Row], by: InstrumentedAttribute[int], before: int | None, size: int
) -> tuple[Sequence[Row], int | None]:
    """As ``newest``, for rows without a number of their own: behind the id ``before``, and the id to go on from."""
    if before is not None:
        query = query.where(by < before)
    found: Sequence[Any] = db.session.scalars(query.order_by(by.desc()).limit(size + 1)).unique().all()
    return found[:size], found[size - 1].id if len(found) > size else None
