"""Rulings (归属裁定) as they came out for the distributor: outcome, clause, reason, the paper; never a rival (RE-Q28)."""

from __future__ import annotations

from flask import g, render_template
from flask.typing import ResponseReturnValue

from portal.access import Permission, requires
from portal.addresses import page_reference
from portal.blueprints.distributor import bp
from portal.edge import me, or_404
from portal.queries import documents, ruling_parties
from portal.wording.deals import EVENTS
from portal.wording.disclosure import page_shows
from portal.wording.ruling_parties import reason_of


@bp.get("/rulings")
@requires(Permission.SEE_OWN_RULINGS)
def list_rulings() -> ResponseReturnValue:
    """Every ruling told to the company, the newest first."""
    page = ruling_parties.page_of(me(), page_reference("before"))
    return render_template("distributor/rulings/list.html", page=page)


@bp.get("/rulings/<ref:reference>")
@requires(Permission.SEE_OWN_RULINGS)
def show_ruling(reference: str) -> ResponseReturnValue:
    """How one ruling came out for the company, why, and what can be done about it."""
    party = or_404(ruling_parties.find(reference, me()))
    g.zone = party.ruling.deal.project.zone
    return render_template(
        "distributor/rulings/show.html",
        party=party,
        paper=documents.of_subject("ruling_extract", party.id),
        event=EVENTS[party.ruling.event.kind],
        reason=reason_of(party),
        later=ruling_parties.later_than(party, me()),
        shows=page_shows(me().roles),
    )
