"""The later steps of an enforcement, done by the worker: who moves up, who is told.

Each batch of a step is one transaction that holds the step's row, so that a worker that dies has done whole batches and the
next one goes on behind the last of them; two at once take turns, and nothing is done or told twice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, text

from portal import audit
from portal.models import Enforcement, EnforcementStep, Policy, Project, RoleGrant, User, db
from portal.queries import enforcements as found
from portal.queries.enforcements import Follower
from portal.queries.ranks import rivals_of
from portal.rules.enforcement import ENDING
from portal.rules.ranking import moves_up
from portal.services import notices
from portal.services.bulk_history import entries, written_by

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
_MOVED_FACTS = (
    """'{"after"\\:' || rank_after || ',"before"\\:' || rank_before || ',"reference"\\:"' || reference || '"}'"""
)
_MOVED = text(
    f"""
    WITH moved AS (
      INSERT INTO enforcement_effects (enforcement_id, effect, registration_id, project_id, rank_before, rank_after)
      SELECT :enforcement_id, 'moved_up', r.id, r.project_id, rank.before, rank.after
        FROM unnest(CAST(:id AS bigint[]), CAST(:before AS bigint[]), CAST(:after AS bigint[])) AS rank(id, before, after)
        JOIN registrations AS r ON r.id = rank.id
      ON CONFLICT (enforcement_id, effect, registration_id) DO NOTHING
      RETURNING registration_id, enforcement_id, project_id, rank_before, rank_after
    ), told AS (
      SELECT moved.enforcement_id AS id, moved.project_id, 'RE-Q34' AS clause, rank_before, rank_after, r.reference
        FROM moved JOIN registrations AS r ON r.id = moved.registration_id
    )
    {entries("told", "enforcement.moved_up", _MOVED_FACTS, subject="enforcements")}
    """
)


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
        counts: dict[str, Any] = {
            name: found.step_count(enforcement, name) for name in ("move_up", "tell_partner", "tell_sites")
        }
        audit.record("enforcement.finished", enforcement, actor=None, now=now, clause=enforcement.clause, **counts)
    return False


def _move_up(enforcement: Enforcement, step: EnforcementStep, now: datetime) -> bool:
    """Put down who stood behind a batch of the voided ones and where each stands without them (RE-Q34, RE-8.6)."""
    voided = found.voided_after(enforcement, step.reached, BATCH)
    if voided:
        step.reached = voided[-1]
        _put_down(enforcement, _moves(enforcement, found.followers_of(voided, enforcement.asked_at)))
    step.count = found.counts(enforcement)["moved_up"]
    return len(voided) < BATCH


def _moves(enforcement: Enforcement, followers: Sequence[Follower]) -> list[dict[str, int]]:
    ids = [one.id for one in followers]
    gone, left = found.voided_before(enforcement, ids), rivals_of(ids, enforcement.asked_at) if ids else {}
    policies = {number: db.session.get_one(Policy, number) for number in {one.policy_id for one in followers}}
    ranks = {
        one.id: moves_up(
            one.facts,
            gone.get(one.id, []),
            left.get(one.id, []),
            enforcement.asked_at,
            policies[one.policy_id].terms.tie_break,
        )
        for one in followers
    }
    return [{"id": number, "before": both[0], "after": both[1]} for number, both in ranks.items() if both]


def _put_down(enforcement: Enforcement, moves: Sequence[dict[str, int]]) -> None:
    """Each once, with its entry in the history of its project; on the page of the enforcement, never on the broker's."""
    columns = {name: [move[name] for move in moves] for name in ("id", "before", "after")}
    given = {"enforcement_id": enforcement.id} | written_by(None, enforcement.asked_at)
    db.session.execute(_MOVED, given | columns)


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
    project = db.session.get_one(Project, project_id)
    facts: dict[str, Any] = {"distributor": enforcement.distributor.name, "project": project.name}
    if enforcement.kind in ENDING:
        here_now = found.counts(enforcement, projects=[project_id])
        facts |= {effect: here_now[effect] for effect in ("voided", "moved_up")}
    kind, occasion = f"partner.{enforcement.kind}", f"enforcement:{enforcement.id}:{project_id}"
    told = db.session.scalars(people.where(*here)).all()
    return notices.tell(told, kind, enforcement, occasion, enforcement.clause, facts, now=now)


_STEPS: dict[str, Callable[[Enforcement, EnforcementStep, datetime], bool]] = {
    "move_up": _move_up,
    "tell_partner": _tell_partner,
    "tell_sites": _tell_sites,
}
