"""A distributor's customers: the list and its search, one customer with everything about it, the number behind the mask."""

from __future__ import annotations

from typing import Any

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import listing
from portal.access import Permission, requires
from portal.addresses import sealed_words
from portal.blueprints.distributor import bp
from portal.blueprints.distributor.scope import open_projects, registration_or_404
from portal.edge import me
from portal.models import Registration
from portal.papers import pdf
from portal.queries import corrections, customer_visits, documents, trails
from portal.queries.registration_counts import count_states
from portal.queries.registration_lists import STATES, Wanted, brokers_of
from portal.revealing import reveal_phone
from portal.services.claim_offers import claim_offers
from portal.services.offers import extension_of, offers_for
from portal.wording import page_now
from portal.wording.claims import with_claims
from portal.wording.customers import actions, documents_of, facts_of, line_of
from portal.wording.standings import shown
from portal.wording.trails import told


@bp.get("/customers")
@requires(Permission.SEE_OWN_REGISTRATIONS)
def list_registrations() -> ResponseReturnValue:
    """The customers, soonest end first; the address is the filter."""
    wanted, now = _wanted(), page_now()
    return render_template(
        "distributor/registrations/list.html",
        counts=count_states(me(), wanted, now),
        **listing.registrations(wanted, now),
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
    return reveal_phone(registration_or_404(reference), back=url_for(".show_registration", reference=reference))


@bp.get("/customers/<ref:reference>/visit-slip.pdf")
@requires(Permission.SEE_OWN_REGISTRATIONS)
def download_visit_slip(reference: str) -> ResponseReturnValue:
    """The signed visit slip (带客确认单) of the first visit."""
    registration = registration_or_404(reference)
    visit = customer_visits.latest_of([registration]).get(registration.id)
    return pdf(documents.of_subject("visit_slip", visit.id) if visit else None)


@bp.get("/customers/<ref:reference>/extension.pdf")
@requires(Permission.SEE_OWN_REGISTRATIONS)
def download_approval(reference: str) -> ResponseReturnValue:
    """The approval of the extension (延期批复)."""
    extension = extension_of(registration_or_404(reference))
    return pdf(documents.of_subject("extension_approval", extension.id) if extension else None)


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
        "not_excused": customer_visits.not_excused(registration),
        "corrections": corrections.shown_to_distributor(registration),
        "papers": documents_of(registration, visit, extension),
        "acts": with_claims(
            actions(registration, offers_for(registration, now), standing),
            claim_offers(registration, me(), now),
            me().roles,
            now,
        ),
        "trail": told(trails.trail_of(registration), registration.project.zone),
        "sealed_until": trails.sealed_until(registration),
    }


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
    kept = listing.kept("s", "project", "broker", "state")
    return {"wanted": wanted, "kept": kept, "projects": open_projects(), "brokers": _brokers()}
