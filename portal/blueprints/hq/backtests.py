"""Headquarters tries a policy on what really happened: ask, watch, stop, read what would be different, take it along."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Response, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import htmx
from portal.access import Permission, may, requires
from portal.addresses import page_reference
from portal.blueprints.hq import bp
from portal.edge import carry_out, me, or_404, say, status_of
from portal.forms.backtests import WRITTEN, BacktestForm, as_text
from portal.models import Backtest
from portal.queries import backtests, policies, projects
from portal.services import backtest_runs
from portal.transaction import transaction
from portal.wording import page_now
from portal.wording.backtest_pages import SHEETS, SHOWN, called, changes_of, draft_name, findings_of, sheet_of
from portal.wording.policies import title_of
from portal.wording.policy_values import differences
from portal.wording.times import PORTAL_ZONE, in_zone

#: A quarter, as people usually look back.
_USUAL = timedelta(days=90)


@bp.get("/backtests")
@requires(Permission.SEE_BACKTESTS)
def list_backtests() -> ResponseReturnValue:
    """One's own runs, or everybody's; those who cannot ask for one see everybody's."""
    everybody = "all" in request.args or not may(me(), Permission.BACKTEST_POLICY)
    page = backtests.runs(asked_by=None if everybody else me(), after=page_reference("after"))
    return render_template("hq/backtests/list.html", page=page, everybody=everybody, called=called)


@bp.route("/backtests/new", methods=["GET", "POST"])
@requires(Permission.BACKTEST_POLICY)
def try_policy() -> ResponseReturnValue:
    """Ask for project, days and policy; then the worker does the rest."""
    form = _form()
    run = carry_out(form, backtest_runs.ask_backtest, actor=me())
    if run is None:
        return render_template("hq/backtests/new.html", form=form), status_of(form)
    return htmx.go(url_for(".show_backtest", reference=run.reference))


def ask_about(document: dict[str, Any], code: str) -> str:
    """The page that asks for a back-test, filled with a draft of the regime ``code``; nothing is kept yet."""
    form = _form(fresh=True, source=WRITTEN, text=as_text(document), name=draft_name(code))
    return render_template("hq/backtests/new.html", form=form)


@bp.get("/backtests/<ref:reference>")
@requires(Permission.SEE_BACKTESTS)
def show_backtest(reference: str) -> ResponseReturnValue:
    """How far the run is, or what would be different. The page asks again by itself until the run is over."""
    run = _run(reference)
    if htmx.wants_fragment() and not run.is_open:
        return htmx.go(url_for(".show_backtest", reference=reference))
    return htmx.render("hq/backtests/show.html", "hq/backtests/_progress.html", **_page(run))


@bp.post("/backtests/<ref:reference>/stop")
@requires(Permission.BACKTEST_POLICY)
def stop_backtest(reference: str) -> ResponseReturnValue:
    """Stop a run of one's own; another's is not there to be stopped."""
    run = _run(reference)
    or_404(run if run.asked_by_id == me().id else None)
    with transaction():
        stopped = backtest_runs.stop_backtest(actor=me(), backtest=run)
    say(_("已停止试算。") if stopped else _("试算已经结束，没有停止什么。"))
    return htmx.go(url_for(".show_backtest", reference=reference))


@bp.get("/backtests/<ref:reference>/differences.<any(csv,xlsx):form>")
@requires(Permission.SEE_BACKTESTS)
def download_differences(reference: str, form: str) -> ResponseReturnValue:
    """Everything that would be different, as a table."""
    run = _run(reference)
    content = sheet_of(or_404(run.result), form)
    headers = {"Content-Disposition": f'attachment; filename="{run.reference}.{form}"'}
    return Response(content, mimetype=SHEETS[form], headers=headers)


def _run(reference: str) -> Backtest:
    found = or_404(backtests.find(reference))
    g.zone = found.project.zone
    return found


def _form(*, fresh: bool = False, **given: Any) -> BacktestForm:
    today = in_zone(page_now(), PORTAL_ZONE).date()
    published = [version.policy for _code, versions in policies.versions(me()) for version in versions]
    # Nobody writes a policy from nothing: the newest version is there to be changed.
    text = as_text(published[0].document) if published else ""
    usual = {"first_day": today - _USUAL, "last_day": today, "text": text, **given}
    form = BacktestForm(formdata=None, data=usual) if fresh else BacktestForm(data=usual)
    form.documents = {one.id: (f"{one.code}-{one.version}", one.document) for one in published}
    form.policy_id.choices = {number: name for number, (name, _document) in form.documents.items()}
    form.project_id.choices = dict(projects.choices())
    return form


def _page(run: Backtest) -> dict[str, Any]:
    findings = findings_of(run.result) if run.result else []
    ruling = projects.ruling(page_now()).get(run.project_id)
    return {
        "run": run,
        "name": called(run),
        "title": title_of(run.document),
        "ruling": ruling,
        "differences": differences(ruling.document, run.document) if ruling else [],
        "findings": findings,
        "changes": changes_of(run.result) if run.result else [],
        "most": SHOWN,
        "named": backtests.registrations(reference for one in findings for reference in one.shown),
        "mine": run.asked_by_id == me().id and may(me(), Permission.BACKTEST_POLICY),
    }
