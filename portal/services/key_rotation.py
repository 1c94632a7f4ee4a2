"""Sealing stored values again under the current key, column by column, in batches that may stop and go on anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Column, Connection, Engine, LargeBinary, bindparam, func, select, text, type_coerce, update

from portal import crypto
from portal.models import db
from portal.models.base import Sealed, SealedBytes

_FILES = 8
_GUARDED = text("SELECT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = CAST(:table AS regclass) AND NOT tgisinternal)")


def sealed_columns() -> Iterator[Column[Any]]:
    """Every sealed column of every table."""
    for table in db.metadata.sorted_tables:
        yield from (column for column in table.columns if isinstance(column.type, Sealed))


def rotate(engine: Engine, column: Column[Any], *, batch: int) -> int:
    """Seal the column's values that are under another key again, ``batch`` rows in a transaction. Returns how many.

    Raises SealBroken when a value cannot be opened; what was done before it stays done.
    """
    changed = after = 0
    if isinstance(column.type, SealedBytes):
        # Files are up to ten megabytes each: a few at a time fit into memory.
        batch = min(batch, _FILES)
    while True:
        with engine.begin() as connection:
            rows = _rotate_batch(connection, column, after, batch)
        if not rows:
            return changed
        changed, after = changed + len(rows), rows[-1].id


def _rotate_batch(connection: Connection, column: Column[Any], after: int, batch: int) -> list[Any]:
    rows = list(connection.execute(_stale(column, after, batch)))
    if rows:
        with _guards_off(connection, column.table.name):
            connection.execute(_exchange(column), [_again(row, column) for row in rows])
    return rows


@contextmanager
def _guards_off(connection: Connection, table: str) -> Iterator[None]:
    """Guards against changing what was filed are off in this transaction alone; its lock keeps all others waiting."""
    if not connection.execute(_GUARDED, {"table": table}).scalar_one():
        yield
        return
    connection.execute(text("SET LOCAL lock_timeout = '10s'"))
    connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
    yield
    connection.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))


def _stale(column: Column[Any], after: int, batch: int) -> Any:
    """Rows after that one whose value does not begin as the current key's values do."""
    raw = type_coerce(column, LargeBinary)
    prefix = crypto.sealed_prefix()
    beginning = func.substring(raw, 1, len(prefix), type_=LargeBinary)
    number = column.table.c.id
    return (
        select(number, raw.label("sealed"))
        .where(column.isnot(None), beginning != prefix, number > after)
        .order_by(number)
        .limit(batch)
    )


def _exchange(column: Column[Any]) -> Any:
    """Only while the value is still the one that was read: a correction made meanwhile is not undone."""
    table = column.table
    return (
        update(table)
        .where(table.c.id == bindparam("row_id"), type_coerce(column, LargeBinary) == bindparam("was"))
        .values({column.name: bindparam("plain")})
    )


def _again(row: Any, column: Column[Any]) -> dict[str, Any]:
    """The column's own type opens and seals: text and files alike."""
    plain = column.type.process_result_value(row.sealed, None)  # type: ignore[attr-defined]
    return {"row_id": row.id, "was": row.sealed, "plain": plain}
