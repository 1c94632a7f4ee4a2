"""Distributors: the list with what runs for each, and one with its people and history; the administrator's particulars."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.access import Permission, may, requires
from portal.addresses import page_reference, sealed_words
from portal.blueprints.hq import bp
from portal.edge import check_field, create, me, or_404
from portal.forms.distributors import ChangeDistributorForm, DistributorForm
from portal.listing import kept
from portal.models import Distributor
from portal.queries import accounts as people
from portal.queries import comebacks, contracts, enforcements, exits, partners, retention, targets
from portal.queries import distributors as found
from portal.services import contract_standings, distributors
from portal.steps import change
from portal.wording import page_now
from portal.wording.contract_pages import rows_of
from portal.wording.enforcements import word_of
from portal.wording.partners import ACTS, not_now, offers, told
from portal.wording.times import moment


@bp.get("/distributors")
@requires(Permission.SEE_DISTRIBUTORS)
def list_distributors() -> ResponseReturnValue:
    """Every distributor, searched and narrowed by the address."""
    asked = {"words": sealed_words(), "status": request.args.get("status", "")}
    page = found.distributors(**asked, after=page_reference("after"))
    running = partners.running_of(page.distributors, page_now())
    return render_template(
        "hq/distributors/list.html", page=page, asked=asked, kept=kept("s", "status"), running=running
    )


@bp.route("/distributors/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_DISTRIBUTORS)
def create_distributor() -> ResponseReturnValue:
    """Ask for name and registration code."""
    return create(
        "hq/distributors/new.html",
        DistributorForm(),
        distributors.create_distributor,
        said=(_("分销商已建立。"), _("还没有合同，不能报备：起草合同，或登记已经签好的纸质合同。")),
        where=lambda made: url_for(".show_distributor", reference=made.reference, _anchor="contracts"),
    )


@bp.post("/distributors/new/check")
@requires(Permission.MANAGE_DISTRIBUTORS)
def check_distributor() -> ResponseReturnValue:
    """Whether the field just left will do."""
    return check_field(DistributorForm())


#: How the page of a distributor says what can be done about the cooperation.
_OFFERED: dict[str, Any] = {"partner_offers": offers, "partner_not_now": not_now, "partner_acts": ACTS}


@bp.get("/distributors/<ref:reference>")
@requires(Permission.SEE_DISTRIBUTORS)
def show_distributor(reference: str) -> ResponseReturnValue:
    """One distributor: particulars, status, people, and what can be done about the cooperation."""
    distributor = _distributor(reference)
    return render_template(
        "hq/distributors/show.html",
        distributor=distributor,
        staff=people.people_of(distributor),
        effects=partners.effects_of(distributor, page_now()),
        targets=targets.progress_of(distributor, page_now()) if may(me(), Permission.SEE_CONTRACTS) else [],
        trail=told(partners.changes_of(distributor)),
        enforced=_enforced(distributor),
        contracts=_contracts(distributor),
        ending=exits.current_of(distributor.id),
        kept=retention.kept_of(distributor),
        comeback=comebacks.comeback_of(distributor, page_now()) if comebacks.is_back(distributor) else None,
        **_OFFERED,
    )


@bp.route("/distributors/<ref:reference>/change", methods=["GET", "POST"])
@requires(Permission.MANAGE_DISTRIBUTORS)
def change_distributor(reference: str) -> ResponseReturnValue:
    """Ask for the particulars as they are to be."""
    distributor = _distributor(reference)
    form = ChangeDistributorForm.of(distributors.shown_values(distributor))
    return change(
        "hq/distributors/change.html",
        form,
        distributors.change_distributor,
        page={"distributor": distributor},
        where=url_for(".show_distributor", reference=reference),
        distributor_id=distributor.id,
    )


def _enforced(distributor: Distributor) -> list[dict[str, str]]:
    """What was carried out about it, as ``ui.inbox`` takes it."""
    return [
        {
            "url": url_for(".show_enforcement", reference=one.reference),
            "what": word_of(one),
            "due": moment(one.asked_at),
            "tone": "",
            "meta": " · ".join(part for part in (one.reference, one.asked_by.name if one.asked_by else "") if part),
        }
        for one in enforcements.enforcements(distributor=distributor).rows
    ]


def _contracts(distributor: Distributor) -> list[dict[str, Any]]:
    concluded, now = contracts.of_distributor(distributor), page_now()
    return rows_of(concluded, contract_standings.codes_of(concluded, now), now, "hq.show_contract")


def _distributor(reference: str) -> Distributor:
    return or_404(found.distributor(reference))
