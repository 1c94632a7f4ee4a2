"""The fact digest: what the seal line, the public verification page and the history say about a document's content."""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from typing import Any

from portal.documents.values import Document


def fact_digest(values: Document) -> str:
    """SHA-256, in hex, of the canonical JSON of the facts in ``values``.

    Instants count as whole seconds in UTC. Language and verification address are no facts: the Chinese and the English
    print of one document have one digest. Raises ValueError for a naive instant.
    """
    facts = {"kind": values.kind, **_plain(values)}
    # ASCII escapes: a lone surrogate in hostile text has no UTF-8 form, and the digest must exist nevertheless.
    canonical = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()


def short_digest(digest: str) -> str:
    """The first half in groups of four, as people compare it: 5c1e 90b7 3a44 f2d0 88e1 06c9 7b13 4df5."""
    return " ".join(digest[start : start + 4] for start in range(0, 32, 4))


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {
            one.name: _plain(getattr(value, one.name)) for one in fields(value) if "presentation" not in one.metadata
        }
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    if isinstance(value, datetime):
        return _utc_second(value)
    return value


def _utc_second(instant: datetime) -> str:
    if instant.tzinfo is None:
        raise ValueError("a naive time says nothing: give its zone")
    return instant.astimezone(UTC).isoformat(timespec="seconds")
