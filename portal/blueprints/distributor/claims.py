"""Clash claims (撞单申请): by a customer of one's own whose purchase was recorded, or by the number of a buyer (RE-8.1)."""

from __future__ import annotations

from typing import Any

from flask import g, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal import htmx
from portal.access import Permission, requires
from portal.addresses import page_reference
from portal.blueprints.distributor import bp
from portal.blueprints.distributor.scope import open_projects, registration_or_404
from portal.edge import carry_out, me, or_404, say, status_of
from portal.forms.claims import ClaimForm, EvidenceForm, NumberClaimForm
from portal.limits import may_type_a_number
from portal.models import Claim
from portal.navigation import Item, Section, navigation
from portal.queries import claims, ruling_parties
from portal.services.claim_offers import ClaimOffer, offer_for
from portal.services.claim_sending import add_evidence, may_add_evidence, send_claim, send_number
from portal.services.typed_claims import own_filings
from portal.wording import page_now, page_zone, times
from portal.wording.claims import answer_of, event_words, flags_of, number_of, shown
from portal.wording.refusals import TOO_MANY_CLAIMS, describe

CLAIMS = Item(
    _l("撞单申请"),
    "scale",
    "distributor.list_claims",
    covers=("distributor.show_claim", "distributor.claim_by_number", "distributor.claim_registration"),
)
RULINGS = Item(_l("归属裁定"), "gavel", "distributor.list_rulings", covers=("distributor.show_ruling",))
for _role in ("broker", "owner"):
    navigation.add(_role, Section((CLAIMS, RULINGS), _l("成交与归属")))


@bp.get("/claims")
@requires(Permission.CLAIM_DEAL)
def list_claims() -> ResponseReturnValue:
    """The claims made, the newest first."""
    page = claims.page_of(me(), page_reference("before"))
    rows = [shown(claim, page_now()) for claim in page.claims]
    return render_template("distributor/claims/list.html", rows=rows, page=page, number_of=number_of)


@bp.route("/claims/new", methods=["GET", "POST"])
@requires(Permission.CLAIM_DEAL)
def claim_by_number() -> ResponseReturnValue:
    """Ask for a number; every number that could be one is answered the same, at the same time."""
    form = _number_form()
    if form.validate_on_submit() and not may_type_a_number(me()):
        form.refusal = describe(TOO_MANY_CLAIMS)
        return render_template("distributor/claims/new.html", form=form), 429
    reference = carry_out(form, send_number, actor=me())
    if reference is not None:
        return _received(reference)
    return render_template("distributor/claims/new.html", form=form), status_of(form)


@bp.route("/customers/<ref:reference>/claims/<ref:event>", methods=["GET", "POST"])
@requires(Permission.CLAIM_DEAL)
def claim_registration(reference: str, event: str) -> ResponseReturnValue:
    """Claim the deal of a customer of one's own; where that would be refused, say why instead of a form."""
    offer = _offer_or_404(reference, event)
    form = ClaimForm()
    made = carry_out(form, send_claim, actor=me(), registration=offer.registration, event=offer.event)
    if made is not None:
        return _received(made)
    return _claim_page(form, _offer_or_404(reference, event))


@bp.get("/claims/<ref:reference>")
@requires(Permission.CLAIM_DEAL)
def show_claim(reference: str) -> ResponseReturnValue:
    """The receipt: number, time, what was said and brought, what comes next; later the answer."""
    return render_template("distributor/claims/show.html", **_page_of(_claim_or_404(reference), EvidenceForm()))


@bp.post("/claims/<ref:reference>/evidence")
@requires(Permission.CLAIM_DEAL)
def add_claim_evidence(reference: str) -> ResponseReturnValue:
    """Take more files while the claim is open."""
    claim, form = _claim_or_404(reference), EvidenceForm()
    if carry_out(form, add_evidence, actor=me(), claim=claim):
        say(_("已补交证据。"), _("随申请一起交案场后台核对。"))
        return htmx.go(url_for(".show_claim", reference=reference))
    return render_template("distributor/claims/show.html", **_page_of(_claim_or_404(reference), form)), status_of(form)


def _offer_or_404(reference: str, event: str) -> ClaimOffer:
    return or_404(offer_for(registration_or_404(reference), event, me(), page_now()))


def _claim_page(form: ClaimForm, offer: ClaimOffer) -> ResponseReturnValue:
    refused = form.refusal or (describe(offer.refusal) if offer.refusal else None)
    page = {"form": form, "offer": offer, "said": event_words(offer, page_now()), "refused": refused}
    return render_template("distributor/claims/claim.html", **page), status_of(form)


def _number_form() -> NumberClaimForm:
    projects = open_projects()
    usual = next((one.code for one in projects if one.id == me().last_project_id), None)
    only = projects[0].code if len(projects) == 1 else None
    return NumberClaimForm(projects, data={"project": usual or only})


def _received(reference: str) -> ResponseReturnValue:
    until = times.until(_claim_or_404(reference).answer_at, page_zone())
    say(
        _("已收到撞单申请 %(reference)s。", reference=reference),
        _("案场后台核对，%(until)s 后答复，会通知您。", until=until),
    )
    return htmx.go(url_for(".show_claim", reference=reference))


def _claim_or_404(reference: str) -> Claim:
    claim = or_404(claims.find(reference, me()))
    g.zone = claim.project.zone
    return claim


def _page_of(claim: Claim, form: EvidenceForm) -> dict[str, Any]:
    now = page_now()
    answered = claim.typed is not None and now >= claim.answer_at
    own = own_filings(claim) if answered else ()
    return {
        "claim": claim,
        "form": form,
        "shown": shown(claim, now),
        "number": number_of(claim) if claim.typed else "",
        "flags": flags_of(claim),
        "answer": answer_of(own) if answered else "",
        "own": [one for one in own if "owner" in me().roles or one.broker_id == me().id],
        "registration": claims.registration_of(claim, me()),
        "ruling": ruling_parties.answering(claim, me()),
        "may_add": may_add_evidence(claim, now),
    }
