"""The lock on a customer's identity, and the fingerprints it is matched by."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import text

from portal import clock, crypto
from portal.models import db
from portal.rules.customers import StrongKey

# The write comes first: it makes everybody else who touches this customer wait until we have decided.
_TAKE = """
    INSERT INTO identity_locks (project_id, kind, fingerprint, last_at)
    SELECT :project_id, kind, fingerprint, coalesce(:story, date_trunc('second', clock_timestamp()))
      FROM unnest(CAST(:kinds AS text[]), CAST(:fingerprints AS bytea[])) AS keys(kind, fingerprint)
     ORDER BY kind, fingerprint
    ON CONFLICT (project_id, kind, fingerprint) DO UPDATE
       SET last_at = greatest(identity_locks.last_at, coalesce(:story, date_trunc('second', clock_timestamp())))
    RETURNING last_at{besides}
    """

# Counted after the last of the locks is held: the order of recording is the order in which filers were let in (RE-F1).
_LOCK, _LOCK_AND_COUNT = text(_TAKE.format(besides="")), text(_TAKE.format(besides=", nextval('event_order') AS seq"))

Fingerprints = dict[str, bytes]


def fingerprints(keys: Iterable[StrongKey]) -> Fingerprints:
    """The fingerprint of each strong key, by kind."""
    return {key.kind: crypto.fingerprint(key.kind, key.value) for key in keys}


def lock(project_id: int, *groups: Fingerprints) -> datetime:
    """Lock these identities in the project until the transaction ends; returns the time that holds from here on, UTC."""
    return max(db.session.execute(_LOCK, _values(project_id, *groups)).scalars().all(), default=None) or clock.now()


def lock_and_count(project_id: int, prints: Fingerprints) -> tuple[datetime, int]:
    """The same for at least one identity, and the next place in the order of recording."""
    rows = db.session.execute(_LOCK_AND_COUNT, _values(project_id, prints)).all()
    return max(row.last_at for row in rows), max(row.seq for row in rows)


def _values(project_id: int, *groups: Fingerprints) -> dict[str, Any]:
    pairs = sorted({pair for group in groups for pair in group.items()})
    return {
        "project_id": project_id,
        "kinds": [kind for kind, _ in pairs],
        "fingerprints": [fingerprint for _, fingerprint in pairs],
        "story": clock.story_time(),
    }
