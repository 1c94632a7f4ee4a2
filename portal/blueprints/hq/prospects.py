"""Prospects (潜在分销商): found, spoken to, evaluated, invited to apply, dropped (CM-2.1 to 2.3)."""

from __future__ import annotations

from typing import Any

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from portal.access import Permission, requires
from portal.addresses import page_number_key
from portal.blueprints.hq import bp
from portal.edge import create, or_404
from portal.forms.prospects import ButtonForm, DropForm, EvaluationForm, ProspectContactForm, ProspectForm
from portal.models import Prospect
from portal.queries import prospects as found
from portal.services import prospects
from portal.steps import take_step
from portal.wording import page_now
from portal.wording.prospects import CONTACTS, EVALUATED, PILLS, SOURCES, STATES, address_of, rows_of

#: What is done about a prospect, by the word in the address.
_DEEDS: dict[str, tuple[type[Any], Any]] = {
    "contacts": (ProspectContactForm, prospects.note_contact),
    "evaluation": (EvaluationForm, prospects.evaluate),
    "invitation": (ButtonForm, prospects.invite),
    "end": (DropForm, prospects.drop),
}


@bp.get("/care/prospects")
@requires(Permission.SEE_CARE)
def list_prospects() -> ResponseReturnValue:
    """Who might become a distributor, the newest first; who was dropped."""
    shown = request.args.get("show", "open")
    if shown not in PILLS:
        abort(404)
    page = found.page_of(dropped=shown == "dropped", before=page_number_key("before"))
    rows = rows_of(page.prospects, page_now())
    return render_template("hq/prospects/list.html", page=page, rows=rows, shown=shown, pills=PILLS)


@bp.route("/care/prospects/new", methods=["GET", "POST"])
@requires(Permission.KEEP_CARE)
def note_prospect() -> ResponseReturnValue:
    """Put somebody on the list."""
    return create(
        "hq/prospects/new.html",
        ProspectForm(),
        prospects.note_prospect,
        said=(_("已记下。"), _("联系过以后可以邀请申请。")),
        where=lambda made: url_for(".show_prospect", prospect_id=made.id),
    )


@bp.get("/care/prospects/<id:prospect_id>")
@requires(Permission.SEE_CARE)
def show_prospect(prospect_id: int) -> ResponseReturnValue:
    """One prospect: where found, what was talked about, what can be done now."""
    return _page(_prospect(prospect_id))


@bp.post("/care/prospects/<id:prospect_id>/<any(contacts, evaluation, invitation, end):deed>")
@requires(Permission.KEEP_CARE)
def change_prospect(prospect_id: int, deed: str) -> ResponseReturnValue:
    """Put a talk on record, fill in the evaluation form, invite to apply, or drop it."""
    prospect, (form_of, command) = _prospect(prospect_id), _DEEDS[deed]
    form, facts = form_of(), {"locale": str(get_locale())} if deed == "invitation" else {}
    there = url_for(".show_prospect", prospect_id=prospect_id)
    return take_step(
        form,
        command,
        page=lambda: _page(_prospect(prospect_id), {deed: form}),
        where=there,
        prospect=prospect,
        **facts,
    )


def _prospect(number: int) -> Prospect:
    return or_404(found.find(number))


def _page(prospect: Prospect, sent: dict[str, Any] | None = None) -> str:
    state = prospect.state_at(page_now())
    forms = {deed: form_of() for deed, (form_of, _command) in _DEEDS.items()} | (sent or {})
    return render_template(
        "hq/prospects/show.html",
        prospect=prospect,
        state=state,
        look=STATES[state],
        address=address_of(prospect),
        application=found.application_of(prospect),
        contact_words=CONTACTS,
        source_words=SOURCES,
        score_words=EVALUATED,
        forms=forms,
        sent=sent or {},
    )
