"""Customers on the company's own record: entered before anything about filings is shown, answered always alike (RE-Q29)."""

from __future__ import annotations

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import htmx
from portal.access import Permission, requires
from portal.blueprints.site import bp
from portal.blueprints.site.scope import my_project, my_projects
from portal.edge import carry_out, me, say, status_of
from portal.forms.walk_ins import SOURCES, WalkInForm
from portal.queries import arrivals
from portal.services import records
from portal.wording import page_now


@bp.route("/walk-ins", methods=["GET", "POST"])
@requires(Permission.RECORD_WALK_IN)
def record_walk_in() -> ResponseReturnValue:
    """Ask for the customer and write the record; whoever enters it learns nothing of filings."""
    project = my_project(Permission.RECORD_WALK_IN)
    form = WalkInForm()
    if carry_out(form, records.record_customer, actor=me(), project=project) is not None:
        say(_("客户已登记。"), _("到访时间以保存时刻为准，不能修改。"))
        return htmx.go(url_for(".record_walk_in", project=project.code))
    return render_template(
        "site/walk_ins/page.html",
        form=form,
        project=project,
        projects=my_projects(Permission.RECORD_WALK_IN),
        sources=SOURCES,
        entered=arrivals.walk_ins_today(project, page_now()),
    ), status_of(form)
