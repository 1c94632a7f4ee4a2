"""Alerts about the company's own people (RE-7.2): each with its facts; a case is opened on it, or it is set aside."""

from __future__ import annotations

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import htmx
from portal.access import Permission, requires
from portal.addresses import page_number_key
from portal.blueprints.hq import bp
from portal.edge import carry_out, me, or_404, say, status_of
from portal.forms.findings import SetAsideForm
from portal.models import Alert
from portal.queries import alerts
from portal.services.alerts import set_aside
from portal.wording import alerts as words

PILLS = ("open", "closed")


@bp.get("/alerts")
@requires(Permission.SEE_ALERTS)
def list_alerts() -> ResponseReturnValue:
    """What the worker found, the newest first."""
    return _page()


@bp.post("/alerts/<id:alert_id>/set-aside")
@requires(Permission.DECIDE_FINDING)
def set_alert_aside(alert_id: int) -> ResponseReturnValue:
    """Nothing is in it, and why."""
    alert, form = or_404(alerts.find(alert_id)), SetAsideForm()
    if carry_out(form, set_aside, actor=me(), alert=alert) is None:
        return _page((alert, form)), status_of(form)
    say(_("预警已排除。"), _("经办人和理由都已记录。"))
    return htmx.go(url_for(".list_alerts"))


def _page(sent: tuple[Alert, SetAsideForm] | None = None) -> str:
    shown = request.args.get("show", "open")
    if shown not in PILLS:
        abort(404)
    before = page_number_key("before")
    return render_template(
        "hq/alerts/list.html", page=alerts.page_of(shown, before), shown=shown, words=words, sent=sent
    )
