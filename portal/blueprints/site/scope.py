"""Who works where: the project of a page, and objects fetched through the person's projects. What is elsewhere is a 404."""

from __future__ import annotations

from collections.abc import Sequence

from flask import g, request, session

from portal.access import Permission, projects_for
from portal.edge import me, or_404
from portal.models import Project, Visit
from portal.queries import projects, visits

_CHOSEN = "site_project"


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
