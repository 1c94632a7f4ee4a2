"""Class and care of distributors: what is due, one distributor's page, its class, people and contacts (CM-3, CM-6.2)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.access import Permission, requires
from portal.addresses import page_number_key
from portal.blueprints.hq import bp
from portal.edge import or_404
from portal.forms.care import ClassForm, ContactForm, PeopleForm
from portal.models import Distributor
from portal.queries import assessments, complaints
from portal.queries import care as found
from portal.queries import distributors as partners
from portal.services import care
from portal.services.editions import edition_of
from portal.steps import take_step
from portal.wording import page_now
from portal.wording.care import SHOW, WORDS, contact_rows, review_rows
from portal.wording.complaints import rows_of

#: What is changed on the page of one distributor, by the word in the address.
_ACTS: dict[str, tuple[type[Any], Callable[..., Any]]] = {
    "class": (ClassForm, care.give_class),
    "people": (PeopleForm, care.appoint),
    "contacts": (ContactForm, care.note_contact),
}
_AHEAD = timedelta(days=45)
_ROWS: dict[str, Callable[[], list[dict[str, Any]]]] = {
    "reviews": lambda: review_rows(assessments.unpublished()),
    "contacts": lambda: contact_rows(found.contacts_due(page_now() + _AHEAD)),
    "published": lambda: review_rows(assessments.published_lately()),
}


@bp.get("/care")
@requires(Permission.SEE_CARE)
def list_care() -> ResponseReturnValue:
    """Half-year sheets that wait, contacts by when they are due, and what was published."""
    shown = request.args.get("show", "reviews")
    if shown not in _ROWS:
        abort(404)
    return render_template("hq/care/list.html", rows=_ROWS[shown](), shown=shown, pills=SHOW)


@bp.get("/distributors/<ref:reference>/care")
@requires(Permission.SEE_CARE)
def show_care(reference: str) -> ResponseReturnValue:
    """One distributor: class and its history, account owner, contacts, sheets, complaints."""
    return _page(_distributor(reference))


@bp.post("/distributors/<ref:reference>/care/<any('class', 'people', 'contacts'):act>")
@requires(Permission.KEEP_CARE)
def change_care(reference: str, act: str) -> ResponseReturnValue:
    """Give a class, name who looks after it, put a contact on record."""
    distributor, (form_of, command) = _distributor(reference), _ACTS[act]
    form = form_of()
    if isinstance(form, PeopleForm):
        form.offer(found.able_people())
    there = url_for(".show_care", reference=reference)
    return take_step(
        form,
        command,
        page=lambda: _page(_distributor(reference), {act: form}),
        where=there,
        distributor=distributor,
    )


def _distributor(reference: str) -> Distributor:
    return or_404(partners.distributor(reference))


def _page(distributor: Distributor, sent: dict[str, Any] | None = None) -> str:
    number, sent = distributor.id, sent or {}
    people = found.people_of(number)
    forms = {"class": ClassForm(), "contacts": ContactForm()} | sent
    forms.setdefault("people", _people_form(people))
    return render_template(
        "hq/care/show.html",
        distributor=distributor,
        left=found.has_left(distributor),
        classes=found.classes_of(number),
        people=people,
        next=found.next_contact(distributor),
        log=found.contacts_of(number, page_number_key("before")),
        reviews=assessments.of_distributor(number),
        complaint_rows=rows_of(complaints.of_distributor(number), page_now()),
        forms=forms,
        class_seen=edition_of(care.given_values(distributor)),
        people_seen=edition_of(care.named_values(distributor)),
        sent=sent,
        **WORDS,
    )


def _people_form(people: Any) -> PeopleForm:
    named = {} if people is None else {"owner": str(people.owner_id or ""), "deputy": str(people.deputy_id or "")}
    return PeopleForm(data=named).offer(found.able_people())
