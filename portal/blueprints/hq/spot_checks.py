"""Spot checks (抽查) of past deals: drawn, asked about, reported (RE-4.6, RE-4.7)."""

from __future__ import annotations

from flask import Response, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import htmx
from portal.access import Permission, may, requires
from portal.addresses import page_reference
from portal.blueprints.hq import bp
from portal.edge import carry_out, create, me, or_404, say, status_of
from portal.forms.spot_checks import AnswerForm, ConclusionForm, DrawForm
from portal.models import SpotCheck
from portal.queries import distributors, findings
from portal.queries import spot_checks as found
from portal.services import spot_checks
from portal.wording.spot_checks import list_rows, look_of, report_of, show_values


@bp.get("/spot-checks")
@requires(Permission.SEE_SPOT_CHECKS)
def list_spot_checks() -> ResponseReturnValue:
    """The checks, the newest first, with how many deals have no answer yet."""
    page = found.page_of(page_reference("after"))
    return render_template(
        "hq/spot_checks/list.html", page=page, rows=list_rows(page.checks, found.waiting_in(page.checks))
    )


@bp.route("/spot-checks/new", methods=["GET", "POST"])
@requires(Permission.RUN_SPOT_CHECKS)
def draw_spot_check() -> ResponseReturnValue:
    """Ask which deals to draw from, and draw."""
    form = DrawForm().offer(findings.projects(None), distributors.everybody())
    return create(
        "hq/spot_checks/new.html",
        form,
        spot_checks.draw_sample,
        said=(_("已抽取。"), _("种子和次序都已记录，可以复算。")),
        where=lambda made: url_for(".show_spot_check", reference=made.reference),
    )


@bp.get("/spot-checks/<ref:reference>")
@requires(Permission.SEE_SPOT_CHECKS)
def show_spot_check(reference: str) -> ResponseReturnValue:
    """The sample, deal by deal, and the report."""
    return _page(_check(reference), ConclusionForm())


@bp.post("/spot-checks/<ref:reference>/conclusion")
@requires(Permission.RUN_SPOT_CHECKS)
def close_spot_check(reference: str) -> ResponseReturnValue:
    """Close it with its conclusion."""
    check, form = _check(reference), ConclusionForm()
    if carry_out(form, spot_checks.close, actor=me(), check=check) is None:
        return _page(_check(reference), form), status_of(form)
    say(_("已出报告。"), _("抽查结束，问答和结论不再更改。"))
    return htmx.go(url_for(".show_spot_check", reference=reference))


@bp.route("/spot-checks/<ref:reference>/deals/<id:line_id>", methods=["GET", "POST"])
@requires(Permission.RUN_SPOT_CHECKS)
def ask_customer(reference: str, line_id: int) -> ResponseReturnValue:
    """One deal of the sample: what was asked and said so far, and the next time."""
    check, form = _check(reference), AnswerForm()
    line = or_404(found.line_of(check, line_id))
    if carry_out(form, spot_checks.note_answer, actor=me(), check=check, line=line) is None:
        shown = show_values(check, runs=True) | {"line": line, "look": look_of(line), "form": form}
        return render_template("hq/spot_checks/deal.html", **shown), status_of(form)
    say(_("回答已记录。"), _("首答以第一次为准，之后的回答只作记录。"))
    return htmx.go(url_for(".show_spot_check", reference=reference))


@bp.get("/spot-checks/<ref:reference>/report.csv")
@requires(Permission.SEE_SPOT_CHECKS)
def download_spot_check(reference: str) -> ResponseReturnValue:
    """The sample with every answer, as a table for spreadsheets."""
    headers = {"Content-Disposition": f'attachment; filename="{reference}.csv"'}
    return Response(report_of(_check(reference)), mimetype="text/csv", headers=headers)


def _check(reference: str) -> SpotCheck:
    return or_404(found.find(reference))


def _page(check: SpotCheck, form: ConclusionForm) -> str:
    return render_template(
        "hq/spot_checks/show.html", **show_values(check, runs=may(me(), Permission.RUN_SPOT_CHECKS)), form=form
    )
