"""The site corrects customer data; what was filed stays beside it for ever (RE-Q43)."""

from __future__ import annotations

from flask import g, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import htmx
from portal.access import Permission, requires
from portal.blueprints.site import bp
from portal.edge import carry_out, me, or_404, say, status_of
from portal.forms.corrections import CorrectionForm
from portal.queries import site_registrations
from portal.services import corrections


@bp.route("/registrations/<ref:reference>/correct", methods=["GET", "POST"])
@requires(Permission.CORRECT_CUSTOMER)
def correct_customer(reference: str) -> ResponseReturnValue:
    """Ask for the fields as they are to be and the reason; the filing keeps its time."""
    registration = or_404(site_registrations.find(reference, me(), Permission.CORRECT_CUSTOMER))
    g.zone = registration.project.zone
    form = CorrectionForm.of(corrections.shown_values(registration))
    if carry_out(form, corrections.correct_customer, actor=me(), registration=registration):
        say(_("已更正。"), _("报备时间不变，原来的内容保留在旁边。"))
        return htmx.go(url_for(".show_registration", reference=reference))
    page = {"form": form, "registration": registration, "before": site_registrations.corrections_of(registration)}
    return render_template("site/corrections/page.html", **page), status_of(form)
