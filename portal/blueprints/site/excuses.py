"""The site leader excuses a filing that came too late, or does not, with a reason (RE-Q4)."""

from __future__ import annotations

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import htmx
from portal.access import Permission, requires
from portal.blueprints.site import bp
from portal.blueprints.site.scope import visit_or_404
from portal.edge import carry_out, me, or_404, say, status_of
from portal.forms.audits import DeclineExcuseForm, ExcuseForm
from portal.models import Visit
from portal.queries import visits
from portal.services import visit_flow
from portal.wording import page_now
from portal.wording.ink import pads
from portal.wording.visits import obstacle_words


@bp.get("/excuses/<ref:reference>")
@requires(Permission.EXCUSE_LATE_FILING)
def show_excuse(reference: str) -> ResponseReturnValue:
    """The late filing and its visit; of the form only what would succeed."""
    return _page(visit_or_404(reference, Permission.EXCUSE_LATE_FILING), ExcuseForm(formdata=None))


@bp.post("/excuses/<ref:reference>")
@requires(Permission.EXCUSE_LATE_FILING)
def excuse_late_filing(reference: str) -> ResponseReturnValue:
    """Let the visit count from its arrival, with the reason on record."""
    visit = visit_or_404(reference, Permission.EXCUSE_LATE_FILING)
    form = ExcuseForm()
    if carry_out(form, visit_flow.excuse_late_filing, actor=me(), visit=visit) is None:
        return _page(visit, form), status_of(form)
    say(_("已例外批准。"), _("保护从到访时起算，已送案场后台审核。"))
    return htmx.go(url_for(".show_inbox"))


@bp.post("/excuses/<ref:reference>/decline")
@requires(Permission.EXCUSE_LATE_FILING)
def decline_excuse(reference: str) -> ResponseReturnValue:
    """Do not excuse; the distributor is told why, and nothing waits any longer."""
    visit = visit_or_404(reference, Permission.EXCUSE_LATE_FILING)
    form = DeclineExcuseForm()
    if carry_out(form, visit_flow.decline_excuse, actor=me(), visit=visit) is None:
        return _page(visit, form), status_of(form)
    say(_("没有例外批准。"), _("这次到访保持自然到访，原因已告知分销商。"))
    return htmx.go(url_for(".show_inbox"))


def _page(visit: Visit, form: ExcuseForm | DeclineExcuseForm) -> str:
    return render_template(
        "site/excuses/page.html",
        visit=visit,
        registration=or_404(visit.registration),
        stage=visits.stage_at(visit, page_now()),
        form=form,
        pads=pads(visit, {}),
        obstacle=obstacle_words(visit_flow.excuse_obstacle(visit)),
        may_decline=visit.excuse_declined_at is None and visit_flow.decline_obstacle(visit) is None,
    )
