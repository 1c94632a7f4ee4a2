"""The database between two tests: emptied of what the last one wrote, filled again with what many begin with.

Truncating every table costs fifty milliseconds, and building the cast of our stories as much again, several thousand
times in a run. Deleting from the few tables that have rows, and copying the cast from where it was kept, costs three.
So it is with what is often brought about in the midst of the cast: Worlds puts it there instead of walking to it again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, LiteralString, TypeVar, cast

import psycopg
from psycopg import sql

T = TypeVar("T")
#: Dead rows stay until a table is cut down; one that has grown beyond this is.
BYTES_WORTH_TRUNCATING = 1 << 20
_TABLES = """
SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version' ORDER BY tablename
"""
_COLUMNS = """
SELECT attname FROM pg_attribute
 WHERE attrelid = format('public.%%I', %s::text)::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
 ORDER BY attnum
"""
#: Those that belong to a column, with what they begin with.
_SEQUENCES = """
SELECT sequence.relname, pg_sequence.seqstart
  FROM pg_class AS sequence
  JOIN pg_sequence ON seqrelid = sequence.oid
  JOIN pg_depend ON objid = sequence.oid AND classid = 'pg_class'::regclass AND deptype IN ('a', 'i')
 WHERE sequence.relnamespace = 'public'::regnamespace
 ORDER BY sequence.relname
"""
_FUNCTION = """
CREATE OR REPLACE FUNCTION kept.{name}() RETURNS {result} LANGUAGE plpgsql AS {body}
"""
_EMPTY_TABLE = """
IF EXISTS (SELECT FROM public.{table}) THEN
  IF pg_total_relation_size({literal}) > {limit} THEN
    TRUNCATE public.{table} CASCADE;
  ELSE
    DELETE FROM public.{table};
  END IF;
END IF;
"""
_WEIGH_TABLE = """
weighed := weighed + (SELECT coalesce(sum(hashtextextended({literal} || row::text, 0)), 0) FROM public.{table} AS row);
"""
_WEIGH_SEQUENCE = """
weighed := weighed + (SELECT hashtextextended({literal} || last_value || is_called, 0) FROM public.{sequence});
"""
_RESTART = """
IF (SELECT is_called FROM public.{sequence}) THEN
  PERFORM setval({literal}, {start}, false);
END IF;
"""


@dataclass
class Slate:
    """One database, through a connection of the superuser: nobody else may empty the history or pass over its guards.

    The functions live in a schema of their own, which the application's role cannot see.
    """

    connection: psycopg.Connection

    def prepare(self) -> None:
        """Make the function that empties the database, for the tables as they are now."""
        self.connection.execute("SET session_replication_role = replica")
        self.connection.execute("CREATE SCHEMA kept")
        tables = [
            sql.SQL(_EMPTY_TABLE).format(
                table=sql.Identifier(table),
                literal=sql.Literal(f'public."{table}"'),
                limit=sql.Literal(BYTES_WORTH_TRUNCATING),
            )
            for table in self._tables()
        ]
        self._define("empty_everything", [*tables, *self._restarts()])
        self._define("weigh_everything", [*self._weighings(), sql.SQL("RETURN weighed;")], "numeric")

    def empty(self) -> None:
        """No row in any table, every number begins anew."""
        self.connection.execute("SELECT kept.empty_everything()")

    def weigh(self) -> int:
        """A number of all rows and numbers that there are now: another one as soon as one of them is another."""
        row = self.connection.execute("SELECT kept.weigh_everything()").fetchone()
        assert row is not None
        return int(row[0])

    def keep(self, name: str) -> None:
        """Remember the rows and numbers that there are now under ``name``."""
        statements: list[sql.Composable] = []
        for table in self._tables():
            if self._one(sql.SQL("SELECT EXISTS (SELECT FROM public.{})").format(sql.Identifier(table))):
                statements.append(self._copy(name, table))
        for sequence, _ in self._sequences():
            statements += self._reached(sequence)
        self._define(name, statements)

    def restore(self, name: str) -> None:
        """Put what was kept under ``name`` into the empty database."""
        self.connection.execute(sql.SQL("SELECT kept.{}()").format(sql.Identifier(name)))

    def _copy(self, name: str, table: str) -> sql.Composable:
        copy = sql.Identifier("kept", f"{name} {table}")
        self.connection.execute(sql.SQL("CREATE TABLE {} AS TABLE public.{}").format(copy, sql.Identifier(table)))
        columns = sql.SQL(", ").join(sql.Identifier(row[0]) for row in self.connection.execute(_COLUMNS, (table,)))
        statement = "INSERT INTO public.{} ({}) OVERRIDING SYSTEM VALUE SELECT {} FROM {};"
        return sql.SQL(cast(LiteralString, statement)).format(sql.Identifier(table), columns, columns, copy)

    def _reached(self, sequence: str) -> list[sql.Composable]:
        last = sql.SQL("SELECT last_value FROM public.{} WHERE is_called").format(sql.Identifier(sequence))
        row = self.connection.execute(last).fetchone()
        if row is None:
            return []
        return [sql.SQL("PERFORM setval({}, {});").format(sql.Literal(f'public."{sequence}"'), sql.Literal(row[0]))]

    def _restarts(self) -> list[sql.Composable]:
        return [
            sql.SQL(_RESTART).format(
                sequence=sql.Identifier(sequence), literal=sql.Literal(f'public."{sequence}"'), start=sql.Literal(start)
            )
            for sequence, start in self._sequences()
        ]

    def _weighings(self) -> list[sql.Composable]:
        tables = [
            sql.SQL(_WEIGH_TABLE).format(table=sql.Identifier(table), literal=sql.Literal(table))
            for table in self._tables()
        ]
        sequences = [
            sql.SQL(_WEIGH_SEQUENCE).format(sequence=sql.Identifier(sequence), literal=sql.Literal(sequence))
            for sequence, _ in self._sequences()
        ]
        return [*tables, *sequences]

    def _define(self, name: str, statements: Sequence[sql.Composable], result: LiteralString = "void") -> None:
        frame = sql.SQL("DECLARE weighed numeric := 0;\nBEGIN\n{}\nEND")
        body = frame.format(sql.SQL("\n").join(statements)).as_string(self.connection)
        define = sql.SQL(_FUNCTION).format(name=sql.Identifier(name), result=sql.SQL(result), body=sql.Literal(body))
        self.connection.execute(define)

    def _tables(self) -> list[str]:
        return [row[0] for row in self.connection.execute(_TABLES)]

    def _sequences(self) -> list[tuple[str, int]]:
        return list(self.connection.execute(_SEQUENCES))

    def _one(self, query: sql.Composable) -> bool:
        row = self.connection.execute(query).fetchone()
        return bool(row and row[0])


@dataclass
class Worlds:
    """What was brought about once in a world that is known, row for row: in the same world it is put there again."""

    slate: Slate
    _known: set[int] = field(default_factory=set)
    _made: dict[tuple[int, Any], tuple[str, Any]] = field(default_factory=dict)

    def know(self) -> None:
        """The world as it is now comes back: the cast, with nobody having done anything yet."""
        self._known.add(self.slate.weigh())

    def bring(self, what: Any, make: Callable[[], T]) -> T:
        """What ``make()`` returns, plain values that nobody changes; ``what`` tells all that it depends on besides the
        database. Everything is committed.
        """
        before = self.slate.weigh()
        if before not in self._known:
            return make()
        if (before, what) in self._made:
            name, made = self._made[before, what]
            with self.slate.connection.transaction():
                self.slate.empty()
                self.slate.restore(name)
            return cast(T, made)
        made, name = make(), f"world {len(self._made)}"
        self.slate.keep(name)
        self._made[before, what] = name, made
        self.know()
        return made
