"""Complaints (投诉): taken down at the site or by the service, worked on step by step, closed, learned from (D.10)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import htmx
from portal.access import Permission, may, requires
from portal.addresses import page_reference
from portal.blueprints.hq import bp, complaint_forms
from portal.edge import carry_out, me, or_404, status_of
from portal.forms.complaints import RecordForm
from portal.models import Complaint
from portal.queries import complaints as found
from portal.queries import distributors, projects
from portal.services import complaint_cases, complaints
from portal.steps import take_step
from portal.transaction import transaction
from portal.wording import group_phone, mask_phone, page_now
from portal.wording.complaint_pages import hq_values
from portal.wording.complaints import SHOW, rows_of
from portal.wording.reveals import REASONS

#: What is done about a complaint, by the word in the address.
_DEEDS: dict[str, Callable[..., Any]] = {
    "acceptance": complaints.accept,
    "owner": complaints.assign,
    "inquiry": complaints.investigate,
    "progress": complaint_cases.report_progress,
    "outcome": complaints.resolve,
    "answer": complaints.tell,
    "rating": complaints.rate,
    "closing": complaints.close,
    "cause": complaints.analyse,
    "leave": complaint_cases.disclose,
    "case": complaint_cases.hand_over,
}


@bp.get("/complaints")
@requires(Permission.SEE_COMPLAINTS)
def list_complaints() -> ResponseReturnValue:
    """What is open, the soonest due first; what waits for its cause; what is closed, the newest first."""
    shown = request.args.get("show", "open")
    if shown not in SHOW:
        abort(404)
    page = found.done_page(page_reference("after")) if shown == "done" else _waiting(shown)
    rows = rows_of(page.complaints, page_now())
    return render_template("hq/complaints/list.html", page=page, rows=rows, shown=shown, pills=SHOW)


@bp.route("/complaints/new", methods=["GET", "POST"])
@requires(Permission.RECORD_COMPLAINT)
def record_complaint() -> ResponseReturnValue:
    """Take down what somebody says on the telephone, at the desk or on a slip; number and code are handed over once."""
    form = RecordForm()
    form.offer(projects.projects())
    form.offer_distributors(distributors.everybody())
    made = carry_out(form, complaints.receive, actor=me())
    if made is None:
        return render_template("hq/complaints/new.html", form=form), status_of(form)
    seen = may(me(), Permission.SEE_COMPLAINTS)
    there = url_for(".show_complaint", reference=made.reference) if seen else ""
    return render_template("hq/complaints/recorded.html", made=made, there=there), 201


@bp.get("/complaints/<ref:reference>")
@requires(Permission.SEE_COMPLAINTS)
def show_complaint(reference: str) -> ResponseReturnValue:
    """One complaint: what was said, its rounds, what can be done now, its history."""
    return _page(_complaint(reference))


@bp.post(
    "/complaints/<ref:reference>/"
    "<any(acceptance, owner, inquiry, progress, outcome, answer, rating, closing, cause, leave, case):deed>"
)
@requires(Permission.HANDLE_COMPLAINT)
def change_complaint(reference: str, deed: str) -> ResponseReturnValue:
    """Take the complaint a step further."""
    complaint = _complaint(reference)
    form = complaint_forms.form_of(deed, complaint)
    there = url_for(".show_complaint", reference=reference)
    return take_step(
        form,
        _DEEDS[deed],
        page=lambda: _page(_complaint(reference), {deed: form}),
        where=there,
        complaint=complaint,
    )


@bp.post("/complaints/<ref:reference>/reveal")
@requires(Permission.HANDLE_COMPLAINT)
def reveal_complaint(reference: str) -> ResponseReturnValue:
    """The complainant's whole number, once a reason is given; on record."""
    complaint, reason = _complaint(reference), request.form.get("reason", "")
    phone = or_404(complaint.phone)
    if reason not in REASONS:
        return _number(complaint, "ask", mask_phone(phone)), 422
    with transaction():
        whole = complaint_cases.reveal(actor=me(), complaint=complaint, reason=reason)
    return _number(complaint, "shown", group_phone(whole))


def _waiting(shown: str) -> found.Page:
    return found.open_page() if shown == "open" else found.to_learn_page()


def _complaint(reference: str) -> Complaint:
    return or_404(found.find(reference))


def _page(complaint: Complaint, sent: dict[str, Any] | None = None) -> str:
    forms = complaint_forms.forms_of(complaint) | (sent or {})
    values = hq_values(complaint, page_now())
    return render_template("hq/complaints/show.html", **values, forms=forms, sent=sent or {})


def _number(complaint: Complaint, step: str, phone: str) -> str:
    template = f"reveals/_{step}.html" if htmx.wants_fragment() else f"reveals/{step}.html"
    url = url_for(".reveal_complaint", reference=complaint.reference)
    back = url_for(".show_complaint", reference=complaint.reference)
    name = complaint.name or _("未留姓名")
    return render_template(template, url=url, back=back, name=name, phone=phone, reveal_reasons=REASONS)
