"""The back office audits first visits (RE-3.3): one page a decision, on to the next."""

from __future__ import annotations

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import htmx
from portal.access import Permission, requires
from portal.blueprints.site import bp
from portal.blueprints.site.scope import visit_or_404
from portal.edge import carry_out, me, or_404, say, status_of
from portal.forms.audits import AuditForm
from portal.models import Visit
from portal.queries import audits, documents, visits
from portal.services import visit_flow
from portal.wording import page_now
from portal.wording.ink import pads
from portal.wording.visits import closing_of_day


@bp.get("/audits")
@requires(Permission.AUDIT_VISIT)
def list_audits() -> ResponseReturnValue:
    """What waits to be audited, the first arrival first."""
    return render_template("site/audits/list.html", waiting=audits.queue(me()), closing_of_day=closing_of_day)


@bp.get("/audits/<ref:reference>")
@requires(Permission.AUDIT_VISIT)
def show_audit(reference: str) -> ResponseReturnValue:
    """One visit with everything that its audit needs."""
    return _page(visit_or_404(reference, Permission.AUDIT_VISIT), AuditForm(formdata=None))


@bp.post("/audits/<ref:reference>")
@requires(Permission.AUDIT_VISIT)
def audit_visit(reference: str) -> ResponseReturnValue:
    """Put the verdict on record. An older company record refuses whatever the verdict is (RE-4.1)."""
    visit = visit_or_404(reference, Permission.AUDIT_VISIT)
    case = audits.case_of(visit, or_404(visit.registration), page_now())
    form = AuditForm()
    form.explain = case.needs_reason and not case.blocking
    following = _following(visit)
    if carry_out(form, visit_flow.audit_visit, actor=me(), visit=visit) is None:
        return _page(visit, form), status_of(form)
    _say_verdict(visit)
    address = url_for(".show_audit", reference=following.reference) if following else url_for(".list_audits")
    return htmx.go(address)


def _page(visit: Visit, form: AuditForm) -> str:
    queue = audits.queue(me())
    place = next((number for number, one in enumerate(queue) if one.id == visit.id), None)
    return render_template(
        "site/audits/page.html",
        case=audits.case_of(visit, or_404(visit.registration), page_now()),
        stage=visits.stage_at(visit, page_now()),
        form=form,
        queue=queue,
        place=place,
        pads=pads(visit, {}),
        closing=closing_of_day(visit),
        leaders=audits.leaders_of(visit.project_id),
        filing_slip=documents.of_subject("filing_slip", visit.registration_id or 0),
    )


def _following(visit: Visit) -> Visit | None:
    """The next one that waits, round the end to the first."""
    queue = audits.queue(me())
    later = [one for one in queue if (one.arrived_at, one.seq) > (visit.arrived_at, visit.seq)]
    return next((one for one in [*later, *queue] if one.id != visit.id), None)


def _say_verdict(visit: Visit) -> None:
    words = {
        "passed": (_("审核通过。"), _("已送案场负责人签批。"), "ok"),
        "failed": (_("已记为审核不通过。"), _("报备保护随之结束，分销商会收到通知。"), "warn"),
        "company_record": (_("已记为不符合条件。"), _("公司早有记录；分销商只读到“不符合条件”。"), "warn"),
    }
    say(*words[visit.audit_result or "passed"])
