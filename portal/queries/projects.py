"""Reads about projects and the policies that bind them, for the administrator."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on

from portal.models import Policy, Project, ProjectPolicy, db
from portal.straight import Entity, Straight

_PROJECT = Entity(Project, "project")
_PROJECTS = Straight(select(*_PROJECT.columns).order_by(Project.code))


def projects() -> Sequence[Project]:
    """Every project, in the order of the codes."""
    return [found for row in _PROJECTS.rows({}) if (found := _PROJECT.of(row))]


def project(code: str) -> Project | None:
    """One project by its code."""
    return db.session.scalar(select(Project).where(Project.code == code))


def choices() -> Sequence[tuple[int, str]]:
    """(id, name) of every project, for a form."""
    return [(found.id, found.name) for found in projects()]


def bindings(of: Project) -> Sequence[ProjectPolicy]:
    """The policies of a project, the latest start first."""
    statement = select(ProjectPolicy).where(ProjectPolicy.project_id == of.id)
    return db.session.scalars(statement.order_by(ProjectPolicy.effective_from.desc())).all()


def ruling(now: datetime) -> dict[int, Policy]:
    """The policy in force in each project at ``now``, by the project's id."""
    statement = (
        select(ProjectPolicy)
        .where(ProjectPolicy.effective_from <= now)
        .ext(distinct_on(ProjectPolicy.project_id))
        .order_by(ProjectPolicy.project_id, ProjectPolicy.effective_from.desc())
    )
    return {binding.project_id: binding.policy for binding in db.session.scalars(statement)}


def published_policies() -> Sequence[tuple[int, str]]:
    """(id, "RE-3") of every published version, the newest first."""
    statement = select(Policy).where(Policy.published_at.is_not(None)).order_by(Policy.code, Policy.version.desc())
    return [(policy.id, f"{policy.code}-{policy.version}") for policy in db.session.scalars(statement)]
