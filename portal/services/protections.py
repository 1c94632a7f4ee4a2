"""What time does to registrations, put on record: ends are noted once, ends to come are announced (RE-2.8 to RE-2.12).

Whether a registration runs follows from its timestamps alone; nothing here makes it end. Both commands are one statement
each, because they meet a hundred thousand rows in one night.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise

from sqlalchemy import select, text

from portal.models import Policy, ProjectPolicy, db
from portal.rules import policies
from portal.services.bulk_history import entries, written_by

#: Of one registration at most one of these holds; the index ix_registrations_end_due repeats it word for word.
_NOT_NOTED = "outcome IS NULL AND frozen_at IS NULL AND (end_noted_at IS NULL OR end_noted_at < ends_at)"

_STAGE = "CASE WHEN r.extension_ends_at IS NOT NULL THEN 'extended' WHEN r.visit_ends_at IS NULL THEN 'hold' ELSE 'visit' END"
_CLAUSE = "CASE stage WHEN 'hold' THEN 'RE-2.9' WHEN 'visit' THEN 'RE-2.10' ELSE 'RE-2.12' END"
_ENDED_FACTS = """'{"stage":"' || stage || '","until":"' || until || '"}'"""
_REMINDED_FACTS = """'{"days":' || :days || ',"until":"' || until || '"}'"""
_UNTIL = "to_char(ends_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24\\:MI\\:SS\"+00\\:00\"')"


_NOTE_ENDED = text(
    f"""
    WITH due AS (
      SELECT id FROM registrations
       WHERE {_NOT_NOTED} AND ends_at <= :now
       ORDER BY ends_at LIMIT :limit FOR UPDATE SKIP LOCKED
    ), noted AS (
      UPDATE registrations AS r SET end_noted_at = :now FROM due
       WHERE r.id = due.id AND (r.end_noted_at IS NULL OR r.end_noted_at < r.ends_at)
      RETURNING r.id, r.project_id, r.broker_id, r.reference, r.ends_at, {_STAGE} AS stage
    ), ended AS (
      SELECT *, {_CLAUSE} AS clause, {_UNTIL} AS until FROM noted
    ), written AS (
      {entries("ended", "registration.ended", _ENDED_FACTS)}
    ), told AS (
      INSERT INTO notices (user_id, kind, occasion, subject_type, subject_id, clause, facts, created_at)
      SELECT broker_id, 'registration.ended', 'registration:' || id || ':' || until, 'registrations', id, clause,
             jsonb_build_object('reference', reference, 'stage', stage, 'until', until), :now
        FROM ended
      ON CONFLICT ON CONSTRAINT uq_notices_once DO NOTHING
    )
    SELECT count(*) FROM ended
    """
)

_REMIND = text(
    f"""
    WITH due AS (
      SELECT r.id, r.project_id, r.broker_id, r.reference, r.ends_at, {_STAGE} AS stage, {_UNTIL} AS until,
             r.is_bulk IS TRUE AND r.extension_ends_at IS NULL AS extendable,
             'registration:' || r.id || ':' || :days || ':' || {_UNTIL} AS occasion
        FROM registrations AS r
       WHERE {_NOT_NOTED} AND r.policy_id = :policy_id AND (r.visit_ends_at IS NULL) = :holds
         AND r.pending_until IS NULL AND r.ends_at > :after AND r.ends_at <= :by
    ), fresh AS (
      SELECT * FROM due
       WHERE NOT EXISTS (SELECT FROM notices AS n WHERE n.user_id = due.broker_id
                          AND n.kind = 'registration.ending' AND n.occasion = due.occasion)
       LIMIT :limit
    ), told AS (
      INSERT INTO notices (user_id, kind, occasion, subject_type, subject_id, clause, facts, created_at)
      SELECT broker_id, 'registration.ending', occasion, 'registrations', id, {_CLAUSE},
             jsonb_build_object('reference', reference, 'stage', stage, 'days', CAST(:days AS integer), 'until', until,
                                'extendable', extendable), :now
        FROM fresh
      ON CONFLICT ON CONSTRAINT uq_notices_once DO NOTHING
      RETURNING subject_id
    ), reminded AS (
      SELECT fresh.*, {_CLAUSE} AS clause FROM fresh JOIN told ON told.subject_id = fresh.id
    ), written AS (
      {entries("reminded", "registration.reminded", _REMINDED_FACTS)}
    )
    SELECT count(*) FROM fresh
    """
)


def note_ended(*, now: datetime, limit: int) -> int:
    """Note up to ``limit`` ends that have come, each once for its end, and tell the brokers. Returns how many."""
    found = db.session.execute(_NOTE_ENDED, written_by(None, now) | {"limit": limit})
    return int(found.scalar_one())


def remind(*, now: datetime, limit: int) -> int:
    """Tell the brokers of up to ``limit`` ends to come, on the days that each policy names. Returns how many.

    Only the nearest reminder that is due is sent: after a time without a worker nobody hears "15 days" with six left,
    and nothing at all about what has ended. Nothing is announced while an extension is undecided (RE-Q10).
    """
    for policy_id, holds, days, window in _windows():
        given = {"policy_id": policy_id, "holds": holds, "days": str(days), "limit": limit}
        span = {"after": now + window[0], "by": now + window[1]} | written_by(None, now)
        found = int(db.session.execute(_REMIND, given | span).scalar_one())
        if found:
            return found
    return 0


def _windows() -> Iterator[tuple[int, bool, int, tuple[timedelta, timedelta]]]:
    """Policy, whether it is about holds, days before the end, and from when to when before the end that one is due."""
    bound = select(Policy.id, Policy.document).where(Policy.id.in_(select(ProjectPolicy.policy_id))).order_by(Policy.id)
    for policy_id, document in db.session.execute(bound).all():
        reminders = policies.Policy.from_document(document).reminders
        for holds, days in ((True, reminders.hold), (False, reminders.protection)):
            for nearer, further in pairwise((0, *sorted(days))):
                yield policy_id, holds, further, (timedelta(days=nearer), timedelta(days=further))
