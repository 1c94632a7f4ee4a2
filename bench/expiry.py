"""Noting ends as the worker does, beside plain SQL that writes as much, in turns in one run.

    .venv/bin/python -m bench.expiry [--rows N] [--due N] [--rounds N]

Of ``rows`` registrations ``due`` have ended since the worker last looked. Ours is the worker's job itself: batches of
5,000 that skip what somebody else holds, each end with its history entry (digest and all) and the broker's notice. The
floors are plain SQL in batches of 5,000, committed one by one: with a history row each, and with a notice each besides.
Before every turn the ends are as if never noted and the tables are vacuumed.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from typing import LiteralString

import psycopg
from flask import Flask

from bench.copies import fill
from bench.installation import application, file_one, found_brokers, installation
from launcher.postgres import APP, DATABASE, SUPERUSER, PostgresServer

_PLAIN: LiteralString = """
WITH due AS (
  SELECT id FROM registrations
   WHERE outcome IS NULL AND frozen_at IS NULL AND (end_noted_at IS NULL OR end_noted_at < ends_at) AND ends_at <= %(now)s
   ORDER BY ends_at LIMIT 5000
), noted AS (
  UPDATE registrations AS r SET end_noted_at = %(now)s FROM due WHERE r.id = due.id
  RETURNING r.id, r.project_id, r.broker_id
), told AS ({told})
INSERT INTO history (project_id, happened_at, actor_role, verb, subject_type, subject_id, clause, facts, digest)
SELECT project_id, %(now)s, 'system', 'registration.ended', 'registrations', id, 'RE-2.9',
       '{"stage":"hold","until":"2026-04-14T16:00:00+00:00"}', repeat('0', 64) FROM noted
"""
_NOBODY: LiteralString = "SELECT"
_TELL: LiteralString = """
  INSERT INTO notices (user_id, kind, occasion, subject_type, subject_id, clause, facts, created_at)
  SELECT broker_id, 'registration.ended', 'registration:' || id || ':2026-04-14T16:00:00+00:00', 'registrations', id,
         'RE-2.9', '{"reference": "YQ-0000-00000001", "stage": "hold", "until": "2026-04-14T16:00:00+00:00"}', %(now)s
    FROM noted
"""


def _rewind(place: PostgresServer) -> None:
    """As if no end had ever been noted; dead rows gone, dirty pages written."""
    with place.connect(role=SUPERUSER, database=DATABASE) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("UPDATE registrations SET end_noted_at = NULL WHERE end_noted_at IS NOT NULL")
        connection.execute("TRUNCATE history, notices")
        connection.execute("VACUUM (ANALYZE) registrations")
        connection.execute("CHECKPOINT")


def _plainly(place: PostgresServer, told: LiteralString) -> Callable[[], None]:
    """Batch by batch until nothing is left, as the application's role."""

    def note() -> None:
        with psycopg.connect(place.url(role=APP)) as connection:
            now = connection.execute("SELECT date_trunc('second', clock_timestamp())").fetchone()
            statement, values = _PLAIN.replace("{told}", told), {"now": now[0] if now else None}
            while connection.execute(statement, values).rowcount:
                connection.commit()

    return note


def _as_the_worker(app: Flask) -> Callable[[], None]:
    from worker.jobs import protections

    def note() -> None:
        with app.app_context():
            protections.note_ends()

    return note


def _seconds(place: PostgresServer, act: Callable[[], None], due: int) -> float:
    _rewind(place)
    start = time.perf_counter()
    act()
    took = time.perf_counter() - start
    with place.connect(role=SUPERUSER, database=DATABASE) as connection:
        written = connection.execute("SELECT count(*) FROM history").fetchone()
    if written is None or written[0] < due:
        raise RuntimeError(f"{written} of {due} ends were noted")
    return took


def main() -> None:
    """Print the figures as lines of "name: value"."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--due", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    wish = parser.parse_args()
    with installation() as place:
        app = application(place)
        file_one(app, found_brokers(app, 8)[0])
        fill(place.postgres, wish.rows, ended=wish.due)
        turns = {
            "batches with a history row each": _plainly(place.postgres, _NOBODY),
            "the same with a notice each": _plainly(place.postgres, _TELL),
            "the worker's job": _as_the_worker(app),
        }
        figures: dict[str, list[float]] = {name: [] for name in turns}
        for _ in range(wish.rounds):
            for name, act in turns.items():
                figures[name].append(_seconds(place.postgres, act, wish.due))
    sys.stdout.write(_report(figures, wish.rows, wish.due))


def _report(figures: dict[str, list[float]], rows: int, due: int) -> str:
    lines = [f"ends noted: {due} of {rows} registrations"]
    lines += [f"{name}: {statistics.median(times):.2f} s" for name, times in figures.items()]
    *floors, ours = figures
    for floor in floors:
        ratios = [mine / bare for mine, bare in zip(figures[ours], figures[floor], strict=True)]
        lines.append(f"{ours} / {floor}: {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
