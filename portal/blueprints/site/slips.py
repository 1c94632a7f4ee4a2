"""The visit slip is signed: on the glass, one after another, or on paper and photographed (RE-3.2)."""

from __future__ import annotations

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import htmx
from portal.access import Permission, requires
from portal.blueprints.site import bp
from portal.blueprints.site.scope import visit_or_404
from portal.blueprints.site.visits import visit_page
from portal.edge import carry_out, me, say, status_of
from portal.forms.slips import DeclineForm, PaperSlipForm, SlipSignatureForm
from portal.models import Visit
from portal.services import slip_refusals, slips


@bp.post("/visits/<ref:reference>/signatures")
@requires(Permission.REGISTER_ARRIVAL)
def sign_slip(reference: str) -> ResponseReturnValue:
    """One party has signed on the glass; the third signature sends the visit on."""
    visit = visit_or_404(reference, Permission.REGISTER_ARRIVAL)
    form = SlipSignatureForm()
    if carry_out(form, slips.sign_on_glass, actor=me(), visit=visit) is None:
        return visit_page(visit, form), status_of(form)
    return _on_to(visit)


@bp.post("/visits/<ref:reference>/paper")
@requires(Permission.REGISTER_ARRIVAL)
def hand_in_paper(reference: str) -> ResponseReturnValue:
    """The photograph of the signed paper stands for all who have not signed on the glass."""
    visit = visit_or_404(reference, Permission.REGISTER_ARRIVAL)
    form = PaperSlipForm()
    if carry_out(form, slips.hand_in_paper, actor=me(), visit=visit) is None:
        return visit_page(visit, form), status_of(form)
    return _on_to(visit)


@bp.post("/visits/<ref:reference>/refusals")
@requires(Permission.REGISTER_ARRIVAL)
def decline_slip(reference: str) -> ResponseReturnValue:
    """The customer or the broker will not sign: kept with the reason, and the slip stays unsigned."""
    visit = visit_or_404(reference, Permission.REGISTER_ARRIVAL)
    form = DeclineForm()
    if carry_out(form, slip_refusals.decline_slip, actor=me(), visit=visit) is None:
        return visit_page(visit, form), status_of(form)
    say(_("拒签已记下。"), _("没有签齐，这次不计为首次到访；当日改变主意仍可签字。"), "warn")
    return htmx.go(url_for(".show_visit", reference=visit.reference))


def _on_to(visit: Visit) -> ResponseReturnValue:
    if visit.result == "registered":
        say(_("三方已签齐。"), _("已送案场后台审核，客户从前台登记时刻起受保护。"))
    elif visit.signed_at is not None and visit.result == "natural":
        say(_("三方已签齐。"), _("报备过晚，等案场负责人决定是否例外。"), "warn")
    return htmx.go(url_for(".show_visit", reference=visit.reference))
