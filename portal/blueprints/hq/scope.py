"""What the views of headquarters share: a registration fetched for the person."""

from __future__ import annotations

from flask import g

from portal.edge import me, or_404
from portal.models import Registration
from portal.queries import registrations


def registration_or_404(reference: str) -> Registration:
    """The registration; the page then shows its project's time."""
    found = or_404(registrations.find(reference, me()))
    g.zone = found.project.zone
    return found
