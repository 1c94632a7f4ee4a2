"""Clashes at the site (撞单裁定): what waits for a ruling, the case with its three sources, the ruling (RE-8.3)."""

from __future__ import annotations

from typing import Any

from flask import abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import htmx
from portal.access import Permission, may_in, projects_for, requires
from portal.addresses import page_reference, references_in
from portal.blueprints.site import bp
from portal.edge import carry_out, me, or_404, say, status_of
from portal.forms.rulings import RulingForm
from portal.models import Deal, DealEvent, Ruling
from portal.papers import pdf, shown_pdf
from portal.queries import case_inbox, documents, rulings
from portal.rules.refusal import Refusal
from portal.services.printing import draft_ruling as print_draft
from portal.services.rulings import rule_deal
from portal.wording import page_now
from portal.wording.case_lists import PILLS, rows_of
from portal.wording.case_pages import case_values


@bp.get("/cases")
@requires(Permission.SEE_CASES)
def list_cases() -> ResponseReturnValue:
    """Deals that wait for a ruling, soonest due first; those still open to claims; those ruled."""
    shown, projects = request.args.get("show", "waiting"), projects_for(me(), Permission.SEE_CASES)
    if shown not in case_inbox.SHOWN:
        abort(404)
    page = case_inbox.page_of(shown, page_now(), projects, page_reference("after"))
    rows = rows_of(page.rows, page_now(), "site.show_case")
    unmatched = case_inbox.unmatched_claims(projects) if shown == "waiting" else ()
    return render_template("site/cases/list.html", page=page, rows=rows, shown=shown, pills=PILLS, unmatched=unmatched)


@bp.get("/cases/<ref:reference>")
@requires(Permission.SEE_CASES)
def show_case(reference: str) -> ResponseReturnValue:
    """The case: with ``accept`` as it would come out if those near matches were taken for right."""
    deal = _deal(reference)
    form = RulingForm(formdata=None)
    form.accept.data = ",".join(references_in(request.args.get("accept", "")))
    try:
        return _page(deal, form, _event(deal))
    except Refusal:
        abort(404)


@bp.post("/cases/<ref:reference>")
@requires(Permission.RULE_DEAL)
def rule_case(reference: str) -> ResponseReturnValue:
    """Issue the ruling. Who comes second, or without having seen the latest, reads what holds; nothing typed is lost."""
    deal, form = _ruled_by_me(reference), RulingForm()
    event = _event(deal)
    accepted = rulings.ids_of(deal, form.accepted)
    ruling = carry_out(form, rule_deal, actor=me(), deal=deal, event=event, accepted=accepted)
    if ruling is None:
        return _page(_deal(reference), form, event), status_of(form)
    say(_("裁定 %(number)s 已签发。", number=ruling.reference), _("申请人与归属方已收到通知，各方只看到自己的登记。"))
    return htmx.go(url_for(".show_case", reference=reference))


@bp.post("/cases/<ref:reference>/draft.pdf")
@requires(Permission.RULE_DEAL)
def draft_ruling(reference: str) -> ResponseReturnValue:
    """The paper as it would be issued, to look at; nothing is kept."""
    deal, form = _ruled_by_me(reference), RulingForm()
    accepted = rulings.ids_of(deal, form.accepted)
    try:
        content = print_draft(
            actor=me(), deal=deal, event=_event(deal), accepted=accepted, reason=form.reason.data or "", now=page_now()
        )
    except Refusal:
        abort(409)
    return shown_pdf(content, deal.reference)


@bp.get("/rulings/<ref:reference>.pdf")
@requires(Permission.SEE_CASES)
def download_ruling(reference: str) -> ResponseReturnValue:
    """The whole ruling (归属裁定书)."""
    ruling: Ruling = or_404(rulings.find(reference, me()))
    return pdf(documents.of_subject("ruling", ruling.id))


@bp.get("/claims/<ref:reference>")
@requires(Permission.SEE_CASES)
def show_claim(reference: str) -> ResponseReturnValue:
    """The case of a claim; a claim that fits no deal is shown in the list alone."""
    claim = or_404(rulings.find_claim(reference, me()))
    if claim.event is None:
        return htmx.go(url_for(".list_cases"))
    return htmx.go(url_for(".show_case", reference=claim.event.deal.reference, event=claim.event.reference))


def _deal(reference: str) -> Deal:
    deal = or_404(rulings.find_deal(reference, me()))
    if not may_in(me(), Permission.SEE_CASES, deal.project_id):
        abort(404)
    g.zone = deal.project.zone
    return deal


def _ruled_by_me(reference: str) -> Deal:
    deal = _deal(reference)
    if not may_in(me(), Permission.RULE_DEAL, deal.project_id):
        abort(404)
    return deal


def _event(deal: Deal) -> DealEvent | Any:
    """The event named in the address; else the one that the page chooses."""
    asked = page_reference("event")
    found = next((one for one in deal.events if one.reference == asked), None)
    return or_404(found) if asked else rulings.event_to_rule(deal)


def _page(deal: Deal, form: RulingForm, event: DealEvent) -> str:
    values = case_values(deal, page_now(), event=event, accepted=form.accepted)
    form.seen.data = form.seen.data or values["latest"].reference
    rules_here = may_in(me(), Permission.RULE_DEAL, deal.project_id)
    return render_template("site/cases/page.html", form=form, rules_here=rules_here, **values)
