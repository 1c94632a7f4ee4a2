"""Market research of each quarter and the report of each half year (CM-2.1, CM-7.3)."""

from __future__ import annotations

from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from portal.access import Permission, requires
from portal.blueprints.hq import bp
from portal.edge import or_404
from portal.forms.care_tasks import FORMS
from portal.models import CareTask
from portal.queries import care_tasks as found
from portal.services import care_tasks
from portal.steps import take_step
from portal.wording import page_now
from portal.wording.care_tasks import WORDS, figure_rows, rows_of


@bp.get("/care/tasks")
@requires(Permission.SEE_CARE)
def list_care_tasks() -> ResponseReturnValue:
    """What is open, the soonest due first, then what is done."""
    return render_template("hq/care_tasks/list.html", rows=rows_of(found.page(), page_now()))


@bp.get("/care/tasks/<ref:reference>")
@requires(Permission.SEE_CARE)
def show_care_task(reference: str) -> ResponseReturnValue:
    """One research or report: the figures of its period, what was found, what follows."""
    return _page(_task(reference))


@bp.post("/care/tasks/<ref:reference>")
@requires(Permission.KEEP_CARE)
def finish_care_task(reference: str) -> ResponseReturnValue:
    """Put on record what was found, and of a report what follows."""
    task = _task(reference)
    form = FORMS[task.kind]()
    there = url_for(".show_care_task", reference=reference)
    return take_step(form, care_tasks.finish, page=lambda: _page(_task(reference), form), where=there, task=task)


def _task(reference: str) -> CareTask:
    return or_404(found.find(reference))


def _page(task: CareTask, sent: Any = None) -> str:
    figures = figure_rows(found.figures_of(task))
    form = sent or FORMS[task.kind]()
    return render_template("hq/care_tasks/show.html", task=task, figures=figures, form=form, sent=sent, **WORDS)
