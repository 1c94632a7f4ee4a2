"""A distributor complains, reads the answer and says whether it is satisfied; and reads what came of complaints about it."""

from __future__ import annotations

from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal import htmx
from portal.access import Permission, requires
from portal.addresses import page_reference
from portal.blueprints.distributor import bp
from portal.edge import carry_out, me, or_404, say, status_of
from portal.forms.complaints import PartnerForm, RatingForm
from portal.navigation import Item, Section, navigation
from portal.queries import complaints as found
from portal.queries import projects
from portal.services import complaints
from portal.wording.complaint_pages import about_values, outside_values
from portal.wording.complaints import own_rows

COMPLAINTS = Item(
    _l("投诉"),
    "message-2",
    "distributor.list_complaints",
    covers=("distributor.show_complaint", "distributor.make_complaint", "distributor.rate_complaint"),
)
for _role in ("broker", "owner"):
    navigation.add(_role, Section((COMPLAINTS,), _l("说明与申诉")))


@bp.get("/complaints")
@requires(Permission.COMPLAIN)
def list_complaints() -> ResponseReturnValue:
    """The company's own complaints, the newest first; a broker's own."""
    page = found.own_page(me(), page_reference("after"))
    return render_template("distributor/complaints/list.html", page=page, rows=own_rows(page.complaints))


@bp.route("/complaints/new", methods=["GET", "POST"])
@requires(Permission.COMPLAIN)
def make_complaint() -> ResponseReturnValue:
    """Ask what happened; complaining in good faith is always open (DM-Q2)."""
    form = PartnerForm()
    form.offer(projects.projects())
    made = carry_out(form, complaints.receive, actor=me(), channel="partner")
    if made is None:
        return render_template("distributor/complaints/new.html", form=form), status_of(form)
    say(_("已收到投诉 %(reference)s。", reference=made.reference), _("受理和答复会通知您。"))
    return htmx.go(url_for(".show_complaint", reference=made.reference))


@bp.get("/complaints/<ref:reference>")
@requires(Permission.COMPLAIN)
def show_complaint(reference: str) -> ResponseReturnValue:
    """One of its own with the answer, or one about it with what was written for it."""
    own = found.find_own(reference, me())
    if own is not None:
        return _page(own, RatingForm())
    about = or_404(found.find_about(reference, me()))
    return render_template("distributor/complaints/about.html", **about_values(about))


@bp.post("/complaints/<ref:reference>/rating")
@requires(Permission.COMPLAIN)
def rate_complaint(reference: str) -> ResponseReturnValue:
    """Satisfied or not; not settled begins it anew (DS-4.7)."""
    complaint, form = or_404(found.find_own(reference, me())), RatingForm()
    rated = carry_out(form, complaints.rate, actor=me(), complaint=complaint)
    if rated is None:
        return _page(or_404(found.find_own(reference, me())), form), status_of(form)
    anew = rated.state == "reopened"
    say(_("已记下您的评价。"), _("投诉重新办理，客服已收到通知。") if anew else _("由客服结案。"))
    return htmx.go(url_for(".show_complaint", reference=reference))


def _page(complaint: Any, form: RatingForm) -> str:
    return render_template("distributor/complaints/show.html", **outside_values(complaint), form=form)
