"""A site's registrations: the list with its search, and one registration with everything the company knows of it."""

from __future__ import annotations

from typing import Any

from flask import abort, g, render_template, request
from flask.typing import ResponseReturnValue

from portal import listing
from portal.access import Permission, may_in, requires
from portal.addresses import sealed_words
from portal.blueprints.site import bp
from portal.blueprints.site.scope import my_project, my_projects
from portal.edge import me, or_404
from portal.models import Project, Registration
from portal.queries import customer_visits, site_registrations, visits
from portal.queries.registration_lists import Wanted
from portal.services.offers import extension_of
from portal.wording import page_now
from portal.wording.registration_pages import known_of
from portal.wording.site_registrations import STATES, actions


@bp.get("/registrations")
@requires(Permission.SEE_SITE_REGISTRATIONS)
def list_registrations() -> ResponseReturnValue:
    """The project's registrations, soonest end first; the address is the filter."""
    project, now = my_project(Permission.SEE_SITE_REGISTRATIONS), page_now()
    wanted = _wanted(project)
    found = listing.registrations(wanted, now)
    return render_template("site/registrations/list.html", project=project, **found, **_filters(wanted))


def _filters(wanted: Wanted) -> dict[str, Any]:
    return {
        "wanted": wanted,
        "states": STATES,
        "projects": my_projects(Permission.SEE_SITE_REGISTRATIONS),
        "kept": listing.kept("s", "state", "project"),
    }


def _wanted(project: Project) -> Wanted:
    state = request.args.get("state", "all")
    return Wanted(state=state if state in STATES else abort(404), words=sealed_words(), project_id=project.id)


@bp.get("/registrations/<ref:reference>")
@requires(Permission.SEE_SITE_REGISTRATIONS)
def show_registration(reference: str) -> ResponseReturnValue:
    """One registration: its flow, time line, facts, ranks, decisions, corrections and whole history."""
    registration = or_404(site_registrations.find(reference, me(), Permission.SEE_SITE_REGISTRATIONS))
    g.zone = registration.project.zone
    return render_template("site/registrations/show.html", registration=registration, **_values(registration))


def _values(registration: Registration) -> dict[str, Any]:
    now, extension = page_now(), extension_of(registration)
    visit = customer_visits.latest_of([registration]).get(registration.id)
    return {
        "visits": visits.rows(visits.of_registration(registration), now),
        **known_of(registration, visit, extension, now),
        "acts": actions(registration, visit, extension, now, _may(registration)),
    }


def _may(registration: Registration) -> frozenset[Permission]:
    return frozenset(one for one in Permission if may_in(me(), one, registration.project_id))
