"""Deals and rulings of every project; findings on a deal, and deciding it anew (RE-8.5)."""

from __future__ import annotations

from typing import Any, TypeVar

from flask import abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import htmx
from portal.access import Permission, requires
from portal.addresses import page_reference, sealed_words
from portal.blueprints.hq import bp
from portal.edge import carry_out, me, or_404, say, status_of
from portal.forms.rulings import FindingDecisionForm, FindingForm, RedeterminationForm
from portal.listing import kept
from portal.models import Deal, Finding
from portal.papers import pdf
from portal.queries import case_inbox, documents, projects, rulings
from portal.services import findings
from portal.services.rulings import COMPANY, decide_anew_of
from portal.wording import page_now
from portal.wording.case_lists import PILLS, rows_of
from portal.wording.case_pages import case_values
from portal.wording.rulings import FINDING_STATES, FINDINGS

Form = TypeVar("Form", FindingDecisionForm, RedeterminationForm)
_SHOWN = ("all", "waiting", "open", "ruled")


@bp.get("/deals")
@requires(Permission.SEE_ALL_DEALS)
def list_rulings() -> ResponseReturnValue:
    """Every deal with whose it is; the address is the filter."""
    shown, project = request.args.get("show", "all"), projects.project(request.args.get("project", ""))
    if shown not in _SHOWN:
        abort(404)
    now, words, among = page_now(), sealed_words(), None if project is None else {project.id}
    page = case_inbox.page_of(shown, now, among, page_reference("after"), words=words)
    facts = {"page": page, "rows": rows_of(page.rows, now, "hq.show_case"), "shown": shown, "words": words}
    pills = {name: PILLS[name] for name in _SHOWN}
    filters = {"kept": kept("s", "project"), "pills": pills, "projects": projects.projects()}
    return render_template("hq/rulings/list.html", **facts, **filters)


@bp.get("/deals/<ref:reference>")
@requires(Permission.SEE_ALL_DEALS)
def show_case(reference: str) -> ResponseReturnValue:
    """One deal: the case, every ruling, what was reported, and deciding anew where a finding is confirmed."""
    return _page(_deal(reference))


@bp.post("/deals/<ref:reference>/findings")
@requires(Permission.REDETERMINE)
def report_finding(reference: str) -> ResponseReturnValue:
    """Put a complaint or a malicious grab on record; somebody else confirms it."""
    deal, form = _deal(reference), FindingForm()
    if carry_out(form, findings.report_finding, actor=me(), deal=deal) is None:
        return _page(deal, report=form), status_of(form)
    say(_("已记录，待查实。"), _("由另一位同事查实，查实前归属不变。"))
    return htmx.go(url_for(".show_case", reference=reference))


@bp.post("/findings/<ref:reference>/decision")
@requires(Permission.REDETERMINE)
def decide_finding(reference: str) -> ResponseReturnValue:
    """Confirm a finding or call it unfounded; never by whoever reported it."""
    finding = or_404(rulings.find_finding(reference))
    deal, form = _deal(or_404(finding.deal).reference), FindingDecisionForm()
    if carry_out(form, findings.decide_finding, actor=me(), finding=finding) is None:
        return _page(deal, decide=(finding, form)), status_of(form)
    say(str(FINDING_STATES[finding.state]), _("报告人和查实人都已记录。"))
    return htmx.go(url_for(".show_case", reference=deal.reference))


@bp.post("/deals/<ref:reference>/redetermination/<ref:finding>")
@requires(Permission.REDETERMINE)
def redetermine(reference: str, finding: str) -> ResponseReturnValue:
    """Decide anew whose the deal is; the earlier ruling stays and the new one names it."""
    deal, form = _deal(reference), RedeterminationForm()
    ground = or_404(next((one for one in rulings.findings_of(deal) if one.reference == finding), None))
    form.offer(_choices(deal))
    chosen = form.registration.data
    ruling = carry_out(form, decide_anew_of, actor=me(), deal=deal, finding=ground, chosen=chosen)
    if ruling is None:
        return _page(deal, anew=(ground, form)), status_of(form)
    say(_("裁定 %(number)s 已签发。", number=ruling.reference), _("原裁定保留，双方已收到通知。"))
    return htmx.go(url_for(".show_case", reference=reference))


@bp.get("/rulings/<ref:reference>.pdf")
@requires(Permission.SEE_ALL_DEALS)
def download_ruling(reference: str) -> ResponseReturnValue:
    """The whole ruling (归属裁定书) with this number."""
    return pdf(documents.of_subject("ruling", or_404(rulings.find(reference, me())).id))


def _deal(reference: str) -> Deal:
    deal = or_404(rulings.find_deal(reference, me()))
    g.zone = deal.project.zone
    return deal


def _choices(deal: Deal) -> list[tuple[str, str]]:
    """The registrations considered, and the company."""
    lines = case_values(deal, page_now())["lines"]
    offered = [(line.registration.reference, f"{line.mark} {line.registration.distributor.name}") for line in lines]
    return [*offered, (COMPANY, _("公司"))]


def _page(
    deal: Deal,
    *,
    report: FindingForm | None = None,
    decide: tuple[Finding, FindingDecisionForm] | None = None,
    anew: tuple[Finding, RedeterminationForm] | None = None,
) -> str:
    values = case_values(deal, page_now())
    found = rulings.findings_of(deal)
    return render_template(
        "hq/rulings/page.html",
        findings=[(one, _decision_form(one, decide), _anew_form(one, anew, deal, values)) for one in found],
        report=report or FindingForm(formdata=None),
        finding_words=FINDINGS,
        finding_states=FINDING_STATES,
        opening=findings.OPENING,
        refusal=_refusal(report, decide and decide[1], anew and anew[1]),
        **values,
    )


def _refusal(*forms: Any) -> Any:
    return next((form.refusal for form in forms if form is not None and form.refusal), None)


def _decision_form(finding: Finding, sent: tuple[Finding, FindingDecisionForm] | None) -> FindingDecisionForm:
    form = sent[1] if sent is not None and sent[0].id == finding.id else FindingDecisionForm(formdata=None)
    return _apart(form, finding)


def _anew_form(
    finding: Finding, sent: tuple[Finding, RedeterminationForm] | None, deal: Deal, values: dict[str, Any]
) -> RedeterminationForm | None:
    """The form of a confirmed finding that no ruling rests on yet."""
    if finding.state != "confirmed" or any(one.finding_id == finding.id for one in values["chain"]):
        return None
    if sent is not None and sent[0].id == finding.id:
        form = sent[1]
    else:
        form = RedeterminationForm(formdata=None)
        form.offer(_choices(deal))
    form.seen.data = form.seen.data or values["latest"].reference
    return _apart(form, finding)


def _apart(form: Form, finding: Finding) -> Form:
    """The same form stands once per finding: each field has an id of its own."""
    for field in form:
        field.id = f"{field.name.replace('_', '-')}-{finding.reference}"
    return form
