"""Deals (成交): the consultant records what a buyer does; the owner and its clause are told at once (RE-8)."""

from __future__ import annotations

from typing import Any

from flask import abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import htmx, listing
from portal.access import Permission, may_in, requires
from portal.addresses import page_reference, sealed_words
from portal.blueprints.site import bp
from portal.blueprints.site.scope import my_project, my_projects
from portal.edge import carry_out, me, or_404, say, status_of
from portal.forms.deals import DealEventForm, begun, following
from portal.models import Deal, DealEvent
from portal.queries import relations, site_deals
from portal.revealing import reveal_buyer
from portal.services import deals
from portal.services.editions import edition_of
from portal.wording import page_now
from portal.wording.deals import CHANGES, EVENTS
from portal.wording.site_registrations import told
from portal.wording.trails import FIELD_WORDS


@bp.get("/deals")
@requires(Permission.SEE_SITE_DEALS)
def list_deals() -> ResponseReturnValue:
    """The project's deals, newest first; the address is the filter."""
    project, words = my_project(Permission.SEE_SITE_DEALS), sealed_words()
    try:
        page = site_deals.page_of(project.id, words, after=page_reference("after"), before=page_reference("before"))
    except site_deals.UnknownKey:
        abort(404)
    projects = my_projects(Permission.SEE_SITE_DEALS)
    kept = listing.kept("s", "project")
    values = {"project": project, "projects": projects, "page": page, "words": words, "kept": kept, "events": EVENTS}
    return render_template("site/deals/list.html", **values)


@bp.route("/deals/new", methods=["GET", "POST"])
@requires(Permission.RECORD_DEAL)
def record_deal() -> ResponseReturnValue:
    """Ask for the first event of a new deal; its page then says whose it is."""
    project = my_project(Permission.RECORD_DEAL)
    form = DealEventForm(data=begun(page_now(), project.zone)).offer(deals.next_events(None), project.zone)
    page = {"project": project, "projects": my_projects(Permission.RECORD_DEAL), "deal": None}
    if _wants_other_rows(form):
        return _rows(form, page)
    event = carry_out(form, deals.open_by_hand, actor=me(), project=project)
    return _page(form, page) if event is None else _done(event)


@bp.route("/deals/<ref:reference>/events/new", methods=["GET", "POST"])
@requires(Permission.RECORD_DEAL)
def record_event(reference: str) -> ResponseReturnValue:
    """Ask for the next event of a deal, with the buyers of the last one; what changes is kept beside it."""
    deal = _deal(reference, Permission.RECORD_DEAL)
    last, zone = deal.events[-1], deal.project.zone
    data = None if request.method == "POST" else following(last.buyers, deal.unit, page_now(), zone)
    known = [buyer for event in deal.events for buyer in event.buyers]
    form = DealEventForm(data=data).offer(deals.next_events(deal), zone, known)
    page = {"project": deal.project, "deal": deal, "seen": edition_of(deals.last_values(deal))}
    page |= {"last": last, "event_words": EVENTS}
    if _wants_other_rows(form):
        return _rows(form, page)
    event = carry_out(form, deals.add_event, actor=me(), deal=deal)
    return _page(form, page) if event is None else _done(event)


@bp.get("/deals/<ref:reference>")
@requires(Permission.SEE_SITE_DEALS)
def show_deal(reference: str) -> ResponseReturnValue:
    """One deal: its owner with the clause, its events with what changed, its buyers, their family, its history."""
    deal = _deal(reference, Permission.SEE_SITE_DEALS)
    return render_template("site/deals/show.html", deal=deal, **_shown(deal))


@bp.post("/deals/<ref:reference>/buyers/<id:buyer_id>/reveal")
@requires(Permission.SEE_SITE_DEALS)
def reveal_deal_buyer(reference: str, buyer_id: int) -> ResponseReturnValue:
    """Ask for a reason; with one, show the whole numbers of a buyer for this answer."""
    deal = _deal(reference, Permission.SEE_SITE_DEALS)
    buyer = or_404(site_deals.buyer_of(deal, buyer_id))
    return reveal_buyer(buyer, url=request.path, back=url_for(".show_deal", reference=reference))


def _deal(reference: str, permission: Permission) -> Deal:
    deal = or_404(site_deals.find(reference, me(), permission))
    g.zone = deal.project.zone
    return deal


def _wants_other_rows(form: DealEventForm) -> bool:
    """A button that adds or takes away a buyer: nothing is checked or recorded yet."""
    if not form.is_submitted() or "rows" not in request.form:
        return False
    form.change_rows(request.form["rows"])
    return True


def _rows(form: DealEventForm, page: dict[str, Any]) -> ResponseReturnValue:
    return htmx.render("site/deals/form.html", "site/deals/_buyers.html", form=form, **page)


def _page(form: DealEventForm, page: dict[str, Any]) -> ResponseReturnValue:
    return render_template("site/deals/form.html", form=form, **page), status_of(form)


def _done(event: DealEvent) -> ResponseReturnValue:
    say(_("已登记%(event)s。", event=EVENTS[event.kind]), _("归属已按规则得出，见下。"))
    return htmx.go(url_for(".show_deal", reference=site_deals.number_of(event)))


def _shown(deal: Deal) -> dict[str, Any]:
    back_office = may_in(me(), Permission.RECORD_RELATION, deal.project_id)
    return {
        "told": site_deals.told(deal),
        "next_kinds": deals.next_events(deal),
        "events": EVENTS,
        "change_words": CHANGES,
        "field_names": FIELD_WORDS,
        "family": relations.family_of(deal),
        "relations": relations.of_deal(deal) if back_office else [],
        "trail": told(site_deals.history_of(deal), deal.project.zone),
    }
