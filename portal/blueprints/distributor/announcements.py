"""Tell the site that a filed customer is coming (RE-3.1)."""

from __future__ import annotations

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import htmx
from portal.access import Permission, requires
from portal.blueprints.distributor import bp
from portal.blueprints.distributor.scope import registration_or_404
from portal.edge import carry_out, me, say, status_of
from portal.forms.announcements import AnnouncementForm
from portal.services.arrival_notices import announce_arrival as announce


@bp.route("/customers/<ref:reference>/arrival", methods=["GET", "POST"])
@requires(Permission.SEE_OWN_REGISTRATIONS)
def announce_arrival(reference: str) -> ResponseReturnValue:
    """Ask when they arrive; the board of the day shows it."""
    registration = registration_or_404(reference)
    form = AnnouncementForm()
    form.zone = registration.project.zone
    if carry_out(form, announce, actor=me(), registration=registration):
        say(_("已通知案场。"), _("以前台登记的时间为准。"))
        return htmx.go(url_for(".show_registration", reference=reference))
    page = {"form": form, "registration": registration_or_404(reference)}
    return render_template("distributor/announcements/new.html", **page), status_of(form)
