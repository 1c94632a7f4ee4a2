"""Relations between customers (亲属关系): recorded by the back office with their proof, withdrawn when wrong (RE-8.8)."""

from __future__ import annotations

from flask import g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import htmx
from portal.access import Permission, requires
from portal.addresses import page_reference
from portal.blueprints.site import bp
from portal.blueprints.site.scope import my_project, my_projects
from portal.edge import carry_out, me, or_404, say, status_of
from portal.forms.relations import RelationForm, WithdrawalForm
from portal.models import Deal
from portal.queries import relations, site_deals
from portal.services import relations as commands
from portal.wording.deals import RELATIONS


@bp.get("/relations")
@requires(Permission.RECORD_RELATION)
def list_relations() -> ResponseReturnValue:
    """The relations of the project, the newest first, withdrawn ones too."""
    project = my_project(Permission.RECORD_RELATION)
    projects = my_projects(Permission.RECORD_RELATION)
    found = relations.of_project(project.id)
    page = {"project": project, "projects": projects, "relations": found, "kinds": RELATIONS}
    return render_template("site/relations/list.html", **page)


@bp.route("/relations/new", methods=["GET", "POST"])
@requires(Permission.RECORD_RELATION)
def record_relation() -> ResponseReturnValue:
    """Ask for the relative and what proves it; ``deal`` in the address offers that deal's buyers."""
    deal = _deal()
    project = deal.project if deal else my_project(Permission.RECORD_RELATION)
    form = RelationForm().offer(deal.events[-1].buyers if deal else ())
    if carry_out(form, commands.record_with_paper, actor=me(), project=project):
        say(_("已登记亲属关系。"), _("以后登记的成交会用上它；已有的成交请重新裁定。"))
        return htmx.go(_back(deal))
    return render_template("site/relations/form.html", form=form, project=project, deal=deal), status_of(form)


@bp.route("/relations/<id:relation_id>/withdraw", methods=["GET", "POST"])
@requires(Permission.RECORD_RELATION)
def withdraw_relation(relation_id: int) -> ResponseReturnValue:
    """Ask why; the relation stays on record as withdrawn, rulings made with it stay until somebody rules anew."""
    relation = or_404(relations.find(relation_id, me(), Permission.RECORD_RELATION))
    form = WithdrawalForm()
    if carry_out(form, commands.withdraw_relation, actor=me(), relation=relation):
        say(_("已撤回。"), _("原来的记录保留，不再参与认定。"))
        return htmx.go(_back(_deal()))
    page = {"relation": relation, "deal": _deal(), "kinds": RELATIONS}
    return render_template("site/relations/withdraw.html", form=form, **page), status_of(form)


def _deal() -> Deal | None:
    if not request.args.get("deal"):
        return None
    deal = or_404(site_deals.find(or_404(page_reference("deal")), me(), Permission.RECORD_RELATION))
    g.zone = deal.project.zone
    return deal


def _back(deal: Deal | None) -> str:
    return url_for(".show_deal", reference=deal.reference) if deal else url_for(".list_relations")
