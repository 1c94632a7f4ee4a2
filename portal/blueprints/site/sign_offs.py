"""The site leader signs audited visits, never one's own audit (RE-3.4)."""

from __future__ import annotations

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import htmx
from portal.access import Permission, requires
from portal.blueprints.site import bp
from portal.blueprints.site.scope import visit_or_404
from portal.edge import carry_out, me, or_404, say, status_of
from portal.forms.audits import EmptyForm
from portal.models import Visit
from portal.queries import audits, visits
from portal.services import visit_flow
from portal.wording import page_now
from portal.wording.ink import pads
from portal.wording.visits import obstacle_words


@bp.get("/sign-offs/<ref:reference>")
@requires(Permission.SIGN_OFF_VISIT)
def show_sign_off(reference: str) -> ResponseReturnValue:
    """The audited visit as the leader needs it: who, when, what the audit said."""
    return _page(visit_or_404(reference, Permission.SIGN_OFF_VISIT), EmptyForm(formdata=None))


@bp.post("/sign-offs/<ref:reference>")
@requires(Permission.SIGN_OFF_VISIT)
def sign_off_visit(reference: str) -> ResponseReturnValue:
    """Sign; the customer then waits for the consultant."""
    visit = visit_or_404(reference, Permission.SIGN_OFF_VISIT)
    form = EmptyForm()
    if carry_out(form, visit_flow.sign_off_visit, actor=me(), visit=visit) is None:
        return _page(visit, form), status_of(form)
    say(_("已签批。"), _("等置业顾问录入。"))
    return htmx.go(url_for(".show_inbox"))


def _page(visit: Visit, form: EmptyForm) -> str:
    registration = or_404(visit.registration)
    return render_template(
        "site/sign_offs/page.html",
        visit=visit,
        registration=registration,
        rivals=audits.rivals_of(registration, page_now()),
        stage=visits.stage_at(visit, page_now()),
        form=form,
        pads=pads(visit, {}),
        obstacle=obstacle_words(visit_flow.sign_off_obstacle(visit, me())),
    )
