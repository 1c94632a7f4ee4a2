"""What was done when a cooperation was stopped, ended or taken up again, line by line; commissions that wait are released."""

from __future__ import annotations

from typing import Any

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import htmx
from portal.access import Permission, requires
from portal.addresses import page_reference
from portal.blueprints.hq import bp
from portal.edge import or_404
from portal.forms.enforcements import ReleaseForm
from portal.models import Enforcement
from portal.queries import distributors
from portal.queries import enforcements as found
from portal.services import commission_holds
from portal.steps import change
from portal.wording.enforcements import EFFECTS, lines_of, pills_of, place_of, word_of


@bp.get("/enforcements")
@requires(Permission.SEE_ENFORCEMENTS)
def list_enforcements() -> ResponseReturnValue:
    """Everybody's, the newest first, or those of the distributor in the address."""
    asked = page_reference("distributor")
    distributor = or_404(distributors.distributor(asked)) if asked else None
    page = found.enforcements(distributor=distributor, before=page_reference("after"))
    return render_template("hq/enforcements/list.html", page=page, distributor=distributor, word_of=word_of)


@bp.get("/enforcements/<ref:reference>")
@requires(Permission.SEE_ENFORCEMENTS)
def show_enforcement(reference: str) -> ResponseReturnValue:
    """Its steps and the registrations it touched. The page asks again by itself until the worker is done."""
    enforcement = or_404(found.find(reference))
    if htmx.wants_fragment() and enforcement.finished_at is not None:
        return htmx.go(url_for(".show_enforcement", reference=reference))
    return htmx.render("hq/enforcements/show.html", "hq/enforcements/_steps.html", **_page(enforcement))


@bp.route("/enforcements/<ref:reference>/holds/<ref:deal>", methods=["GET", "POST"])
@requires(Permission.RELEASE_COMMISSION)
def release_commission(reference: str, deal: str) -> ResponseReturnValue:
    """Ask why the commission of one deal may be put forward again."""
    hold = or_404(found.hold_of(reference, deal))
    return change(
        "hq/enforcements/release.html",
        ReleaseForm(),
        commission_holds.release,
        page={"deal": hold.deal, "distributor": hold.enforcement.distributor, "reference": reference},
        where=url_for(".show_enforcement", reference=reference),
        hold=hold,
    )


def _page(enforcement: Enforcement) -> dict[str, Any]:
    counts = found.counts(enforcement)
    pills = pills_of(counts)
    effect = request.args.get("effect") or (pills[0][0] if pills else "voided")
    if effect not in EFFECTS:
        abort(404)
    return {
        "enforcement": enforcement,
        "word": word_of(enforcement),
        "lines": lines_of(enforcement),
        "pills": pills,
        "effect": effect,
        "touched": found.effects(enforcement, effect, after=page_reference("after")),
        "place_of": place_of,
        "holds": found.holds(enforcement),
        "title": _("%(word)s：%(name)s", word=word_of(enforcement), name=enforcement.distributor.name),
    }
