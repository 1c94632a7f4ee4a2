"""The later steps of an enforcement, done by the worker: who moves up, who is told.

Each batch of a step is one transaction that holds the step's row, so that a worker that dies has done whole batches and the
next one goes on behind the last of them; two at once take turns, and nothing is done or told twice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from portal import audit
from portal.models import Enforcement, EnforcementEffect, EnforcementStep, Registration, RoleGrant, User, db
from portal.queries import enforcements as found
from portal.queries.ranks import rivals_of
from portal.rules.enforcement import ENDING
from portal.rules.ranking import moves_up
from portal.services import notices

#: Voided registrations whose followers are looked for in one transaction.
BATCH = 500
#: The sweep leaves an enforcement to its own job for so long.
LEFT_TO_ITS_JOB = timedelta(seconds=30)
#: Who of a site decides by ranks, and therefore hears of a change in them.
_ON_SITE = ("back_office", "site_leader")
_TO_PARTNER = {
    "suspend": "distributor.suspended",
    "blacklist": "distributor.blacklisted",
    "terminate": "distributor.terminated",
    "exit": "distributor.exited",
    "reinstate": "distributor.reinstated",
}


def go_on(*, enforcement_id: int, now: datetime) -> bool:
    """Do the next batch of the next step that is not done; False when nothing is left and the enforcement is finished."""
    step = db.session.scalars(_next_step(enforcement_id)).first()
    if step is None:
        return _finish(enforcement_id, now)
    enforcement = found.with_distributor(enforcement_id)
    if _STEPS[step.step](enforcement, step, now):
        step.done_at = now
    db.session.flush()
    return True


def unfinished(*, now: datetime) -> Sequence[int]:
    """The enforcements, oldest first, that are open although their own job has had its time."""
    left = Enforcement.asked_at < now - LEFT_TO_ITS_JOB
    query = select(Enforcement.id).where(Enforcement.finished_at.is_(None), left)
    return db.session.scalars(query.order_by(Enforcement.id)).all()


def _next_step(enforcement_id: int) -> Any:
    """Locked: whoever comes at the same time waits, and then sees what was done."""
    return (
        select(EnforcementStep)
        .where(EnforcementStep.enforcement_id == enforcement_id, EnforcementStep.done_at.is_(None))
        .order_by(EnforcementStep.position)
        .limit(1)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _finish(enforcement_id: int, now: datetime) -> bool:
    """False; the history is written by whoever was the one to finish it."""
    enforcement = db.session.get_one(Enforcement, enforcement_id, with_for_update=True, populate_existing=True)
    if enforcement.finished_at is None:
        enforcement.finished_at = now
        counts = {name: found.step_count(enforcement, name) for name in ("move_up", "tell_partner", "tell_sites")}
        audit.record("enforcement.finished", enforcement, actor=None, now=now, clause=enforcement.clause, **counts)
    return False


def _move_up(enforcement: Enforcement, step: EnforcementStep, now: datetime) -> bool:
    """Put down who stood behind a batch of the voided ones and where each stands without them (RE-Q34, RE-8.6)."""
    voided = found.voided_after(enforcement, step.reached, BATCH)
    if voided:
        step.reached = voided[-1]
        _put_down_moves(enforcement, found.followers_of(voided, enforcement.asked_at))
    step.count = found.counts(enforcement)["moved_up"]
    return len(voided) < BATCH


def _put_down_moves(enforcement: Enforcement, followers: Sequence[Registration]) -> None:
    ids = [one.id for one in followers]
    gone, left = found.voided_before(enforcement, ids), rivals_of(ids, enforcement.asked_at) if ids else {}
    for one in followers:
        tie_break, others = one.policy.terms.tie_break, left.get(one.id, [])
        ranks = moves_up(one.facts(), gone.get(one.id, []), others, enforcement.asked_at, tie_break)
        if ranks is not None:
            _put_down(enforcement, one, *ranks)


def _put_down(enforcement: Enforcement, one: Registration, before: int, after: int) -> None:
    row = {
        "enforcement_id": enforcement.id,
        "effect": "moved_up",
        "registration_id": one.id,
        "project_id": one.project_id,
        "rank_before": before,
        "rank_after": after,
    }
    written = insert(EnforcementEffect).values(row).on_conflict_do_nothing().returning(EnforcementEffect.id)
    if db.session.scalar(written) is not None:
        ranks = {"before": before, "after": after}
        project_id, facts = one.project_id, {"reference": one.reference, **ranks}
        audit.record(
            "enforcement.moved_up",
            enforcement,
            actor=None,
            now=enforcement.asked_at,
            project_id=project_id,
            clause="RE-Q34",
            **facts,
        )


def _tell_partner(enforcement: Enforcement, step: EnforcementStep, now: datetime) -> bool:
    """Tell the people of the distributor; they read it when and where they may still come in (GD-9)."""
    people = select(User.id).where(User.distributor_id == enforcement.distributor_id, User.disabled_at.is_(None))
    kind, occasion = _TO_PARTNER[enforcement.kind], f"enforcement:{enforcement.id}"
    told = db.session.scalars(people).all()
    step.count = notices.tell(told, kind, enforcement.distributor, occasion, enforcement.clause, now=now)
    return True


def _tell_sites(enforcement: Enforcement, step: EnforcementStep, now: datetime) -> bool:
    """Tell leaders and back offices of every project concerned, with its numbers.

    They are told of who moved up; the next distributor is not: it may not learn that somebody stood before it (RE-Q30).
    """
    step.count = sum(_tell_site(enforcement, one, now) for one in found.projects_of(enforcement))
    return True


def _tell_site(enforcement: Enforcement, project_id: int, now: datetime) -> int:
    people = select(RoleGrant.user_id).join(User, User.id == RoleGrant.user_id)
    here = (RoleGrant.project_id == project_id, RoleGrant.role.in_(_ON_SITE), User.disabled_at.is_(None))
    facts: dict[str, Any] = {"distributor": enforcement.distributor.name}
    if enforcement.kind in ENDING:
        here_now = found.counts(enforcement, project_id=project_id)
        facts |= {effect: here_now[effect] for effect in ("voided", "moved_up")}
    kind, occasion = f"partner.{enforcement.kind}", f"enforcement:{enforcement.id}:{project_id}"
    told = db.session.scalars(people.where(*here)).all()
    return notices.tell(told, kind, enforcement, occasion, enforcement.clause, facts, now=now)


_STEPS: dict[str, Callable[[Enforcement, EnforcementStep, datetime], bool]] = {
    "move_up": _move_up,
    "tell_partner": _tell_partner,
    "tell_sites": _tell_sites,
}
