"""Reads about policies: which version rules whose projects from when, and the versions of a regime.

A distributor reads the policies of the projects where it can file or has filed, a site those of its projects, headquarters
all. A policy that never ruled a project of the reader's does not exist for the reader.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, select, true

from portal.models import Policy, Project, ProjectPolicy, Registration, User, db
from portal.models.users import HQ_ROLES


@dataclass(frozen=True, slots=True)
class Ruled:
    """A project with the policy in force, and the one that follows. None: nothing rules, nothing is planned."""

    project: Project
    now: ProjectPolicy | None
    next: ProjectPolicy | None


@dataclass(frozen=True, slots=True)
class Version:
    """A published policy and the starts at which it rules projects, the earliest first."""

    policy: Policy
    bindings: Sequence[tuple[Project, datetime]]


def projects_of(user: User) -> ColumnElement[bool]:
    """The projects whose rules concern this person, as a condition."""
    if user.roles & set(HQ_ROLES):
        return true()
    if user.distributor_id is not None:
        filed = exists().where(
            Registration.project_id == Project.id, Registration.distributor_id == user.distributor_id
        )
        return Project.is_open.is_(True) | filed
    return Project.id.in_(user.project_ids())


def ruled(user: User, now: datetime) -> list[Ruled]:
    """The person's projects in the order of their codes, each with what rules it."""
    projects = db.session.scalars(select(Project).where(projects_of(user)).order_by(Project.code)).all()
    starts = select(ProjectPolicy).where(ProjectPolicy.project_id.in_([project.id for project in projects]))
    bindings = db.session.scalars(starts.order_by(ProjectPolicy.effective_from)).all()
    return [_ruled(project, [one for one in bindings if one.project_id == project.id], now) for project in projects]


def find(code: str, version: int, user: User) -> Version | None:
    """A published policy that this person may read, with the starts in the person's projects."""
    policy = published(code, version)
    if policy is None:
        return None
    found = Version(policy, _starts(policy, user))
    return found if found.bindings or user.roles & set(HQ_ROLES) else None


def published(code: str, version: int) -> Policy | None:
    """This version of a regime, once published."""
    query = select(Policy).where(Policy.code == code, Policy.version == version, Policy.published_at.is_not(None))
    return db.session.scalar(query)


def newest(code: str) -> Policy | None:
    """The last version of a regime: what a new one is drafted from."""
    query = select(Policy).where(Policy.code == code, Policy.published_at.is_not(None))
    return db.session.scalar(query.order_by(Policy.version.desc()).limit(1))


def versions(user: User) -> list[tuple[str, list[Version]]]:
    """Every regime with its versions, the newest first."""
    query = select(Policy).where(Policy.published_at.is_not(None)).order_by(Policy.code, Policy.version.desc())
    gathered: dict[str, list[Version]] = {}
    for policy in db.session.scalars(query):
        gathered.setdefault(policy.code, []).append(Version(policy, _starts(policy, user)))
    return list(gathered.items())


def _ruled(project: Project, bindings: Sequence[ProjectPolicy], now: datetime) -> Ruled:
    begun = [one for one in bindings if one.effective_from <= now]
    coming = [one for one in bindings if one.effective_from > now]
    return Ruled(project, begun[-1] if begun else None, coming[0] if coming else None)


def _starts(policy: Policy, user: User) -> Sequence[tuple[Project, datetime]]:
    query = (
        select(Project, ProjectPolicy.effective_from)
        .join(ProjectPolicy, ProjectPolicy.project_id == Project.id)
        .where(ProjectPolicy.policy_id == policy.id, projects_of(user))
        .order_by(ProjectPolicy.effective_from, Project.code)
    )
    return [(project, start) for project, start in db.session.execute(query)]
