"""Many registrations at once: copies of the one that was filed, for plans that depend on how many there are."""

from __future__ import annotations

from collections.abc import Mapping

from psycopg import Connection, sql

_NUMBERED = {
    "seq": "nextval('event_order')",
    "reference": "'YQ-0000-' || lpad(n::text, 8, '0')",
    "submission_key": "NULL",
}
_COLUMNS = """
SELECT column_name FROM information_schema.columns
 WHERE table_name = 'registrations' AND is_generated = 'NEVER' AND column_name <> 'id'
"""
_COPY = """
INSERT INTO registrations ({names}) SELECT {values}
  FROM (SELECT * FROM registrations ORDER BY id LIMIT 1) AS one, generate_series(1, {rows}) AS n
"""


def fill(connection: Connection, rows: int, changes: Mapping[str, str]) -> None:
    """Copy the first registration ``rows`` times, then let the planner know.

    ``changes`` are SQL per column, in which ``n`` is the number of the copy and the columns are those of the original.
    """
    made = {**_NUMBERED, **changes}
    names = [row[0] for row in connection.execute(_COLUMNS)]
    values = [sql.SQL(made[name]) if name in made else sql.Identifier(name) for name in names]  # type: ignore[arg-type]
    columns = sql.SQL(", ").join(map(sql.Identifier, names))
    copy = sql.SQL(_COPY).format(names=columns, values=sql.SQL(", ").join(values), rows=sql.Literal(rows))
    connection.execute(copy)
    connection.execute("ANALYZE registrations")
