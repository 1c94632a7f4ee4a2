"""One visit: what it came out as, its slip to sign, where its flow stands, its documents."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, render_template
from flask.typing import ResponseReturnValue

from portal.access import Permission, may_in, requires
from portal.blueprints.site import bp
from portal.blueprints.site.scope import visit_or_404
from portal.edge import me
from portal.forms.slips import DeclineForm, PaperSlipForm, SlipSignatureForm
from portal.models import Visit
from portal.papers import pdf
from portal.queries import documents, visits
from portal.services.editions import edition_of
from portal.services.slips import signers
from portal.services.visits import slip_values
from portal.wording import page_now
from portal.wording.ink import pads
from portal.wording.visits import lead_words


@bp.get("/visits/<ref:reference>")
@requires(Permission.SEE_SITE_BOARD)
def show_visit(reference: str) -> ResponseReturnValue:
    """The visit with its slip; whoever registers arrivals has it signed here."""
    return visit_page(visit_or_404(reference, Permission.SEE_SITE_BOARD))


@bp.get("/visits/<ref:reference>/slip.pdf")
@requires(Permission.SEE_SITE_BOARD)
def download_slip(reference: str) -> ResponseReturnValue:
    """The printed visit slip, once the worker has printed it."""
    visit = visit_or_404(reference, Permission.SEE_SITE_BOARD)
    return pdf(documents.of_subject("visit_slip", visit.id), inline_as=visit.reference)


@bp.get("/visits/<ref:reference>/paper.jpg")
@requires(Permission.SEE_SITE_BOARD)
def show_paper_slip(reference: str) -> ResponseReturnValue:
    """The photograph of the paper slip."""
    visit = visit_or_404(reference, Permission.SEE_SITE_BOARD)
    photo = next((row.image for row in visit.signatures if row.method == "paper" and row.image), None)
    if photo is None:
        abort(404)
    return Response(photo, mimetype="image/jpeg")


def visit_page(visit: Visit, form: SlipSignatureForm | PaperSlipForm | DeclineForm | None = None) -> str:
    """The page of a visit, with what is wrong with a signature, photograph or refusal that was just sent."""
    decline = form if isinstance(form, DeclineForm) else DeclineForm(formdata=None)
    return render_template("site/visits/page.html", form=form, decline=decline, **visit_values(visit))


def visit_values(visit: Visit) -> dict[str, Any]:
    """What the page of a visit shows."""
    refusals = visits.standing_refusals(visit)
    stage = visits.stage_at(visit, page_now(), declined=bool(refusals))
    open_slip = visits.may_be_signed(stage) and may_in(me(), Permission.REGISTER_ARRIVAL, visit.project_id)
    return {
        "visit": visit,
        "registration": visit.registration,
        "stage": stage,
        "lead": lead_words(visit),
        "pads": pads(visit, signers(visit, visit.registered_by or me()), refusals),
        "refusals": refusals,
        "open_slip": open_slip,
        "seen": edition_of(slip_values(visit)) if open_slip and visit.registration else "",
        "slip": documents.of_subject("visit_slip", visit.id),
        "may_see_filing": may_in(me(), Permission.SEE_SITE_REGISTRATIONS, visit.project_id),
    }
