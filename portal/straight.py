"""Statements that go straight to the driver, and rows that are made into objects without the ORM's loading.

For what every request and every filing asks: deciding anew at each execution how a statement is written and how its rows are
read costs more than the database's answer. What is given up: no list is expanded (``IN``), nothing pending is flushed before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from operator import attrgetter
from typing import Any, Generic, TypeVar, cast

from psycopg import Cursor, Error
from psycopg.rows import RowMaker, namedtuple_row
from sqlalchemy import (
    ARRAY,
    ClauseElement,
    ColumnElement,
    Connection,
    Integer,
    LargeBinary,
    String,
    Table,
    TypeDecorator,
)
from sqlalchemy.dialects.postgresql.psycopg import dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

from portal.models.base import Base, db

Model = TypeVar("Model", bound=Base)
_DIALECT = dialect()
_CONNECTION, _CURSORS = "straight_connection", "straight_cursors"


class Straight:
    """A statement of Core, compiled at its first use. Values go in by the types of its parameters; rows come as the driver
    reads them, so sealed columns come sealed."""

    def __init__(self, statement: ClauseElement) -> None:
        self._statement = statement
        self._row: RowMaker[Any] | None = None

    def rows(self, values: Mapping[str, Any]) -> list[Any]:
        """Execute it in the session's transaction: its rows, columns by name.

        Raises DBAPIError as the session does, without the values; so too when one is missing. Others are passed over.
        """
        connection, cursors = _connection()
        text, fixed, givers = self._compiled
        cursor = cursors.get(self) or cursors.setdefault(self, self._cursor(connection))
        given = {**fixed, **values, **{name: give(values[name]) for name, give in givers}}
        try:
            return list(cursor.execute(text, given).fetchall())
        except Error as error:
            kind: Any = connection.dialect
            lost = kind.is_disconnect(error, connection.connection, cursor)
            if lost:
                connection.invalidate(error)
            raise DBAPIError.instance(
                text, None, error, Error, hide_parameters=True, connection_invalidated=lost, dialect=kind
            ) from error

    def row(self, values: Mapping[str, Any]) -> Any:
        """The one row that there is, None when there is none."""
        found = self.rows(values)
        return found[0] if found else None

    def _cursor(self, connection: Connection) -> Cursor[Any]:
        """A cursor of its own, which stays with the connection: it knows how this statement's values are written and read."""
        return cast(Cursor[Any], connection.connection.cursor(row_factory=self._by_name))

    def _by_name(self, cursor: Cursor[Any]) -> RowMaker[Any]:
        """How rows are made; the columns are always the same."""
        if self._row is None and cursor.description:
            self._row = namedtuple_row(cursor)
        return self._row or namedtuple_row(cursor)

    @cached_property
    def _compiled(self) -> tuple[str, dict[str, Any], list[tuple[str, Callable[[Any], Any]]]]:
        """The text, the values that stand in the statement itself, and what others become before the driver gets them."""
        compiled = self._statement.compile(dialect=_DIALECT)
        assert isinstance(compiled, SQLCompiler)
        givers = {name: _giver(bind.type) for name, bind in compiled.binds.items()}
        fixed = {name: bind.effective_value for name, bind in compiled.binds.items() if not bind.required}
        fixed = {name: value if (give := givers.pop(name)) is None else give(value) for name, value in fixed.items()}
        return str(compiled), fixed, [(name, give) for name, give in givers.items() if give is not None]


def _giver(kind: TypeEngine[Any]) -> Callable[[Any], Any] | None:
    if isinstance(kind, ARRAY) and isinstance(kind.item_type, (Integer, LargeBinary, String)):
        return _array
    return kind.dialect_impl(_DIALECT).bind_processor(_DIALECT)


def _array(values: Sequence[int | bytes | str]) -> str:
    """An array as PostgreSQL spells it; the driver looks at each element to find out what all are."""
    return f"{{{','.join(map(_element, values))}}}"


def _element(value: int | bytes | str) -> str:
    if isinstance(value, int):
        return str(value)
    text = f"\\x{value.hex()}" if isinstance(value, bytes) else value
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


class Entity(Generic[Model]):
    """The columns of a model within a straight statement, under names of their own, and the object that they are in a row.

    Columns named in ``without`` are read when somebody asks for them.
    """

    def __init__(self, model: type[Model], prefix: str, *, without: Sequence[str] = ()) -> None:
        self.model = model
        table = cast(Table, model.__table__)
        wanted = [column for column in table.columns if column.name not in without]
        self.columns: list[ColumnElement[Any]] = [column.label(f"{prefix}_{column.name}") for column in wanted]
        self._names = [column.name for column in wanted]
        self._values = attrgetter(*(f"{prefix}_{name}" for name in self._names))
        # The driver reads every other type as the ORM would.
        self._own_types = {column.name: column.type for column in wanted if isinstance(column.type, TypeDecorator)}

    def of(self, row: Any) -> Model | None:
        """The object in ``row``; None when an outer join found none."""
        values = dict(zip(self._names, self._values(row), strict=True))
        if values["id"] is None:
            return None
        for name, own_type in self._own_types.items():
            values[name] = own_type.process_result_value(values[name], _DIALECT)
        return as_read(self.model, values)


def _connection() -> tuple[Connection, dict[Straight, Cursor[Any]]]:
    """The connection of the session's transaction, and the cursors that stay with it.

    Remembered with the transaction: asking the session costs half a statement.
    """
    session = db.session()
    asked_in, held = session.info.get(_CONNECTION, (None, None))
    if held is None or asked_in is not session.get_transaction():
        connection = session.connection()
        # Goes with the driver's connection: one that is lost takes its cursors along.
        held = connection, connection.info.setdefault(_CURSORS, {})
        session.info[_CONNECTION] = (session.get_transaction(), held)
    return cast(tuple[Connection, dict[Straight, Cursor[Any]]], held)


def as_read(model: type[Model], values: Mapping[str, Any]) -> Model:
    """The session's object of this row, as if the ORM had just read it; attributes that are not given are read when asked for.

    An object that the session has already is returned as it is.
    """
    known = db.session.identity_map.get(model.__mapper__.identity_key_from_primary_key((values["id"],)))
    if known is not None:
        return cast(Model, known)
    made = model.__mapper__.class_manager.new_instance()
    made.__dict__.update(values)
    make_transient_to_detached(made)
    db.session.add(made)
    return made
