"""The end of a site's day (日终归档): what came, what was finished, what was left open and whose turn it is (RE-3.7)."""

from __future__ import annotations

from datetime import date

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from portal.access import Permission, requires
from portal.blueprints.site import bp
from portal.blueprints.site.scope import my_project, my_projects
from portal.queries import archive
from portal.wording import page_now


@bp.get("/archive")
@requires(Permission.SEE_SITE_BOARD)
def show_archive() -> ResponseReturnValue:
    """One day of a project, today unless ``day`` names another; made to be printed."""
    project = my_project(Permission.SEE_SITE_BOARD)
    today = archive.today(project, page_now())
    day = _day(today)
    return render_template(
        "site/archive/page.html",
        project=project,
        projects=my_projects(Permission.SEE_SITE_BOARD),
        day=day,
        today=today,
        found=archive.day_of(project, day, page_now()),
    )


def _day(today: date) -> date:
    typed = request.args.get("day", "")
    try:
        day = date.fromisoformat(typed) if typed else today
    except ValueError:
        abort(404)
    return day if date(2020, 1, 1) <= day <= today else abort(404)
