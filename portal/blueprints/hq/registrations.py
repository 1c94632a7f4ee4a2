"""Every registration of every project, to read: the list with its search, and one with everything the company knows."""

from __future__ import annotations

from typing import Any

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import listing
from portal.access import Permission, may, requires
from portal.addresses import sealed_words
from portal.blueprints.hq import bp
from portal.blueprints.hq.scope import registration_or_404
from portal.edge import me, or_404
from portal.models import Extension, Registration, Visit
from portal.papers import pdf
from portal.queries import customer_visits, distributors, documents, projects, ranks
from portal.queries.registration_lists import Wanted
from portal.revealing import reveal_phone
from portal.services.offers import extension_of
from portal.wording import page_now
from portal.wording.document_kinds import KINDS
from portal.wording.registration_pages import known_of
from portal.wording.site_registrations import STATES
from portal.wording.trails import FIELD_WORDS


@bp.get("/registrations")
@requires(Permission.SEE_ALL_REGISTRATIONS)
def list_registrations() -> ResponseReturnValue:
    """Everything filed, soonest end first, with ranks; the address is the filter."""
    wanted, now = _wanted(), page_now()
    found = listing.registrations(wanted, now)
    places = ranks.places_of(found["page"].rows, now)
    return render_template("hq/registrations/list.html", places=places, **found, **_filters(wanted))


@bp.get("/registrations/<ref:reference>")
@requires(Permission.SEE_ALL_REGISTRATIONS)
def show_registration(reference: str) -> ResponseReturnValue:
    """One registration: time line, facts, ranks, decisions, corrections, papers, the whole history."""
    registration = registration_or_404(reference)
    return render_template("hq/registrations/show.html", registration=registration, **_values(registration))


@bp.post("/registrations/<ref:reference>/reveal")
@requires(Permission.SEE_ALL_REGISTRATIONS)
def reveal_registration(reference: str) -> ResponseReturnValue:
    """Ask for a reason; with one, show the whole number for this answer and put it on record (GD-13)."""
    registration = registration_or_404(reference)
    if not may(me(), Permission.REVEAL_PERSONAL_DATA):
        abort(403)
    return reveal_phone(registration, back=url_for(".show_registration", reference=reference))


@bp.get("/registrations/<ref:reference>/<any(filing_slip, visit_slip, extension_approval):kind>.pdf")
@requires(Permission.SEE_ALL_REGISTRATIONS)
def download_paper(reference: str, kind: str) -> ResponseReturnValue:
    """A printed document of the registration."""
    registration = registration_or_404(reference)
    visit = customer_visits.latest_of([registration]).get(registration.id)
    subjects = dict(_subjects(registration, visit, extension_of(registration)))
    return pdf(documents.of_subject(kind, or_404(subjects.get(kind))))


def _wanted() -> Wanted:
    state = request.args.get("state", "all")
    project = projects.project(request.args.get("project", ""))
    distributor = distributors.distributor(request.args.get("distributor", ""))
    return Wanted(
        state=state if state in STATES else abort(404),
        words=sealed_words(),
        project_id=project.id if project else None,
        distributor_id=distributor.id if distributor else None,
    )


def _filters(wanted: Wanted) -> dict[str, Any]:
    kept = listing.kept("s", "project", "distributor", "state")
    only = distributors.distributor(kept["distributor"]) if wanted.distributor_id else None
    return {"wanted": wanted, "kept": kept, "only": only, "projects": projects.projects(), "states": STATES}


def _values(registration: Registration) -> dict[str, Any]:
    now, extension = page_now(), extension_of(registration)
    visit = customer_visits.latest_of([registration]).get(registration.id)
    subjects = _subjects(registration, visit, extension)
    papers = [(kind, documents.of_subject(kind, number)) for kind, number in subjects]
    return {
        **known_of(registration, visit, extension, now),
        "field_words": FIELD_WORDS,
        "papers": [(kind, KINDS[kind], paper) for kind, paper in papers if paper],
    }


def _subjects(registration: Registration, visit: Visit | None, extension: Extension | None) -> list[tuple[str, int]]:
    """What documents of the registration are about."""
    found = [("filing_slip", registration), ("visit_slip", visit), ("extension_approval", extension)]
    return [(kind, subject.id) for kind, subject in found if subject is not None]
