"""Suspending, blacklisting and reinstating a distributor, and what follows at once (RE-5.4, DM-12.1, RE-Q34, RE-Q46)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, insert, select, update

from portal import audit, clock, jobs
from portal.audit import reason_digest
from portal.models import Distributor, Extension, HistoryEntry, Registration, User, db
from portal.rules.refusal import Refusal


def suspend(*, actor: User, distributor: Distributor, reason: str) -> Distributor:
    """No new filings, claims or extensions; what runs keeps running to its end (DM-12.1, RE-Q34)."""
    now = _lock(distributor)
    if distributor.status != "active":
        raise Refusal("only_active_is_suspended", "DM-12.1")
    _set_status(distributor, "suspended", reason, now)
    running = db.session.scalar(select(func.count()).select_from(_running(distributor, now).subquery()))
    audit.record(
        "distributor.suspended",
        distributor,
        actor=actor,
        now=now,
        clause="DM-12.1",
        reason_digest=reason_digest(reason),
        running=running,
    )
    return distributor


def blacklist(*, actor: User, distributor: Distributor, reason: str) -> Distributor:
    """End the cooperation: sessions end, running holds and protections without a deal are void, requests lapse (RE-Q34)."""
    now = _lock(distributor)
    if distributor.status == "blacklisted":
        raise Refusal("already_blacklisted", "RE-5.4")
    _set_status(distributor, "blacklisted", reason, now)
    _end_sessions(distributor)
    voided = _void_running(distributor, actor, now)
    _lapse_requests(distributor, actor, now)
    audit.record(
        "distributor.blacklisted",
        distributor,
        actor=actor,
        now=now,
        clause="RE-5.4",
        reason_digest=reason_digest(reason),
        voided=len(voided),
    )
    return distributor


def reinstate(*, actor: User, distributor: Distributor, reason: str) -> Distributor:
    """Take the distributor back. What was voided stays void (RE-Q46)."""
    now = _lock(distributor)
    if distributor.status not in {"suspended", "blacklisted"}:
        raise Refusal("only_stopped_is_reinstated", "DM-12.1")
    _set_status(distributor, "active", reason, now)
    audit.record(
        "distributor.reinstated",
        distributor,
        actor=actor,
        now=now,
        clause="DM-12.1",
        reason_digest=reason_digest(reason),
    )
    return distributor


def _lock(distributor: Distributor) -> datetime:
    """Wait for every filing of this distributor in flight; those that come later see the new status."""
    query = select(Distributor).where(Distributor.id == distributor.id).with_for_update(of=Distributor)
    db.session.execute(query.execution_options(populate_existing=True)).scalar_one()
    return clock.now()


def _set_status(distributor: Distributor, status: str, reason: str, now: datetime) -> None:
    distributor.status, distributor.status_since, distributor.status_reason = status, now, reason
    db.session.flush()
    jobs.enqueue_after_commit(jobs.TELL_DISTRIBUTOR_STATUS, distributor.id)


def _running(distributor: Distributor, now: datetime) -> Select[Any]:
    return select(Registration.id).where(
        Registration.distributor_id == distributor.id, Registration.outcome.is_(None), Registration.ends_at > now
    )


def _end_sessions(distributor: Distributor) -> None:
    db.session.execute(
        update(User)
        .where(User.distributor_id == distributor.id)
        .values(session_epoch=User.session_epoch + 1)
        .execution_options(synchronize_session="fetch")
    )


def _void_running(distributor: Distributor, actor: User, now: datetime) -> Sequence[int]:
    rows = db.session.execute(
        update(Registration)
        .where(Registration.id.in_(_running(distributor, now)), Registration.frozen_at.is_(None))
        .values(outcome="void", outcome_at=now, outcome_clause="RE-5.4", pending_until=None)
        .returning(Registration.id, Registration.project_id)
        .execution_options(synchronize_session=False)
    ).all()
    _read_again(Registration, [row.id for row in rows], ["outcome", "outcome_at", "outcome_clause", "pending_until"])
    _write_history("registrations", "registration.voided", rows, actor, now, {"because": distributor.reference})
    return [row.id for row in rows]


def _lapse_requests(distributor: Distributor, actor: User, now: datetime) -> None:
    mine = select(Registration.id).where(Registration.distributor_id == distributor.id)
    rows = db.session.execute(
        update(Extension)
        .where(Extension.state == "pending", Extension.registration_id.in_(mine))
        .values(state="lapsed")
        .returning(
            Extension.id,
            select(Registration.project_id)
            .where(Registration.id == Extension.registration_id)
            .scalar_subquery()
            .label("project_id"),
        )
        .execution_options(synchronize_session=False)
    ).all()
    _read_again(Extension, [row.id for row in rows], ["state"])
    _write_history("extensions", "extension.lapsed", rows, actor, now, {"because": distributor.reference})


def _read_again(model: type[Registration] | type[Extension], ids: Sequence[int], columns: list[str]) -> None:
    """What the session has of these rows is read again when it is next asked for."""
    changed = set(ids)
    for row in [row for row in db.session.identity_map.values() if isinstance(row, model) and row.id in changed]:
        db.session.expire(row, columns)


def _write_history(
    table: str, verb: str, rows: Sequence[Row[int, int]], actor: User, now: datetime, facts: dict[str, str]
) -> None:
    """Thousands of entries in one statement; each like audit.record would have written it."""
    entries = [
        {
            "project_id": row.project_id,
            "happened_at": now,
            "actor_id": actor.id,
            "actor_role": audit.acting_role(actor),
            "verb": verb,
            "subject_type": table,
            "subject_id": row.id,
            "clause": "RE-5.4",
            "facts": facts,
        }
        for row in rows
    ]
    if entries:
        sealed = [entry | {"digest": audit.entry_digest(entry)} for entry in entries]
        db.session.execute(insert(HistoryEntry), sealed)
