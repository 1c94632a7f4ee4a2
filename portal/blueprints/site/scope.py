"""Who works where: the project of a page, and objects fetched through the person's projects. What is elsewhere is a 404."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar, cast

from flask import abort, g, request, session
from flask_login import current_user

from portal.access import Permission, projects_for
from portal.models import Project, User, Visit
from portal.queries import projects, visits

Found = TypeVar("Found")
_CHOSEN = "site_project"


def me() -> User:
    """The person signed in, as services take it."""
    return cast(User, current_user._get_current_object())


def or_404(found: Found | None) -> Found:
    """What was found; a 404 when there is nothing for this person."""
    if found is None:
        abort(404)
    return found


def visit_or_404(reference: str, permission: Permission) -> Visit:
    """The visit, when the person holds ``permission`` in its project; the page then shows the project's time."""
    visit = or_404(visits.find(reference, me(), permission))
    g.zone = visit.project.zone
    return visit


def my_projects(permission: Permission) -> Sequence[Project]:
    """The projects in which the person holds ``permission``, in the order in which they were given to the person."""
    given = [grant.project_id for grant in me().grants]
    ids = projects_for(me(), permission)
    return sorted((one for one in projects.projects() if one.id in ids), key=lambda one: given.index(one.id))


def my_project(permission: Permission) -> Project:
    """The project that the page is about: the one of the address, else the one chosen last, else the first.

    A project named in the address where the person does not work is a 404.
    """
    mine = my_projects(permission)
    asked = request.args.get("project")
    if asked is not None:
        project = or_404(next((one for one in mine if one.code == asked), None))
        session[_CHOSEN] = project.code
    else:
        project = or_404(next((one for one in mine if one.code == session.get(_CHOSEN)), mine[0] if mine else None))
    g.zone = project.zone
    return project
