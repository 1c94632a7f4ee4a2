"""The chain over the history: links over what is committed, per project, and the check that nothing was changed.

Chaining each entry as it is written would make every filing of a project wait for every other. So entries are written
with their own digest, and the worker adds a link over them a little later; the check covers the tail without a link too.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, insert, select, text

from portal.audit import entry_digest
from portal.models import HistoryEntry, HistorySeal, Project, db

#: Entries in one link, and how long to wait for transactions that may still write older entries.
LINK = 5_000
PATIENCE_SECONDS = 5.0
_LINKS_AT_A_TIME = 50
_BEFORE_THE_FIRST = "0" * 64
_ENTRY_COLUMNS = [column for column in HistoryEntry.__table__.columns if column.name != "digest"]

_SEALER_LOCK = text("SELECT pg_try_advisory_xact_lock(hashtext('history sealer'))")
# Whoever writes history holds this lock from before its entry has a number until it has committed or given up.
_WRITERS = text(
    "SELECT virtualtransaction FROM pg_locks WHERE locktype = 'relation' AND relation = 'history'::regclass"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    " AND mode = 'RowExclusiveLock' AND granted"
)


@dataclass(frozen=True)
class Broken:
    """The first place at which a chain does not hold. ``entry_id`` is None when the link itself is wrong."""

    chain: int
    number: int | None
    entry_id: int | None
    why: str


@dataclass(frozen=True)
class ChainReport:
    """What a check has seen: links, entries under them, entries still without one, and the hash of the last link."""

    chain: int
    links: int
    sealed: int
    tail: int
    head: str
    sealed_at: datetime | None


def seal(*, now: datetime) -> int:
    """Add one link to each chain that has settled entries without one. Returns how many links are full: more is to come.

    Settled means: no transaction still running can write an entry with a lower number. When writers from before do not
    end in a few seconds, or another sealer is at work, nothing is sealed this time.
    """
    if not db.session.execute(_SEALER_LOCK).scalar_one():
        return 0
    newest = db.session.scalar(select(func.max(HistoryEntry.id)))
    if newest is None or not _writers_have_ended():
        return 0
    return sum(_seal_chain(chain, newest, now) == LINK for chain in _chains())


def _writers_have_ended() -> bool:
    """Whether all transactions that were writing history a moment ago have ended."""
    waiting_for = _writers()
    deadline = time.monotonic() + PATIENCE_SECONDS
    while waiting_for and time.monotonic() < deadline:
        time.sleep(0.02)
        waiting_for &= _writers()
    return not waiting_for


def _writers() -> set[str]:
    return set(db.session.execute(_WRITERS).scalars())


def _chains() -> list[int]:
    return [0, *db.session.scalars(select(Project.id).order_by(Project.id))]


def _seal_chain(chain: int, newest: int, now: datetime) -> int:
    last = _last_seal(chain)
    query = (
        select(HistoryEntry.id, HistoryEntry.digest)
        .where(_of(chain), HistoryEntry.id > _end_of(last), HistoryEntry.id <= newest)
        .order_by(HistoryEntry.id)
        .limit(LINK)
    )
    entries = [(entry_id, digest) for entry_id, digest in db.session.execute(query)]
    if entries:
        db.session.execute(insert(HistorySeal), [_link(chain, last, entries, now)])
    return len(entries)


def _link(chain: int, last: HistorySeal | None, entries: list[tuple[int, str]], now: datetime) -> dict[str, Any]:
    number = 1 if last is None else last.number + 1
    previous = _BEFORE_THE_FIRST if last is None else last.hash
    return {
        "chain": chain,
        "number": number,
        "entry_ids": [entry_id for entry_id, _ in entries],
        "previous_hash": previous,
        "hash": link_hash(chain, number, previous, entries, now),
        "sealed_at": now,
    }


def link_hash(chain: int, number: int, previous: str, entries: Sequence[tuple[int, str]], sealed_at: datetime) -> str:
    """SHA-256 over the canonical JSON of a link: its place, the link before it, and the entries with their digests."""
    parts = [chain, number, previous, [list(entry) for entry in entries], sealed_at.astimezone(UTC).isoformat()]
    return hashlib.sha256(json.dumps(parts, separators=(",", ":")).encode()).hexdigest()


def _last_seal(chain: int) -> HistorySeal | None:
    query = select(HistorySeal).where(HistorySeal.chain == chain).order_by(HistorySeal.number.desc()).limit(1)
    return db.session.scalar(query)


def _end_of(seal: HistorySeal | None) -> int:
    return 0 if seal is None else seal.entry_ids[-1]


def _of(chain: int) -> Any:
    return HistoryEntry.project_id == chain if chain else HistoryEntry.project_id.is_(None)


def verify(chain: int) -> ChainReport | Broken:
    """Check a project's chain (0: entries of no project) to the end of its unsealed tail; the first break, or a report."""
    entries = _entries(chain)
    links = sealed = 0
    head, sealed_at = _BEFORE_THE_FIRST, None
    for link in _links(chain):
        links += 1
        broken = _check_link(link, links, head, entries)
        if broken:
            return broken
        sealed += len(link.entry_ids)
        head, sealed_at = link.hash, link.sealed_at
    tail = 0
    for row in entries:
        tail += 1
        if _digest_of(row) != row.digest:
            return Broken(chain, None, row.id, "changed")
    return ChainReport(chain, links, sealed, tail, head, sealed_at)


def _links(chain: int) -> Iterator[HistorySeal]:
    """Read page by page: no cursor stays open when a break ends the check."""
    number = 0
    query = select(HistorySeal).where(HistorySeal.chain == chain).order_by(HistorySeal.number).limit(_LINKS_AT_A_TIME)
    while page := db.session.scalars(query.where(HistorySeal.number > number)).all():
        yield from page
        number = page[-1].number


def _entries(chain: int) -> Iterator[Any]:
    columns = HistoryEntry.__table__.columns
    query = select(*columns).where(_of(chain)).order_by(HistoryEntry.id).limit(LINK)
    page = db.session.execute(query).all()
    while page:
        yield from page
        page = db.session.execute(query.where(HistoryEntry.id > page[-1].id)).all()


def _check_link(link: HistorySeal, number: int, previous: str, entries: Iterator[Any]) -> Broken | None:
    """Consumes from ``entries`` exactly those of the link: an entry too many or too few is a break."""
    if link.number != number or link.previous_hash != previous:
        return Broken(link.chain, number, None, "link_missing")
    found = []
    for expected in link.entry_ids:
        row = next(entries, None)
        if row is None or row.id > expected:
            return Broken(link.chain, number, expected, "missing")
        if row.id < expected:
            return Broken(link.chain, number, row.id, "slipped_in")
        if _digest_of(row) != row.digest:
            return Broken(link.chain, number, row.id, "changed")
        found.append((row.id, row.digest))
    if link_hash(link.chain, number, previous, found, link.sealed_at) != link.hash:
        return Broken(link.chain, number, None, "link_changed")
    return None


def _digest_of(row: Any) -> str:
    return entry_digest({column.name: getattr(row, column.name) for column in _ENTRY_COLUMNS})
