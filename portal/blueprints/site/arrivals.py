"""The front desk: the board of the day, finding a filing, registering that its customer has come (RE-3.2)."""

from __future__ import annotations

from collections.abc import Sequence

from flask import g, render_template, url_for
from flask.typing import ResponseReturnValue

from portal import htmx
from portal.access import Permission, requires
from portal.blueprints.site import bp
from portal.blueprints.site.scope import my_project, my_projects
from portal.edge import carry_out, me, or_404, status_of
from portal.forms.arrivals import ArrivalForm, FindForm, UnfiledArrivalForm, new_key
from portal.models import Project, Registration
from portal.queries import arrivals
from portal.services import reception
from portal.wording import page_now
from portal.wording.desk_questions import desk_question
from portal.wording.visits import desk_look, is_open_now, refresh_words


@bp.get("/arrivals")
@requires(Permission.SEE_SITE_BOARD)
def show_arrivals() -> ResponseReturnValue:
    """The board of today; htmx and the poller get the board alone."""
    project = my_project(Permission.SEE_SITE_BOARD)
    now = page_now()
    return htmx.render(
        "site/arrivals/page.html",
        "site/arrivals/_board.html",
        project=project,
        projects=my_projects(Permission.SEE_SITE_BOARD),
        board=arrivals.board(project, now),
        polls=is_open_now(project, now),
        refreshes=refresh_words(project, now),
        desk_look=desk_look,
        new_key=new_key,
        form=FindForm(formdata=None),
    )


@bp.post("/arrivals/find")
@requires(Permission.REGISTER_ARRIVAL)
def find_filing() -> ResponseReturnValue:
    """The filings that fit what was scanned or typed. A POST: names and numbers have no place in an address."""
    project = my_project(Permission.REGISTER_ARRIVAL)
    form = FindForm()
    found = arrivals.find_filings(project, form.q.data, page_now()) if form.validate_on_submit() else []
    return _found(project, form, found), 422 if form.errors else 200


@bp.post("/filings/<ref:reference>/arrivals")
@requires(Permission.REGISTER_ARRIVAL)
def register_arrival(reference: str) -> ResponseReturnValue:
    """Register the arrival; the page of the visit says what it came out as. One late or over is asked about first."""
    registration = or_404(arrivals.find_filing(reference, me()))
    form = ArrivalForm()
    found = carry_out(form, reception.receive_customer, actor=me(), registration=registration)
    if found is None:
        return _found(registration.project, form, [registration]), status_of(form)
    if isinstance(found, reception.Question):
        return _ask("site/arrivals/ask.html", form, found)
    return htmx.go(url_for(".show_visit", reference=found.reference))


@bp.route("/arrivals/unfiled", methods=["GET", "POST"])
@requires(Permission.REGISTER_ARRIVAL)
def register_unfiled_arrival() -> ResponseReturnValue:
    """A broker brings a customer and names no filing: the running one of the distributor counts, else none (RE-F7)."""
    project = my_project(Permission.REGISTER_ARRIVAL)
    form = UnfiledArrivalForm()
    form.offer(arrivals.distributors())
    found = carry_out(form, reception.receive_unfiled_customer, actor=me(), project=project)
    if found is None:
        return render_template("site/arrivals/unfiled.html", form=form, project=project), status_of(form)
    if isinstance(found, reception.Question):
        return _ask("site/arrivals/unfiled.html", form, found)
    return htmx.go(url_for(".show_visit", reference=found.reference))


def _ask(template: str, form: ArrivalForm | UnfiledArrivalForm, asked: reception.Question) -> ResponseReturnValue:
    """The form once more with what is to be known before the arrival is registered; sent again it is confirmed."""
    project = asked.registration.project
    g.zone, form.confirmed.data = project.zone, asked.mark
    page = {"asked": asked, "said": desk_question(asked)}
    return render_template(template, form=form, project=project, **page), 409


def _found(project: Project, form: FindForm | ArrivalForm, found: Sequence[Registration]) -> str:
    return render_template(
        "site/arrivals/found.html", project=project, form=form, found=found, desk_look=desk_look, new_key=new_key
    )
