"""The number behind the mask, the same in every room: a reason is asked for, then the answer shows it once (GD-13)."""

from __future__ import annotations

from collections.abc import Callable

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import clock
from portal.edge import me
from portal.htmx import wants_fragment
from portal.models import DealBuyer, Registration
from portal.services import reveals
from portal.transaction import transaction
from portal.wording import group_phone, mask_id_number, mask_phone
from portal.wording.reveals import REASONS


def reveal_phone(registration: Registration, *, back: str) -> ResponseReturnValue:
    """Ask for a reason; with one, put it on record and show the whole number. ``back`` is where the page leads."""
    reason = request.form.get("reason", "")
    url = url_for(".reveal_registration", reference=registration.reference)
    if reason not in REASONS:
        return _page("ask", registration.customer_name, mask_phone(registration.phone), url, back), 422
    with transaction():
        found = reveals.reveal_registration(
            actor=me(), registration=registration, fields=("phone",), reason=reason, now=clock.now()
        )
    return _page("shown", registration.customer_name, group_phone(found["phone"]), url, back)


def reveal_buyer(buyer: DealBuyer, *, url: str, back: str) -> ResponseReturnValue:
    """The same for a buyer of a deal: phone and document together. ``url`` is where the reason is sent."""
    reason = request.form.get("reason", "")
    if reason not in REASONS:
        masked = [mask(number) for mask, number in _numbers(buyer) if number]
        return _page("ask", buyer.customer_name, " · ".join(masked), url, back), 422
    with transaction():
        found = reveals.reveal_buyer(actor=me(), buyer=buyer, reason=reason, now=clock.now())
    whole = [group_phone(number) if name == "phone" else number for name, number in sorted(found.items(), reverse=True)]
    return _page("shown", buyer.customer_name, " · ".join(whole), url, back)


def _numbers(buyer: DealBuyer) -> tuple[tuple[Callable[[str], str], str | None], ...]:
    return (mask_phone, buyer.phone), (mask_id_number, buyer.id_number)


def _page(step: str, name: str, phone: str, url: str, back: str) -> str:
    template = f"reveals/_{step}.html" if wants_fragment() else f"reveals/{step}.html"
    return render_template(template, url=url, back=back, name=name, phone=phone, reveal_reasons=REASONS)
