"""History for thousands of rows in the statement that changes them.

The digest of an entry is computed by the database from the same canonical form that ``portal.audit.entry_digest`` uses; tests
hold the two together.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from portal import audit
from portal.models import User


def entries(source: str, verb: str, facts: str, *, subject: str = "registrations") -> str:
    """An INSERT of one entry for each row of ``source``, which has the columns id, project_id and clause.

    ``facts`` is their canonical JSON as an SQL expression. The statement takes the values that ``written_by`` gives.
    """
    return f"""
    INSERT INTO history (project_id, happened_at, actor_id, actor_role, verb, subject_type, subject_id, clause, facts, digest)
    SELECT project_id, :now, CAST(:actor_id AS bigint), CAST(:actor_role AS text), '{verb}', '{subject}', id, clause,
           facts::jsonb,
           encode(sha256(convert_to(
             '{{"actor_id"\\:' || coalesce(CAST(:actor_id AS text), 'null') || ',"actor_role"\\:"' || CAST(:actor_role AS text)
             || '","clause"\\:"' || clause || '","facts"\\:' || facts
             || ',"happened_at"\\:"' || :now_text || '","project_id"\\:' || project_id || ',"subject_id"\\:' || id
             || ',"subject_type"\\:"{subject}","verb"\\:"{verb}"}}', 'UTF8')), 'hex')
      FROM (SELECT *, {facts} AS facts FROM {source}) AS entry
    """


def written_by(actor: User | None, now: datetime) -> dict[str, Any]:
    """Who and when, as the statement takes them; ``actor`` None is the system."""
    return {
        "now": now,
        "now_text": now.isoformat(),
        "actor_id": None if actor is None else actor.id,
        "actor_role": "system" if actor is None else audit.acting_role(actor),
    }
