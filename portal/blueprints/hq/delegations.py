"""Delegations (签批授权): who signs in whose place on which days; named by the person itself or the administrator (DO-Q2)."""

from __future__ import annotations

from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal import htmx
from portal.access import Permission, requires
from portal.blueprints.hq import bp
from portal.edge import carry_out, me, or_404, say, status_of
from portal.forms.delegations import DelegationForm, EndForm
from portal.models import Delegation
from portal.navigation import Item, Section, navigation
from portal.queries import delegations as found
from portal.services import delegations
from portal.services.contract_drafts import today
from portal.wording import page_now
from portal.wording.delegations import rows_of

DELEGATIONS = Item(_l("签批授权"), "user-check", "hq.list_delegations", covers=("hq.name_deputy", "hq.end_delegation"))
for _role in (
    *("department_manager", "general_manager", "hq_channel", "customer_service", "finance"),
    *("administrator", "auditor"),
):
    navigation.add(_role, Section((DELEGATIONS,)))


@bp.get("/delegations")
@requires(Permission.SEE_DELEGATIONS)
def list_delegations() -> ResponseReturnValue:
    """One's own as principal or deputy; every one for the administrator and the auditor."""
    return _list(EndForm())


@bp.route("/delegations/new", methods=["GET", "POST"])
@requires(Permission.DELEGATE)
def name_deputy() -> ResponseReturnValue:
    """Ask in whose place, whom, on which days, and why."""
    form = DelegationForm(data={"first_day": today(page_now())})
    form.offer(found.places_for(me()), found.candidates())
    if carry_out(form, delegations.name_deputy, actor=me()) is None:
        return render_template("hq/delegations/new.html", form=form), status_of(form)
    say(_("授权已登记。"), _("当事人已收到通知。"))
    return htmx.go(url_for(".list_delegations"))


@bp.post("/delegations/<ref:reference>/end")
@requires(Permission.DELEGATE)
def end_delegation(reference: str) -> ResponseReturnValue:
    """Take it back from this instant."""
    form = EndForm()
    if carry_out(form, delegations.take_back, actor=me(), delegation=_ours(reference)) is None:
        return _list(form), status_of(form)
    say(_("授权已收回。"), _("从现在起不能再代签。"))
    return htmx.go(url_for(".list_delegations"))


def _ours(reference: str) -> Delegation:
    return or_404(found.find(reference, me()))


def _list(form: Any) -> str:
    rows = rows_of(found.shown_to(me()), me(), page_now())
    return render_template("hq/delegations/list.html", rows=rows, form=form)
