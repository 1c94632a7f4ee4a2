"""Distributors: the list with what runs for each, and one with its people and history; the administrator's particulars."""

from __future__ import annotations

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from portal import htmx
from portal.access import Permission, requires
from portal.addresses import searched_words
from portal.blueprints.hq import bp
from portal.edge import carry_out, check_field, say, status_of
from portal.forms.distributors import DistributorForm
from portal.models import Distributor
from portal.queries import accounts as people
from portal.queries import distributors as found
from portal.queries import partners
from portal.services import distributors
from portal.wording import page_now
from portal.wording.partners import told


@bp.get("/distributors")
@requires(Permission.SEE_DISTRIBUTORS)
def list_distributors() -> ResponseReturnValue:
    """Every distributor, searched and narrowed by the address."""
    asked = {"words": searched_words(), "status": request.args.get("status", "")}
    page = found.distributors(**asked, after=searched_words("after"))
    running = partners.running_of(page.distributors, page_now())
    return render_template("hq/distributors/list.html", page=page, asked=asked, running=running)


@bp.route("/distributors/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_DISTRIBUTORS)
def create_distributor() -> ResponseReturnValue:
    """Ask for name and registration code."""
    form = DistributorForm()
    distributor = carry_out(form, distributors.create_distributor, actor=current_user)
    if distributor is None:
        return render_template("hq/distributors/new.html", form=form), status_of(form)
    say(_("分销商已建立。"), _("接下来给它的负责人开账号。"))
    return htmx.go(url_for(".show_distributor", reference=distributor.reference))


@bp.post("/distributors/new/check")
@requires(Permission.MANAGE_DISTRIBUTORS)
def check_distributor() -> ResponseReturnValue:
    """Whether the field just left will do."""
    return check_field(DistributorForm())


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
        trail=told(partners.changes_of(distributor)),
    )


@bp.route("/distributors/<ref:reference>/change", methods=["GET", "POST"])
@requires(Permission.MANAGE_DISTRIBUTORS)
def change_distributor(reference: str) -> ResponseReturnValue:
    """Ask for the particulars as they are to be."""
    distributor = _distributor(reference)
    form = DistributorForm(obj=distributor)
    if carry_out(form, distributors.change_distributor, actor=current_user, distributor_id=distributor.id):
        say(_("已保存。"))
        return htmx.go(url_for(".show_distributor", reference=reference))
    page = {"form": form, "distributor": distributor}
    return render_template("hq/distributors/change.html", **page), status_of(form)


def _distributor(reference: str) -> Distributor:
    return found.distributor(reference) or abort(404)
