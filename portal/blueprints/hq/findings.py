"""Cases of breach (违规认定): reported, asked about, found or not, their sanctions and appeals (RE-4.3 to 5.4, 7, GD-9)."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

from flask import abort, g, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import htmx
from portal.access import Permission, may, projects_for, requires
from portal.addresses import page_number_key, page_reference
from portal.blueprints.hq import bp
from portal.edge import carry_out, me, or_404, say, status_of
from portal.forms.findings import (
    AppealDecisionForm,
    AppealForm,
    DecisionForm,
    HandoverForm,
    IdentifyForm,
    PlainForm,
    QuestionForm,
    ReportForm,
    VerdictForm,
)
from portal.models import Finding, Sanction
from portal.queries import alerts, distributors, findings
from portal.services import breach_reports, breaches, case_facts, sanctions
from portal.services.editions import edition_of
from portal.services.findings import take_up
from portal.steps import take_step
from portal.transaction import transaction
from portal.wording import page_now
from portal.wording.alerts import report_of
from portal.wording.finding_pages import hq_values
from portal.wording.findings import PILLS, rows_of

#: What is done about a case, and about one of its sanctions, by the word in the address.
_STEPS: dict[str, tuple[type[Any], Callable[..., Any]]] = {
    "question": (QuestionForm, breaches.ask_explanation),
    "more-time": (PlainForm, breaches.prolong_explanation),
    "verdict": (VerdictForm, breaches.decide_breach),
}
_SANCTION_STEPS: dict[str, tuple[type[Any], Callable[..., Any]]] = {
    "decision": (DecisionForm, sanctions.decide_sanction),
    "appeal": (AppealForm, sanctions.appeal),
    "settlement": (PlainForm, sanctions.settle),
}


@bp.get("/findings")
@requires(Permission.SEE_FINDINGS)
def list_findings() -> ResponseReturnValue:
    """What somebody has to do something about, the most pressing first; what is done, the newest first."""
    shown = request.args.get("show", "open")
    if shown not in PILLS:
        abort(404)
    page = findings.open_page(page_now()) if shown == "open" else findings.closed_page(page_reference("after"))
    rows = rows_of(page.findings, page_now(), "hq.show_finding")
    return render_template("hq/findings/list.html", page=page, rows=rows, shown=shown, pills=PILLS)


@bp.route("/findings/new", methods=["GET", "POST"])
@requires(Permission.REPORT_BREACH)
def report_breach() -> ResponseReturnValue:
    """Ask who broke which rule, where and when; people of a site for their projects."""
    everywhere = may(me(), Permission.SEE_FINDINGS) or not projects_for(me(), Permission.REPORT_BREACH)
    among = None if everywhere else projects_for(me(), Permission.REPORT_BREACH)
    form = ReportForm(data=_alerted()).offer(findings.projects(among), distributors.everybody())
    form.teams = findings.teams() if may(me(), Permission.SEE_FINDINGS) else ()
    made = carry_out(form, breach_reports.send_report, actor=me())
    if made is None:
        return render_template("hq/findings/new.html", form=form), status_of(form)
    say(_("已记录 %(reference)s。", reference=made.reference), _("由渠道部的另一位同事查实。"))
    seen = may(me(), Permission.SEE_FINDINGS)
    return htmx.go(url_for(".show_finding", reference=made.reference) if seen else url_for(".report_breach"))


@bp.get("/findings/<ref:reference>")
@requires(Permission.SEE_FINDINGS)
def show_finding(reference: str) -> ResponseReturnValue:
    """One case: what was reported, the map, the explanation, the finding, the sanctions, the history."""
    return _page(_finding(reference))


@bp.post("/findings/<ref:reference>/<any('question', 'more-time', 'verdict'):act>")
@requires(Permission.DECIDE_FINDING)
def change_finding(reference: str, act: str) -> ResponseReturnValue:
    """Ask the distributor, give it more time once, or decide."""
    finding, (form_of, command) = _finding(reference), _STEPS[act]
    form = form_of()
    return _take(reference, act, form, command, finding=finding, project=finding.project)


@bp.post("/findings/<ref:reference>/taken-up")
@requires(Permission.DECIDE_FINDING)
def take_up_finding(reference: str) -> ResponseReturnValue:
    """Begin to look into it, by name."""
    finding, form = _finding(reference), PlainForm()
    return _take(reference, "take-up", form, take_up, finding=finding)


@bp.route("/findings/<ref:reference>/party", methods=["GET", "POST"])
@requires(Permission.DECIDE_FINDING)
def identify_party(reference: str) -> ResponseReturnValue:
    """Say whom a report means, which rule it is about, and what else was found out."""
    finding = _finding(reference)
    form = IdentifyForm.of(case_facts.facts_of(finding)).offer(finding.project.zone, distributors.everybody())
    form.teams = findings.teams()
    return take_step(
        form,
        breach_reports.identify,
        page=lambda: render_template("hq/findings/party.html", form=form, finding=finding),
        where=url_for(".show_finding", reference=reference),
        finding=finding,
        project=finding.project,
    )


@bp.post("/findings/<ref:reference>/handover")
@requires(Permission.HAND_OVER_CASE)
def propose_handover(reference: str) -> ResponseReturnValue:
    """Propose to hand a grave case over to the authorities; a second person decides (RE-7.6)."""
    finding, form = _finding(reference), HandoverForm()
    return _take(reference, "handover", form, sanctions.propose_handover, finding=finding)


@bp.post("/findings/<ref:reference>/receipt")
@requires(Permission.DECIDE_FINDING)
def record_receipt(reference: str) -> ResponseReturnValue:
    """The notice was handed over on paper: time to pay and to appeal runs from now."""
    finding, form = _finding(reference), PlainForm()
    return _take(reference, "receipt", form, sanctions.confirm_receipt, finding=finding)


@bp.post("/findings/<ref:reference>/sanctions/<sanction>/<any('decision', 'appeal', 'settlement'):move>")
@requires(Permission.DECIDE_FINDING)
def change_sanction(reference: str, sanction: str, move: str) -> ResponseReturnValue:
    """Confirm or waive a sanction, take down an appeal that came on paper, put on record that it is settled."""
    finding, (form_of, command) = _finding(reference), _SANCTION_STEPS[move]
    form = form_of()
    return _take(reference, f"{sanction}/{move}", form, command, sanction=_sanction(finding, sanction))


@bp.post("/findings/<ref:reference>/sanctions/<sanction>/appeal-decision")
@requires(Permission.DECIDE_APPEAL)
def decide_appeal(reference: str, sanction: str) -> ResponseReturnValue:
    """Uphold or lift a sanction that was appealed against, by somebody who had no part in the case (GD-9)."""
    finding, form = _finding(reference), AppealDecisionForm()
    return _take(
        reference, f"{sanction}/appeal-decision", form, sanctions.decide_appeal, sanction=_sanction(finding, sanction)
    )


@bp.post("/findings/<ref:reference>/evidence/<id:file_id>")
@requires(Permission.DECIDE_FINDING)
def open_evidence(reference: str, file_id: int) -> ResponseReturnValue:
    """A file of the case, to those who decide it; on record."""
    finding = _finding(reference)
    file = or_404(findings.evidence(finding, file_id))
    with transaction():
        breach_reports.open_evidence(actor=me(), finding=finding, file=file)
        content, kind, name = file.content, file.media_type, file.name
    return send_file(BytesIO(content), mimetype=kind, as_attachment=True, download_name=name)


@bp.post("/findings/<ref:reference>/contact")
@requires(Permission.DECIDE_FINDING)
def open_contact(reference: str) -> ResponseReturnValue:
    """What a whistle-blower left to be reached by, for this one page view; on record (RE-7.1)."""
    finding = _finding(reference)
    with transaction():
        contact = breach_reports.open_contact(actor=me(), finding=finding)
    return _page(finding, contact=contact)


def _alerted() -> dict[str, str]:
    """What a report begins with when it is opened on an alert."""
    number = page_number_key("alert")
    alert = alerts.find(number) if number and may(me(), Permission.SEE_ALERTS) else None
    return report_of(alert) if alert is not None else {}


def _finding(reference: str) -> Finding:
    finding = or_404(findings.find(reference))
    g.zone = finding.project.zone
    return finding


def _sanction(finding: Finding, kind: str) -> Sanction:
    return or_404(next((one for one in finding.sanctions if one.kind == kind), None))


def _page(finding: Finding, sent: dict[str, Any] | None = None, contact: str | None = None) -> str:
    shown = hq_values(finding, me(), page_now()) | {"seen": edition_of(case_facts.read_of(finding))}
    return render_template("hq/findings/show.html", **shown, sent=sent or {}, contact=contact)


def _take(reference: str, act: str, form: Any, command: Callable[..., Any], **facts: Any) -> ResponseReturnValue:
    there = url_for(".show_finding", reference=reference)
    return take_step(form, command, page=lambda: _page(_finding(reference), {act: form}), where=there, **facts)
