"""The number behind the mask, for a reason that goes on record (GD-13)."""

from __future__ import annotations

from flask import g, url_for
from flask.typing import ResponseReturnValue

from portal.access import Permission, requires
from portal.blueprints.site import bp
from portal.edge import me, or_404
from portal.queries import site_registrations
from portal.revealing import reveal_phone


@bp.post("/registrations/<ref:reference>/reveal")
@requires(Permission.REVEAL_PERSONAL_DATA)
def reveal_registration(reference: str) -> ResponseReturnValue:
    """Ask for a reason; with one, show the whole number for this answer."""
    registration = or_404(site_registrations.find(reference, me(), Permission.REVEAL_PERSONAL_DATA))
    g.zone = registration.project.zone
    return reveal_phone(registration, back=url_for(".show_arrivals"))
