"""The channel department's hold on a cooperation: suspend, blacklist, take back; what follows is said before it is done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import htmx
from portal.access import Permission, requires
from portal.blueprints.hq import bp
from portal.edge import carry_out, me, or_404, say, status_of
from portal.forms.distributors import StatusForm
from portal.forms.exits import TerminationForm
from portal.queries import comebacks, partners
from portal.queries import distributors as found
from portal.services import exits, partner_standing, partnership
from portal.wording import page_now
from portal.wording.history import describe
from portal.wording.partners import ACTS, comes_back, consequences

#: What can be done about a cooperation, by the word in the address. A termination is proposed here; another confirms it.
STEPS: dict[str, Callable[..., Any]] = {
    "warn": partner_standing.warn,
    "downgrade": partner_standing.downgrade,
    "urge": partner_standing.urge,
    "recover": partner_standing.recover,
    "suspend": partnership.suspend,
    "reinstate": partnership.reinstate,
    "terminate": exits.propose_termination,
    "blacklist": partnership.blacklist,
}
_WORDS = ", ".join(STEPS)


@bp.route(f"/distributors/<ref:reference>/<any({_WORDS}):step>", methods=["GET", "POST"])
@requires(Permission.CHANGE_DISTRIBUTOR_STATUS)
def change_distributor_status(reference: str, step: str) -> ResponseReturnValue:
    """Ask why; say what follows, with numbers; do it once that is confirmed (DM-12.1, RE-5.4)."""
    distributor = or_404(found.distributor(reference))
    form = TerminationForm() if step == "terminate" else StatusForm()
    if request.form.get("confirmed") == "yes" and carry_out(form, STEPS[step], actor=me(), distributor=distributor):
        say(_("已提出。") if step == "terminate" else _("合作状态已更改。"), _last_change(reference))
        return htmx.go(url_for(".show_distributor", reference=reference))
    asked = form.is_submitted() and "back" not in request.form and form.validate() and form.refusal is None
    status = 200 if asked or "back" in request.form else status_of(form)
    page = _page(reference, step) | {"form": form, "confirm": asked}
    return render_template("hq/distributors/status.html", **page), status


def _page(reference: str, step: str) -> dict[str, Any]:
    """The distributor as it stands now, and what the step would do."""
    distributor = or_404(found.distributor(reference))
    if step == "reinstate":
        follows = comes_back(comebacks.comeback_of(distributor, page_now()))
    else:
        follows = consequences(step, partners.effects_of(distributor, page_now()))
    return {"distributor": distributor, "step": step, "follows": follows, "act": ACTS[step]}


def _last_change(reference: str) -> str:
    entry = partners.changes_of(or_404(found.distributor(reference)))[0].entry
    return describe(entry.verb, entry.facts)
