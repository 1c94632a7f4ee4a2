"""The lock on a customer's identity, and the fingerprints it is matched by."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import text

from portal import clock, crypto
from portal.models import db
from portal.rules.customers import StrongKey

# The write comes first: it makes everybody else who touches this customer wait until we have decided.
_LOCK = text(
    """
    INSERT INTO identity_locks (project_id, kind, fingerprint, last_at)
    SELECT :project_id, kind, fingerprint, coalesce(:story, date_trunc('second', clock_timestamp()))
      FROM unnest(CAST(:kinds AS text[]), CAST(:fingerprints AS bytea[])) AS keys(kind, fingerprint)
     ORDER BY kind, fingerprint
    ON CONFLICT (project_id, kind, fingerprint) DO UPDATE
       SET last_at = greatest(identity_locks.last_at, coalesce(:story, date_trunc('second', clock_timestamp())))
    RETURNING last_at
    """
)

Fingerprints = dict[str, bytes]


def fingerprints(keys: Iterable[StrongKey]) -> Fingerprints:
    """The fingerprint of each strong key, by kind."""
    return {key.kind: crypto.fingerprint(key.kind, key.value) for key in keys}


def lock(project_id: int, *groups: Fingerprints) -> datetime:
    """Lock these identities in the project until the transaction ends; returns the time that holds from here on, UTC."""
    pairs = sorted({pair for group in groups for pair in group.items()})
    values = {
        "project_id": project_id,
        "kinds": [kind for kind, _ in pairs],
        "fingerprints": [fingerprint for _, fingerprint in pairs],
        "story": clock.story_time(),
    }
    return max(db.session.execute(_LOCK, values).scalars().all(), default=None) or clock.now()
