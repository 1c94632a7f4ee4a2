"""The distributor's own cases of breach: what is asked and by when, the finding, the sanctions, receipt and appeal."""

from __future__ import annotations

from typing import Any

from flask import g, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal import htmx
from portal.access import Permission, requires
from portal.addresses import page_reference
from portal.blueprints.distributor import bp
from portal.edge import carry_out, me, or_404, say, status_of
from portal.forms.findings import AnswerForm, AppealForm, PlainForm
from portal.models import Finding, Sanction
from portal.navigation import Count, Item, Section, navigation
from portal.papers import pdf
from portal.queries import findings
from portal.services import breach_reports, sanctions
from portal.wording import page_now
from portal.wording.finding_pages import own_values
from portal.wording.findings import told_rows


def _count_waiting() -> Count | None:
    number = findings.waiting_of(me(), page_now())
    return Count(number, due=True) if number else None


FINDINGS = Item(
    _l("违规认定"),
    "map-pin",
    "distributor.list_findings",
    covers=("distributor.show_finding", "distributor.explain_finding", "distributor.appeal_sanction"),
    count=_count_waiting,
)
navigation.add("owner", Section((FINDINGS,), _l("说明与申诉")))


@bp.get("/findings")
@requires(Permission.ANSWER_FINDING)
def list_findings() -> ResponseReturnValue:
    """The cases that the company was told of, the newest first."""
    page = findings.told_page(me(), page_reference("after"))
    rows = told_rows(page.findings, page_now(), "distributor.show_finding")
    return render_template("distributor/findings/list.html", page=page, rows=rows)


@bp.get("/findings/<ref:reference>")
@requires(Permission.ANSWER_FINDING)
def show_finding(reference: str) -> ResponseReturnValue:
    """One case: what to explain and by when, how it came out, what follows."""
    return _page(_finding(reference))


@bp.post("/findings/<ref:reference>/explanation")
@requires(Permission.ANSWER_FINDING)
def explain_finding(reference: str) -> ResponseReturnValue:
    """Explain and bring proof, once and in time (RE-4.4)."""
    finding, form = _finding(reference), AnswerForm()
    if carry_out(form, breach_reports.send_answer, actor=me(), finding=finding) is None:
        return _page(_finding(reference), {"answer": form}), status_of(form)
    return _done(reference, _("已收到贵司的说明。"), _("提交后不能修改，公司据此认定。"))


@bp.post("/findings/<ref:reference>/receipt")
@requires(Permission.ANSWER_FINDING)
def receive_notice(reference: str) -> ResponseReturnValue:
    """Confirm that the notice has come; the times to settle and to appeal begin."""
    finding, form = _finding(reference), PlainForm()
    if carry_out(form, sanctions.confirm_receipt, actor=me(), finding=finding) is None:
        return _page(_finding(reference), {"receipt": form}), status_of(form)
    return _done(reference, _("已确认收到。"), _("有异议的，请在期限内申诉。"))


@bp.get("/findings/<ref:reference>/letters/<ref:letter>.pdf")
@requires(Permission.ANSWER_FINDING)
def download_letter(reference: str, letter: str) -> ResponseReturnValue:
    """The request to explain, or the notice of one sanction."""
    return pdf(findings.told_letter(_finding(reference), letter))


@bp.post("/findings/<ref:reference>/sanctions/<sanction>/appeal")
@requires(Permission.ANSWER_FINDING)
def appeal_sanction(reference: str, sanction: str) -> ResponseReturnValue:
    """Object to a sanction; somebody other than its confirmer decides."""
    finding, form = _finding(reference), AppealForm()
    if carry_out(form, sanctions.appeal, actor=me(), sanction=_sanction(finding, sanction)) is None:
        return _page(_finding(reference), {sanction: form}), status_of(form)
    return _done(reference, _("已收到申诉。"), _("由没有经办过的同事决定。"))


def _finding(reference: str) -> Finding:
    finding = or_404(findings.find_told(reference, me()))
    g.zone = finding.project.zone
    return finding


def _sanction(finding: Finding, kind: str) -> Sanction:
    told = (one for one in finding.sanctions if one.kind == kind and one.state not in ("proposed", "waived"))
    return or_404(next(told, None))


def _page(finding: Finding, sent: dict[str, Any] | None = None) -> str:
    return render_template("distributor/findings/show.html", **own_values(finding, me(), page_now()), sent=sent or {})


def _done(reference: str, strong: str, rest: str) -> ResponseReturnValue:
    say(strong, rest)
    return htmx.go(url_for(".show_finding", reference=reference))
