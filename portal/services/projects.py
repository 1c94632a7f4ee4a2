"""Commands about projects: opening one, changing its particulars, binding a policy to it from a moment on."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any, TypedDict
from zoneinfo import ZoneInfo

from sqlalchemy import select

from portal import audit, clock
from portal.models import Policy, Project, ProjectPolicy, User, db
from portal.rules.cities import cities
from portal.rules.refusal import Refusal
from portal.services import policies
from portal.services.editions import NO_PAGE, Seen, check_edition
from portal.services.unacceptable import Unacceptable, unique

_TAKEN = {
    "uq_projects_code": ("code", "project_code_taken"),
    "uq_projects_name": ("name", "project_name_taken"),
}


class Particulars(TypedDict):
    """What an administrator may change. Coordinates are those of the sales office, WGS 84 degrees; hours in its zone."""

    name: str
    group_name: str
    city_code: str
    address: str
    latitude: Decimal
    longitude: Decimal
    opens_at: time
    closes_at: time
    bulk_criterion: str
    is_open: bool


def create_project(*, actor: User, code: str, policy_id: int, particulars: Particulars) -> Project:
    """Open a project under a policy that binds it from now. ``code`` stays for ever: numbers begin with it.

    Raises Unacceptable for code, name, city_code, closes_at or policy_id.
    """
    policy = db.session.get(Policy, policy_id)
    if policy is None:
        raise Unacceptable("policy_id", "policy_unknown")
    now = clock.now()
    project = Project(code=code, created_at=now, **_checked(particulars))
    with unique(**_TAKEN):
        db.session.add(project)
    audit.record("project.created", project, actor=actor, now=now, project_id=project.id, code=code)
    policies.bind(actor=actor, project=project, policy=policy, effective_from=now)
    return project


def change_project(*, actor: User, project_id: int, particulars: Particulars, seen: Seen = NO_PAGE) -> Project:
    """New particulars.

    Raises Unacceptable for name, city_code or closes_at, and Refusal when they are not what the actor had seen.
    """
    project = _lock(project_id)
    wanted = _checked(particulars)
    check_edition(seen, shown_values(project), dict(particulars))
    changed = sorted(key for key, value in wanted.items() if getattr(project, key) != value)
    with unique(**_TAKEN):
        for key in changed:
            setattr(project, key, wanted[key])
    if changed:
        audit.record("project.changed", project, actor=actor, now=clock.now(), project_id=project.id, fields=changed)
    return project


def bind_policy(*, actor: User, project_id: int, policy_id: int, effective_from: datetime) -> ProjectPolicy:
    """Let a policy rule the filings made from ``effective_from`` on, which is read in the project's zone when naive.

    Earlier filings keep the version they were made under. Raises Unacceptable for policy_id or effective_from.
    """
    project = _lock(project_id)
    policy = db.session.get(Policy, policy_id)
    if policy is None:
        raise Unacceptable("policy_id", "policy_unknown")
    start = effective_from if effective_from.tzinfo else effective_from.replace(tzinfo=project.zone)
    try:
        with unique(uq_project_policies_one_start=("effective_from", "policy_start_taken")):
            return policies.bind(actor=actor, project=project, policy=policy, effective_from=start)
    except Refusal:
        raise Unacceptable("effective_from", "policy_start_past") from None


def shown_values(project: Project) -> dict[str, Any]:
    """The particulars as a form shows them."""
    return {name: getattr(project, name) for name in Particulars.__annotations__}


def next_midnight(now: datetime, zone: ZoneInfo) -> datetime:
    """The usual start of a new policy: the day that begins next in the project's zone."""
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(0), zone)


def _lock(project_id: int) -> Project:
    statement = select(Project).where(Project.id == project_id).with_for_update()
    return db.session.execute(statement.execution_options(populate_existing=True)).scalar_one()


def _checked(particulars: Particulars) -> dict[str, object]:
    city = cities().get(particulars["city_code"])
    if city is None:
        raise Unacceptable("city_code", "city_unknown")
    if particulars["closes_at"] <= particulars["opens_at"]:
        raise Unacceptable("closes_at", "closes_before_it_opens")
    return {**particulars, "city_name": city.name}
