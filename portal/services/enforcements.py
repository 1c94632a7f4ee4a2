"""Carrying out a decision about a cooperation (RE-5.4, RE-Q34): at once what decides who holds a customer, the rest later.

Whoever changes the status of a distributor holds its row, sets the status and calls ``enforce`` in the same transaction.
Filing, visits and requests wait for that row; from then on they meet the new status, and nothing of the distributor runs.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, text, update

from portal import jobs
from portal.models import (
    Distributor,
    Enforcement,
    EnforcementEffect,
    EnforcementStep,
    Extension,
    Finding,
    Registration,
    User,
    db,
)
from portal.rules.enforcement import plan_of
from portal.services.bulk_history import entries, written_by

_NEXT_NUMBER = text("SELECT nextval(pg_get_serial_sequence('enforcements', 'id'))")
_BECAUSE = """'{"because"\\:"' || CAST(:because AS text) || '"}'"""
_EFFECTS = "INSERT INTO enforcement_effects (enforcement_id, effect, registration_id, project_id)"
# Ten thousand in one statement: each with its history entry and its line on the enforcement's page.
_VOID = text(
    f"""
    WITH voided AS (
      UPDATE registrations SET outcome = 'void', outcome_at = :now, outcome_clause = :clause, pending_until = NULL
       WHERE distributor_id = :distributor_id AND outcome IS NULL AND ends_at > :now AND frozen_at IS NULL
         AND (CAST(:released_by AS bigint) IS NULL OR id IN (
           SELECT registration_id FROM exit_handovers WHERE exit_id = :released_by AND signed_at IS NOT NULL))
      RETURNING id, project_id, outcome_clause AS clause
    ), written AS (
      {entries("voided", "registration.voided", _BECAUSE)}
    ), listed AS (
      {_EFFECTS} SELECT :enforcement_id, 'voided', id, project_id FROM voided
    )
    SELECT count(*) FROM voided
    """
)
_LAPSE = text(
    f"""
    WITH lapsed AS (
      UPDATE extensions AS e SET state = 'lapsed' FROM registrations AS r
       WHERE r.id = e.registration_id AND r.distributor_id = :distributor_id AND e.state = 'pending'
      RETURNING e.id, r.id AS registration_id, r.project_id, CAST(:clause AS text) AS clause
    ), written AS (
      {entries("lapsed", "extension.lapsed", _BECAUSE, subject="extensions")}
    ), listed AS (
      {_EFFECTS} SELECT :enforcement_id, 'lapsed', registration_id, project_id FROM lapsed
    )
    SELECT count(*) FROM lapsed
    """
)
_KEEP = text(
    f"""
    WITH kept AS (
      {_EFFECTS}
      SELECT :enforcement_id, 'kept', id, project_id FROM registrations
       WHERE distributor_id = :distributor_id AND outcome IS NULL AND ends_at > :now
      RETURNING id
    )
    SELECT count(*) FROM kept
    """
)
_HOLD = text(
    """
    WITH held AS (
      INSERT INTO commission_holds (distributor_id, deal_id, enforcement_id, clause, since)
      SELECT owner_id, id, :enforcement_id, :clause, :now FROM deals WHERE owner_id = :distributor_id
      ON CONFLICT (deal_id) WHERE released_at IS NULL DO NOTHING
      RETURNING id
    )
    SELECT count(*) FROM held
    """
)


def enforce(
    *,
    actor: User | None,
    distributor: Distributor,
    kind: str,
    clause: str,
    reason: str,
    now: datetime,
    finding: Finding | None = None,
    released_by: int | None = None,
) -> Enforcement:
    """Carry out ``kind`` (suspend, blacklist, terminate, exit, reinstate) for a distributor whose row is held.

    The steps at once are done when this returns: for a kind that ends the cooperation nothing of the distributor runs any
    more, citing ``clause``, its requests have lapsed, and its commissions wait where the kind holds them. The worker does
    the rest after the commit. ``actor`` None is the system. ``released_by``, the id of an exit: only what the partner gave
    up with its signature ends, the rest runs to its end (DM-12.7). Raises KeyError for an unknown kind.
    """
    enforcement = _begin(actor, distributor, kind, clause, reason, now, finding)
    given = {
        "enforcement_id": enforcement.id,
        "distributor_id": distributor.id,
        "because": distributor.reference,
        "clause": clause,
        "released_by": released_by,
    } | written_by(actor, now)
    waiting = {step for step, _ in plan_of(kind).later}
    for step in enforcement.steps:
        if step.step not in waiting:
            step.count, step.done_at = _AT_ONCE[step.step](given), now
    db.session.flush()
    jobs.enqueue_after_commit(jobs.ENFORCE, enforcement.id)
    return enforcement


def _begin(
    actor: User | None,
    distributor: Distributor,
    kind: str,
    clause: str,
    reason: str,
    now: datetime,
    finding: Finding | None,
) -> Enforcement:
    plan, number = plan_of(kind), db.session.scalar(_NEXT_NUMBER) or 0
    enforcement = Enforcement(
        id=number,
        reference=f"ZX-{number:04}",
        distributor_id=distributor.id,
        kind=kind,
        clause=clause,
        reason=reason,
        asked_by_id=None if actor is None else actor.id,
        asked_at=now,
        finding_id=None if finding is None else finding.id,
        steps=[
            EnforcementStep(position=position, step=step, clause=cited, reached=0)
            for position, (step, cited) in enumerate((*plan.at_once, *plan.later), start=1)
        ],
    )
    db.session.add(enforcement)
    db.session.flush()
    return enforcement


def _shut_door(given: dict[str, Any]) -> int:
    """The status shuts it; how many accounts stand before it, or may come in again."""
    able = (User.distributor_id == given["distributor_id"], User.disabled_at.is_(None))
    return db.session.scalar(select(func.count()).select_from(User).where(*able)) or 0


def _end_sessions(given: dict[str, Any]) -> int:
    changed = (
        update(User)
        .where(User.distributor_id == given["distributor_id"])
        .values(session_epoch=User.session_epoch + 1)
        .returning(User.id)
        .execution_options(synchronize_session="fetch")
    )
    return len(db.session.execute(changed).all())


def _void(given: dict[str, Any]) -> int:
    voided = int(db.session.execute(_VOID, given).scalar_one())
    _read_again(Registration, ["outcome", "outcome_at", "outcome_clause", "outcome_seq", "pending_until", "ends_at"])
    return voided


def _lapse(given: dict[str, Any]) -> int:
    lapsed = int(db.session.execute(_LAPSE, given).scalar_one())
    _read_again(Extension, ["state"])
    return lapsed


def _keep(given: dict[str, Any]) -> int:
    return int(db.session.execute(_KEEP, given).scalar_one())


def _hold(given: dict[str, Any]) -> int:
    """Every deal that is the distributor's, unless its commission is held already."""
    return int(db.session.execute(_HOLD, given).scalar_one())


def _stay_void(given: dict[str, Any]) -> int:
    """What earlier enforcements voided; it is not brought back (RE-Q46)."""
    voided = (Enforcement.distributor_id == given["distributor_id"], EnforcementEffect.effect == "voided")
    effects = select(func.count()).select_from(EnforcementEffect).join(Enforcement)
    return db.session.scalar(effects.where(*voided)) or 0


def _read_again(model: type[Registration] | type[Extension], columns: list[str]) -> None:
    """What the session has of these rows is read again when it is next asked for."""
    for row in [row for row in db.session.identity_map.values() if isinstance(row, model)]:
        db.session.expire(row, columns)


_AT_ONCE: dict[str, Callable[[dict[str, Any]], int]] = {
    "door": _shut_door,
    "sessions": _end_sessions,
    "void": _void,
    "lapse": _lapse,
    "keep": _keep,
    "hold": _hold,
    "stay_void": _stay_void,
}
