"""Importing deals from the developer's sales system: every row is answered, the answers can be kept as a file."""

from __future__ import annotations

from typing import Any

from flask import Response, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import htmx, importing
from portal.access import Permission, requires
from portal.blueprints.site import bp
from portal.blueprints.site.scope import my_project, my_projects
from portal.edge import carry_out, me, or_404, status_of
from portal.forms.deal_imports import ImportForm
from portal.models import ImportBatch
from portal.queries import imports
from portal.services import deal_imports
from portal.wording.imports import LOOKS, STATES, answers_file, columns_told, template_file, why

_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.route("/deals/import", methods=["GET", "POST"])
@requires(Permission.RECORD_DEAL)
def import_deals() -> ResponseReturnValue:
    """Take a file. A small one is worked off at once, a longer one by the worker."""
    project = my_project(Permission.RECORD_DEAL)
    form = ImportForm()
    batch = carry_out(form, deal_imports.accept_file, actor=me(), project=project)
    if batch is not None:
        if batch.total <= deal_imports.SMALL:
            importing.run(batch.id)
        return htmx.go(url_for(".show_import", reference=batch.reference))
    page: dict[str, Any] = {"columns": columns_told(), "latest": imports.latest(project.id)}
    page |= {"project": project, "projects": my_projects(Permission.RECORD_DEAL)}
    return render_template("site/imports/form.html", form=form, **page), status_of(form)


@bp.get("/deals/import/template.xlsx")
@requires(Permission.RECORD_DEAL)
def download_import_template() -> ResponseReturnValue:
    """The file to fill in, headings in the reader's language."""
    headers = {"Content-Disposition": 'attachment; filename="deals.xlsx"'}
    return Response(template_file(), mimetype=_WORKBOOK, headers=headers)


@bp.get("/imports/<ref:reference>")
@requires(Permission.RECORD_DEAL)
def show_import(reference: str) -> ResponseReturnValue:
    """How far the import is, and the answers row by row; the page asks again until all are there."""
    batch = _batch(reference)
    state = request.args.get("state")
    shown = state if state in STATES else None
    values: dict[str, Any] = {"batch": batch, "progress": imports.progress_of(batch), "state": shown, "states": STATES}
    values |= {"answers": list(imports.answers_of(batch, state=shown)), "looks": LOOKS, "why": why}
    return htmx.render("site/imports/show.html", "site/imports/_answers.html", **values)


@bp.get("/imports/<ref:reference>/answers.csv")
@requires(Permission.RECORD_DEAL)
def download_import_answers(reference: str) -> ResponseReturnValue:
    """Every row with its answer, as a table for spreadsheets."""
    content = answers_file(imports.answers_of(_batch(reference), most=None))
    headers = {"Content-Disposition": f'attachment; filename="{reference}.csv"'}
    return Response(content, mimetype="text/csv", headers=headers)


def _batch(reference: str) -> ImportBatch:
    batch = or_404(imports.find(reference, me(), Permission.RECORD_DEAL))
    g.zone = batch.project.zone
    return batch
