"""The property consultant enters signed-off customers; the channel source is fixed (RE-3.5, RE-3.6)."""

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
from portal.queries import site_inbox, visits
from portal.services import visit_flow
from portal.wording import page_now


@bp.get("/entries")
@requires(Permission.ENTER_CUSTOMER)
def list_entries() -> ResponseReturnValue:
    """The customers that wait to be entered, the first visit first."""
    return render_template("site/entries/list.html", waiting=site_inbox.entries(me(), page_now()))


@bp.get("/entries/<ref:reference>")
@requires(Permission.ENTER_CUSTOMER)
def show_entry(reference: str) -> ResponseReturnValue:
    """The customer and the channel source, to be confirmed."""
    return _page(visit_or_404(reference, Permission.ENTER_CUSTOMER), EmptyForm(formdata=None))


@bp.post("/entries/<ref:reference>")
@requires(Permission.ENTER_CUSTOMER)
def enter_customer(reference: str) -> ResponseReturnValue:
    """Enter the customer under the distributor; nobody changes the source afterwards."""
    visit = visit_or_404(reference, Permission.ENTER_CUSTOMER)
    form = EmptyForm()
    if carry_out(form, visit_flow.enter_customer, actor=me(), visit=visit) is None:
        return _page(visit, form), status_of(form)
    say(_("已录入。"), _("渠道来源已标注，不再更改；保护期从到访起算。"))
    return htmx.go(url_for(".list_entries"))


def _page(visit: Visit, form: EmptyForm) -> str:
    return render_template(
        "site/entries/page.html",
        visit=visit,
        registration=or_404(visit.registration),
        stage=visits.stage_at(visit, page_now()),
        form=form,
    )
