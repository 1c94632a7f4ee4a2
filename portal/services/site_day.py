"""The end of a site's day: a first-visit flow that was started and not finished is pointed out, once (RE-3.7)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update

from portal import audit
from portal.models import Project, RoleGrant, User, Visit, db
from portal.one_by_one import each
from portal.rules.site_day import DOERS, last_closing, open_step
from portal.services import notices

CLAUSE = "RE-3.7"


def alert_open_flows(*, now: datetime) -> int:
    """Alert every site that has closed about the flows left open there, also where no filing is taken any more.

    Returns how many flows.
    """
    projects = db.session.scalars(select(Project).order_by(Project.id)).all()
    return each(projects, lambda project: _alert_project(project, now))


def _alert_project(project: Project, now: datetime) -> int:
    closing = last_closing(now, project.closes_at, project.zone)
    # The mark comes first: of two workers only one finds the row unmarked, and only that one writes and tells.
    marked = (
        update(Visit)
        .where(
            Visit.project_id == project.id,
            Visit.arrived_at < closing,
            Visit.alerted_at.is_(None),
            Visit.entered_at.is_(None),
            Visit.result.in_(("unsigned", "registered")),
            Visit.audit_result.is_(None) | (Visit.audit_result == "passed"),
        )
        .values(alerted_at=now)
        .returning(Visit)
        .execution_options(synchronize_session=False)
    )
    visits = db.session.scalars(marked).all()
    for visit in visits:
        _alert(visit, project, now)
    return len(visits)


def _alert(visit: Visit, project: Project, now: datetime) -> None:
    step = open_step(
        signed=visit.result == "registered",
        audited=visit.audited_at is not None,
        signed_off=visit.leader_signed_at is not None,
    )
    audit.record("visit.left_open", visit, actor=None, now=now, clause=CLAUSE, step=step)
    notices.tell(
        _staff(project.id, DOERS[step]),
        "visit.left_open",
        visit,
        f"visit:{visit.id}",
        CLAUSE,
        {"reference": visit.reference, "step": step},
        now=now,
    )


def _staff(project_id: int, roles: tuple[str, ...]) -> list[int]:
    wanted = select(RoleGrant.user_id).where(RoleGrant.project_id == project_id, RoleGrant.role.in_(roles))
    return list(db.session.scalars(select(User.id).where(User.id.in_(wanted), User.disabled_at.is_(None))))
