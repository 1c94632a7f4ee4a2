"""Registrations as each person may see them: a broker one's own, an owner the company's, site and headquarters theirs."""

from __future__ import annotations

from sqlalchemy import ColumnElement, false, or_, select, true
from sqlalchemy.orm import joinedload

from portal.access import Permission, may, projects_for
from portal.models import Registration, User, db

#: What services and pages need beside a registration, loaded in the same statement.
WITH_PARTIES = (
    joinedload(Registration.project),
    joinedload(Registration.policy),
    joinedload(Registration.distributor),
    joinedload(Registration.broker),
)


def visible_to(user: User) -> ColumnElement[bool]:
    """The scope of a person as a condition: everything else does not exist for them (404, never 403)."""
    scopes: list[ColumnElement[bool]] = []
    if may(user, Permission.SEE_ALL_REGISTRATIONS):
        return true()
    if "owner" in user.roles:
        scopes.append(Registration.distributor_id == user.distributor_id)
    elif "broker" in user.roles:
        scopes.append(Registration.broker_id == user.id)
    at_site = projects_for(user, Permission.SEE_SITE_REGISTRATIONS)
    if at_site:
        scopes.append(Registration.project_id.in_(at_site))
    return or_(*scopes) if scopes else false()


def find(reference: str, user: User) -> Registration | None:
    """The registration with this number, if the person may see it."""
    query = select(Registration).where(Registration.reference == reference, visible_to(user)).options(*WITH_PARTIES)
    return db.session.scalar(query)


def load(registration_id: int) -> Registration:
    """A registration by id with its parties, for commands that have already been let in."""
    return db.session.execute(
        select(Registration).where(Registration.id == registration_id).options(*WITH_PARTIES)
    ).scalar_one()
