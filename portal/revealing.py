"""The number behind the mask, the same in every room: a reason is asked for, then the answer shows it once (GD-13)."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import clock
from portal.edge import me
from portal.htmx import wants_fragment
from portal.models import Registration
from portal.services import reveals
from portal.transaction import transaction
from portal.wording import group_phone, mask_phone
from portal.wording.reveals import REASONS


def reveal_phone(registration: Registration, *, back: str) -> ResponseReturnValue:
    """Ask for a reason; with one, put it on record and show the whole number. ``back`` is where the page leads."""
    reason = request.form.get("reason", "")
    if reason not in REASONS:
        return _page("ask", registration, mask_phone(registration.phone), back), 422
    with transaction():
        found = reveals.reveal_registration(
            actor=me(), registration=registration, fields=("phone",), reason=reason, now=clock.now()
        )
    return _page("shown", registration, group_phone(found["phone"]), back)


def _page(step: str, registration: Registration, phone: str, back: str) -> str:
    name = f"reveals/_{step}.html" if wants_fragment() else f"reveals/{step}.html"
    url = url_for(".reveal_registration", reference=registration.reference)
    words = {"name": registration.customer_name, "phone": phone, "reveal_reasons": REASONS}
    return render_template(name, url=url, back=back, **words)
