"""A distributor's customers: the list and its search, one customer with everything about it, the number behind the mask."""

from __future__ import annotations

from typing import Any

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import clock
from portal.access import Permission, requires
from portal.addresses import sealed_words
from portal.blueprints.distributor import bp
from portal.blueprints.distributor.filings import pdf
from portal.blueprints.distributor.scope import me, open_projects, own_number, registration_or_404
from portal.htmx import wants_fragment
from portal.models import Registration
from portal.queries import corrections, customer_visits, trails
from portal.queries.registration_counts import count_states
from portal.queries.registration_lists import STATES, UnknownKey, Wanted, brokers_of, page_of
from portal.rules.masking import group_phone, mask_phone
from portal.services.offers import extension_of, offers_for
from portal.services.reveals import reveal_registration as reveal
from portal.transaction import transaction
from portal.wording import page_now
from portal.wording.customers import actions, documents_of, facts_of, line_of
from portal.wording.reveals import REASONS
from portal.wording.standings import shown
from portal.wording.trails import told


@bp.get("/customers")
@requires(Permission.SEE_OWN_REGISTRATIONS)
def list_registrations() -> ResponseReturnValue:
    """The customers, soonest end first; the address is the filter."""
    wanted, now = _wanted(), page_now()
    try:
        page = page_of(me(), wanted, now, after=own_number("after"), before=own_number("before"))
    except UnknownKey:
        abort(404)
    visits = customer_visits.latest_of(page.rows)
    return render_template(
        "distributor/registrations/list.html",
        rows=[(row, shown(row, visits.get(row.id), now)) for row in page.rows],
        page=page,
        counts=count_states(me(), wanted, now),
        **_filters(wanted),
    )


@bp.get("/customers/<ref:reference>")
@requires(Permission.SEE_OWN_REGISTRATIONS)
def show_registration(reference: str) -> ResponseReturnValue:
    """One customer: how long it is protected, what was filed, what can be done now and what cannot, its history."""
    registration = registration_or_404(reference)
    return render_template("distributor/registrations/show.html", **_page_of(registration))


@bp.post("/customers/<ref:reference>/reveal")
@requires(Permission.SEE_OWN_REGISTRATIONS)
def reveal_registration(reference: str) -> ResponseReturnValue:
    """Ask for a reason; with one, show the whole number for this answer and put it on record (GD-13)."""
    registration = registration_or_404(reference)
    reason = request.form.get("reason", "")
    if reason not in REASONS:
        return _reveal_page("ask", registration, mask_phone(registration.phone)), 422
    with transaction():
        found = reveal(actor=me(), registration=registration, fields=("phone",), reason=reason, now=clock.now())
    return _reveal_page("shown", registration, group_phone(found["phone"]))


@bp.get("/customers/<ref:reference>/visit-slip.pdf")
@requires(Permission.SEE_OWN_REGISTRATIONS)
def download_visit_slip(reference: str) -> ResponseReturnValue:
    """The signed visit slip (带客确认单) of the first visit."""
    registration = registration_or_404(reference)
    visit = customer_visits.latest_of([registration]).get(registration.id)
    return pdf("visit_slip", visit.id if visit else 0)


@bp.get("/customers/<ref:reference>/extension.pdf")
@requires(Permission.SEE_OWN_REGISTRATIONS)
def download_approval(reference: str) -> ResponseReturnValue:
    """The approval of the extension (延期批复)."""
    extension = extension_of(registration_or_404(reference))
    return pdf("extension_approval", extension.id if extension else 0)


def _page_of(registration: Registration) -> dict[str, Any]:
    now = page_now()
    visit = customer_visits.latest_of([registration]).get(registration.id)
    extension = extension_of(registration)
    standing = shown(registration, visit, now)
    return {
        "registration": registration,
        "standing": standing,
        "extension": extension,
        "line": line_of(registration, extension, now),
        "facts": facts_of(registration, visit),
        "corrections": corrections.shown_to_distributor(registration),
        "papers": documents_of(registration, visit, extension),
        "acts": actions(registration, offers_for(registration, now), standing),
        "trail": told(trails.trail_of(registration), registration.project.zone),
        "sealed_until": trails.sealed_until(registration),
    }


def _reveal_page(step: str, registration: Registration, phone: str) -> str:
    name = f"reveals/_{step}.html" if wants_fragment() else f"reveals/{step}.html"
    url = url_for(".reveal_registration", reference=registration.reference)
    back = url_for(".show_registration", reference=registration.reference)
    return render_template(
        name, name=registration.customer_name, phone=phone, url=url, back=back, reveal_reasons=REASONS
    )


def _wanted() -> Wanted:
    state = request.args.get("state", "all")
    project = next((found for found in open_projects() if found.code == request.args.get("project")), None)
    broker = next((found for found in _brokers() if found.login == request.args.get("broker")), None)
    return Wanted(
        state=state if state in STATES else abort(404),
        words=sealed_words(),
        project_id=project.id if project else None,
        broker_id=broker.id if broker else None,
    )


def _brokers() -> Any:
    return brokers_of(me()) if "owner" in me().roles else ()


def _filters(wanted: Wanted) -> dict[str, Any]:
    """What the filter bar shows, and the arguments that every link of the list keeps."""
    kept = {name: request.args[name] for name in ("s", "project", "broker", "state") if request.args.get(name)}
    return {"wanted": wanted, "kept": kept, "projects": open_projects(), "brokers": _brokers()}
