"""What the people of a distributor may reach: themselves, their registrations, their drafts, the projects that are open."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import cast

from flask import abort, g, request
from flask_login import current_user

from portal.models import FilingDraft, Project, Registration, User
from portal.queries import drafts, projects, registrations


def me() -> User:
    """The person of this request, itself, not the proxy."""
    return cast(User, current_user._get_current_object())


def registration_or_404(reference: str) -> Registration:
    """The registration if it is in the person's scope; a rival's does not exist. Its project sets the page's zone."""
    found = registrations.find(reference, me())
    if found is None:
        abort(404)
    g.zone = found.project.zone
    return found


def draft_or_404(code: str) -> FilingDraft:
    """The person's own open draft."""
    return drafts.find(code, me()) or abort(404)


def own_number(name: str) -> str | None:
    """The number in the address under ``name``; one that cannot be any is a 404."""
    typed = request.args.get(name)
    if typed and not re.fullmatch(r"[A-Z0-9][A-Z0-9-]{0,31}", typed):
        abort(404)
    return typed or None


def open_projects() -> Sequence[Project]:
    """Where customers can be filed."""
    return [project for project in projects.projects() if project.is_open]
