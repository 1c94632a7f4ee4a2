"""The lock on a customer's identity, and the fingerprints it is matched by."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import LargeBinary, Text, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY

from portal import clock, crypto
from portal.models import db
from portal.rules.customers import StrongKey
from portal.straight import Straight

# The write comes first: it makes everybody else who touches this customer wait until we have decided.
_TAKE = """
    {company}
    INSERT INTO identity_locks (project_id, kind, fingerprint, last_at)
    SELECT :project_id, kind, fingerprint, coalesce(:story, date_trunc('second', clock_timestamp()))
      FROM {source}unnest(CAST(:kinds AS text[]), CAST(:fingerprints AS bytea[])) AS keys(kind, fingerprint)
     ORDER BY kind, fingerprint
    ON CONFLICT (project_id, kind, fingerprint) DO UPDATE
       SET last_at = greatest(identity_locks.last_at, coalesce(:story, date_trunc('second', clock_timestamp())))
    RETURNING last_at{besides}
    """
_LOCK = text(_TAKE.format(company="", source="", besides=""))

# The distributor first: sorting its row with the keys waits for it before any key is taken. Counted after the last of the
# locks is held: the order of recording is the order in which filers were let in (RE-F1). What follows in the transaction is
# planned once per connection: PostgreSQL thinks that a list of unknown length costs more, and would plan each filing anew.
_LOCK_FILER = Straight(
    text(
        _TAKE.format(
            company="""
    WITH company AS (
      SELECT status, asked_exit_from, leaves_at FROM distributors WHERE id = :distributor_id FOR SHARE
    ), taken AS (""",
            source="company CROSS JOIN ",
            besides=", nextval('event_order') AS seq",
        )
        + """)
    SELECT company.*, last_at, seq, nextval(pg_get_serial_sequence('registrations', 'id')) AS registration_id,
           set_config('plan_cache_mode', 'force_generic_plan', true)
      FROM company CROSS JOIN (SELECT max(last_at) AS last_at, max(seq) AS seq FROM taken) AS latest
    """
    ).bindparams(bindparam("kinds", type_=ARRAY(Text)), bindparam("fingerprints", type_=ARRAY(LargeBinary)))
)

Fingerprints = dict[str, bytes]


def fingerprints(keys: Iterable[StrongKey]) -> Fingerprints:
    """The fingerprint of each strong key, by kind."""
    return {key.kind: crypto.fingerprint(key.kind, key.value) for key in keys}


def lock(project_id: int, *groups: Fingerprints) -> datetime:
    """Lock these identities in the project until the transaction ends; returns the time that holds from here on, UTC."""
    return max(db.session.execute(_LOCK, _values(project_id, *groups)).scalars().all(), default=None) or clock.now()


def lock_with_filer(distributor_id: int | None, project_id: int, prints: Fingerprints) -> Any:
    """Hold the distributor's status as it is, then at least one identity. None when there is no such distributor.

    The row has the distributor's ``status``, ``asked_exit_from`` and ``leaves_at``, the time that holds from here on
    (``last_at``), the next place in the order of recording (``seq``) and the id for a registration.
    """
    values = _values(project_id, prints) | {"distributor_id": distributor_id}
    return _LOCK_FILER.row(values)


def _values(project_id: int, *groups: Fingerprints) -> dict[str, Any]:
    pairs = sorted({pair for group in groups for pair in group.items()})
    return {
        "project_id": project_id,
        "kinds": [kind for kind, _ in pairs],
        "fingerprints": [fingerprint for _, fingerprint in pairs],
        "story": clock.story_time(),
    }
