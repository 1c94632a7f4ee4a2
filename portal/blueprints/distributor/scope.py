"""What the people of a distributor may reach: themselves, their registrations, their drafts, the projects that are open."""

from __future__ import annotations

from collections.abc import Sequence

from flask import g

from portal.edge import me, or_404
from portal.models import FilingDraft, Project, Registration
from portal.queries import drafts, projects, registrations


def registration_or_404(reference: str) -> Registration:
    """The registration if it is in the person's scope; a rival's does not exist. Its project sets the page's zone."""
    found = or_404(registrations.find(reference, me()))
    g.zone = found.project.zone
    return found


def draft_or_404(code: str) -> FilingDraft:
    """The person's own open draft."""
    return or_404(drafts.find(code, me()))


def open_projects() -> Sequence[Project]:
    """Where customers can be filed."""
    return [project for project in projects.projects() if project.is_open]
