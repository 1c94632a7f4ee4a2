"""Every registration of every project, to read: the list with its search, and one with everything the company knows."""

from __future__ import annotations

from typing import Any

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import clock
from portal.access import Permission, may, requires
from portal.addresses import sealed_words
from portal.blueprints.hq import bp
from portal.blueprints.hq.scope import me, or_404, pdf, registration_or_404
from portal.htmx import wants_fragment
from portal.models import Registration
from portal.queries import audits, customer_visits, distributors, documents, projects, ranks, site_registrations, trails
from portal.queries.registration_lists import UnknownKey, Wanted, page_of
from portal.services.offers import extension_of
from portal.services.reveals import reveal_registration as reveal
from portal.transaction import transaction
from portal.wording import page_now
from portal.wording.customers import facts_of, line_of
from portal.wording.document_kinds import KINDS
from portal.wording.reveals import REASONS
from portal.wording.site_registrations import STATES, told
from portal.wording.standings import shown
from portal.wording.trails import FIELD_WORDS


@bp.get("/registrations")
@requires(Permission.SEE_ALL_REGISTRATIONS)
def list_registrations() -> ResponseReturnValue:
    """Everything filed, soonest end first, with ranks; the address is the filter."""
    wanted, now = _wanted(), page_now()
    try:
        page = page_of(me(), wanted, now, after=request.args.get("after"), before=request.args.get("before"))
    except UnknownKey:
        abort(404)
    visits = customer_visits.latest_of(page.rows)
    return render_template(
        "hq/registrations/list.html",
        rows=[(row, shown(row, visits.get(row.id), now)) for row in page.rows],
        places=ranks.places_of(page.rows, now),
        page=page,
        **_filters(wanted),
    )


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
    reason = request.form.get("reason", "")
    if reason not in REASONS:
        return _reveal_page("ask", registration, registration.phone), 422
    with transaction():
        found = reveal(actor=me(), registration=registration, fields=("phone",), reason=reason, now=clock.now())
    return _reveal_page("shown", registration, found["phone"])


@bp.get("/registrations/<ref:reference>/<any(filing_slip, visit_slip, extension_approval):kind>.pdf")
@requires(Permission.SEE_ALL_REGISTRATIONS)
def download_paper(reference: str, kind: str) -> ResponseReturnValue:
    """A printed document of the registration."""
    subjects = dict(_subjects(registration_or_404(reference)))
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
    names = ("s", "project", "distributor", "state")
    kept = {name: request.args[name] for name in names if request.args.get(name)}
    return {"wanted": wanted, "kept": kept, "projects": projects.projects(), "states": STATES}


def _values(registration: Registration) -> dict[str, Any]:
    now, extension = page_now(), extension_of(registration)
    visit = customer_visits.latest_of([registration]).get(registration.id)
    papers = [(kind, documents.of_subject(kind, number)) for kind, number in _subjects(registration)]
    return {
        "standing": shown(registration, visit, now),
        "extension": extension,
        "line": line_of(registration, extension, now),
        "facts": facts_of(registration, visit),
        "rivals": audits.rivals_of(registration, now),
        "decisions": site_registrations.classifications_of(registration),
        "corrections": site_registrations.corrections_of(registration),
        "field_words": FIELD_WORDS,
        "papers": [(kind, KINDS[kind], paper) for kind, paper in papers if paper],
        "trail": told(site_registrations.history_of(registration), registration.project.zone),
        "sealed_until": trails.sealed_until(registration),
    }


def _subjects(registration: Registration) -> list[tuple[str, int]]:
    """What documents of the registration are about."""
    visit = customer_visits.latest_of([registration]).get(registration.id)
    extension = extension_of(registration)
    found = [("filing_slip", registration), ("visit_slip", visit), ("extension_approval", extension)]
    return [(kind, subject.id) for kind, subject in found if subject is not None]


def _reveal_page(step: str, registration: Registration, phone: str) -> str:
    name = f"reveals/_{step}.html" if wants_fragment() else f"reveals/{step}.html"
    url = url_for(".reveal_registration", reference=registration.reference)
    back = url_for(".show_registration", reference=registration.reference)
    return render_template(
        name, name=registration.customer_name, phone=phone, url=url, back=back, reveal_reasons=REASONS
    )
