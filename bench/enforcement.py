"""Blacklisting a distributor with ten thousand running registrations, beside plain SQL that writes as much.

    .venv/bin/python -m bench.enforcement [--rows N] [--rounds N]

Three times are taken: the command itself, after whose commit nothing of the distributor runs any more; the worker's steps after
it, with a rival's registration behind each voided one; and the bare statements of the command (void, history, a line each),
without triggers left out and without digests. Before every turn everything is as if it had not been.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from typing import LiteralString

import psycopg
from flask import Flask
from sqlalchemy import func, select

from bench.copies import fill
from bench.installation import application, file_one, found_brokers, installation
from launcher.postgres import APP, DATABASE, SUPERUSER, PostgresServer

# The copies of bench.copies have no keys; two and two share a customer: the first distributor's comes first.
_KEYS: LiteralString = """
INSERT INTO registration_keys (registration_id, project_id, distributor_id, kind, fingerprint, covers)
SELECT id, project_id, distributor_id, 'phone', sha256(((id - id % 2)::text)::bytea), tstzrange(filed_at, ends_at)
  FROM registrations WHERE id > 1000
"""
_REWIND: tuple[LiteralString, ...] = (
    "TRUNCATE history, notices, enforcement_effects, enforcement_steps, enforcements, commission_holds",
    "UPDATE registrations SET outcome = NULL, outcome_at = NULL, outcome_clause = NULL, outcome_seq = NULL"
    " WHERE outcome IS NOT NULL",
    "UPDATE registration_keys k SET covers = tstzrange(r.filed_at, r.ends_at) FROM registrations r"
    " WHERE r.id = k.registration_id AND upper(k.covers) < r.ends_at",
    "UPDATE distributors SET status = 'active'",
    "VACUUM (ANALYZE) registrations",
    "VACUUM (ANALYZE) registration_keys",
    "CHECKPOINT",
)
_PLAIN: LiteralString = """
WITH voided AS (
  UPDATE registrations SET outcome = 'void', outcome_at = now(), outcome_clause = 'RE-5.4', pending_until = NULL
   WHERE distributor_id = %s AND outcome IS NULL AND ends_at > now() RETURNING id, project_id
), listed AS (
  INSERT INTO enforcement_effects (enforcement_id, effect, registration_id, project_id)
  SELECT 1, 'voided', id, project_id FROM voided
)
INSERT INTO history (project_id, happened_at, actor_role, verb, subject_type, subject_id, clause, facts, digest)
SELECT project_id, now(), 'hq_channel', 'registration.voided', 'registrations', id, 'RE-5.4', '{"because":"D-0001"}',
       repeat('0', 64) FROM voided
"""
_AN_ENFORCEMENT: LiteralString = """
INSERT INTO enforcements (id, reference, distributor_id, kind, clause, reason, asked_at)
OVERRIDING SYSTEM VALUE VALUES (1, 'ZX-0001', %s, 'blacklist', 'RE-5.4', '', now())
"""


def _prepare(place: PostgresServer) -> None:
    with place.connect(role=SUPERUSER, database=DATABASE) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(_KEYS)


def _rewind(place: PostgresServer) -> None:
    with place.connect(role=SUPERUSER, database=DATABASE) as connection:
        connection.execute("SET session_replication_role = replica")
        for statement in _REWIND:
            connection.execute(statement)


def _command(app: Flask) -> float:
    from portal.models import Distributor, User, db
    from portal.services import partnership
    from portal.transaction import transaction

    with app.app_context():
        person = db.session.scalars(select(User).order_by(User.id)).unique().first()
        distributor = db.session.scalars(select(Distributor).order_by(Distributor.id)).first()
        if person is None or distributor is None:
            raise RuntimeError("nobody to blacklist")
        start = time.perf_counter()
        with transaction():
            partnership.blacklist(actor=person, distributor=distributor, reason="第二次认定")
        return time.perf_counter() - start


def _steps(app: Flask) -> float:
    from portal.models import Enforcement, db
    from worker.jobs.enforcements import carry_out

    with app.app_context():
        number = db.session.scalars(select(Enforcement.id)).one()
        start = time.perf_counter()
        carry_out(number)
        return time.perf_counter() - start


def _plainly(place: PostgresServer) -> float:
    with psycopg.connect(place.url(role=APP)) as connection:
        first = connection.execute("SELECT min(id) FROM distributors").fetchone()
        connection.execute(_AN_ENFORCEMENT, first)
        connection.commit()
        start = time.perf_counter()
        connection.execute(_PLAIN, first)
        connection.commit()
        return time.perf_counter() - start


def _effects(app: Flask) -> dict[str, int]:
    from portal.models import EnforcementEffect, db

    with app.app_context():
        query = select(EnforcementEffect.effect, func.count()).group_by(EnforcementEffect.effect)
        return {row[0]: row[1] for row in db.session.execute(query)}


def main() -> None:
    """Print the figures as lines of "name: value"."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    wish = parser.parse_args()
    with installation() as place:
        app = application(place)
        file_one(app, found_brokers(app, 2)[0])
        fill(place.postgres, 2 * wish.rows, ended=1)
        _prepare(place.postgres)
        figures: dict[str, list[float]] = {"plain SQL": [], "the command": [], "the worker's steps": []}
        for _ in range(wish.rounds):
            _rewind(place.postgres)
            figures["plain SQL"].append(_plainly(place.postgres))
            _rewind(place.postgres)
            figures["the command"].append(_command(app))
            figures["the worker's steps"].append(_steps(app))
            touched = _effects(app)
    sys.stdout.write(_report(figures, touched))


def _report(figures: dict[str, list[float]], touched: dict[str, int]) -> str:
    lines = [f"registrations: {touched}"]
    lines += [f"{name}: {statistics.median(times):.2f} s" for name, times in figures.items()]
    ratios = [ours / bare for ours, bare in zip(figures["the command"], figures["plain SQL"], strict=True)]
    lines.append(f"the command / plain SQL: {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
