"""Many registrations at once, written by one statement as copies of one that was filed."""

from __future__ import annotations

from collections.abc import Sequence

from psycopg import sql

from launcher.postgres import DATABASE, SUPERUSER, PostgresServer

_GIVEN = "id", "seq", "reference", "submission_key", "broker_id", "distributor_id", "filed_at", "hold_ends_at"
_COLUMNS = """
SELECT column_name FROM information_schema.columns
 WHERE table_name = 'registrations' AND is_generated = 'NEVER' AND column_name <> ALL (%s)
"""
_FILL = """
INSERT INTO registrations ({given}, search_tokens, {others}) OVERRIDING SYSTEM VALUE
SELECT 1000 + n, 1000 + n, 'YQ-0000-' || lpad(n::text, 8, '0'), gen_random_uuid(), broker.id, broker.distributor_id,
       ends - interval '8 days', ends,
       search_tokens || (%(tokens)s::bigint[])[1 + n / broker.number %% array_length(%(tokens)s, 1)], {others}
  FROM (SELECT n, date_trunc('second', now())
                  + CASE WHEN n %% %(every)s = 0 THEN -interval '1 second' ELSE interval '1 hour' END * (1 + n %% 100) AS ends
          FROM generate_series(1, %(rows)s) AS n) AS made
  JOIN (SELECT id, distributor_id, row_number() OVER (ORDER BY id) - 1 AS turn, count(*) OVER () AS number
          FROM users) AS broker
    ON broker.turn = made.n %% broker.number
 CROSS JOIN (SELECT search_tokens, {others} FROM registrations ORDER BY id LIMIT 1) AS one
"""


def fill(place: PostgresServer, rows: int, *, ended: int, tokens: Sequence[int] = (0,)) -> None:
    """Copies of the one registration there is, each with a number, an end of its own and the next of the brokers.

    ``ended`` of them have ended. Beside the words of the original, a broker's first copy is found by the first of
    ``tokens``, the second by the second, and so on.
    """
    values = {"rows": rows, "every": rows // ended, "tokens": list(tokens)}
    with place.connect(role=SUPERUSER, database=DATABASE) as connection:
        connection.execute("SET session_replication_role = replica")
        names = [row[0] for row in connection.execute(_COLUMNS, ([*_GIVEN, "search_tokens"],))]
        given, others = (sql.SQL(", ").join(map(sql.Identifier, columns)) for columns in (_GIVEN, names))
        connection.execute(sql.SQL(_FILL).format(given=given, others=others), values)
        connection.execute("VACUUM (ANALYZE) registrations")
