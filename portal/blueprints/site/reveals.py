"""The number behind the mask, for a reason that goes on record (GD-13)."""

from __future__ import annotations

from flask import g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import clock
from portal.access import Permission, requires
from portal.blueprints.site import bp
from portal.blueprints.site.scope import me, or_404
from portal.htmx import wants_fragment
from portal.models import Registration
from portal.queries import site_registrations
from portal.services import reveals
from portal.transaction import transaction
from portal.wording import group_phone, mask_phone
from portal.wording.reveals import REASONS


@bp.post("/registrations/<ref:reference>/reveal")
@requires(Permission.REVEAL_PERSONAL_DATA)
def reveal_registration(reference: str) -> ResponseReturnValue:
    """Ask for a reason; with one, show the whole number for this answer."""
    registration = or_404(site_registrations.find(reference, me(), Permission.REVEAL_PERSONAL_DATA))
    g.zone = registration.project.zone
    reason = request.form.get("reason", "")
    if reason not in REASONS:
        return _page("ask", registration, mask_phone(registration.phone)), 422
    with transaction():
        found = reveals.reveal_registration(
            actor=me(), registration=registration, fields=("phone",), reason=reason, now=clock.now()
        )
    return _page("shown", registration, group_phone(found["phone"]))


def _page(step: str, registration: Registration, phone: str) -> str:
    name = f"reveals/_{step}.html" if wants_fragment() else f"reveals/{step}.html"
    url = url_for(".reveal_registration", reference=registration.reference)
    words = {"name": registration.customer_name, "phone": phone, "reveal_reasons": REASONS}
    return render_template(name, url=url, back=url_for(".show_arrivals"), **words)
