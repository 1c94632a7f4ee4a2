"""A site's registrations: the list with its search, and one registration with everything the company knows of it."""

from __future__ import annotations

from typing import Any

from flask import abort, g, render_template, request
from flask.typing import ResponseReturnValue

from portal.access import Permission, may_in, requires
from portal.addresses import sealed_words
from portal.blueprints.site import bp
from portal.blueprints.site.scope import me, my_project, my_projects, or_404
from portal.models import Project, Registration
from portal.queries import audits, customer_visits, site_registrations, trails, visits
from portal.queries.registration_lists import UnknownKey, Wanted, page_of
from portal.services.offers import extension_of
from portal.wording import page_now
from portal.wording.customers import facts_of, line_of
from portal.wording.site_registrations import STATES, actions, told
from portal.wording.standings import shown


@bp.get("/registrations")
@requires(Permission.SEE_SITE_REGISTRATIONS)
def list_registrations() -> ResponseReturnValue:
    """The project's registrations, soonest end first; the address is the filter."""
    project, now = my_project(Permission.SEE_SITE_REGISTRATIONS), page_now()
    wanted = _wanted(project)
    try:
        page = page_of(me(), wanted, now, after=request.args.get("after"), before=request.args.get("before"))
    except UnknownKey:
        abort(404)
    latest = customer_visits.latest_of(page.rows)
    return render_template(
        "site/registrations/list.html",
        rows=[(row, shown(row, latest.get(row.id), now)) for row in page.rows],
        page=page,
        project=project,
        **_filters(wanted),
    )


def _filters(wanted: Wanted) -> dict[str, Any]:
    kept = {name: request.args[name] for name in ("s", "state", "project") if request.args.get(name)}
    return {
        "wanted": wanted,
        "states": STATES,
        "projects": my_projects(Permission.SEE_SITE_REGISTRATIONS),
        "kept": kept,
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
    history = site_registrations.history_of(registration)
    return {
        "visits": visits.rows(visits.of_registration(registration), now),
        "standing": shown(registration, visit, now),
        "extension": extension,
        "line": line_of(registration, extension, now),
        "facts": facts_of(registration, visit),
        "rivals": audits.rivals_of(registration, now),
        "decisions": site_registrations.classifications_of(registration),
        "corrections": site_registrations.corrections_of(registration),
        "acts": actions(registration, visit, extension, now, _may(registration)),
        "trail": told(history, registration.project.zone),
        "sealed_until": trails.sealed_until(registration),
    }


def _may(registration: Registration) -> frozenset[Permission]:
    return frozenset(one for one in Permission if may_in(me(), one, registration.project_id))
