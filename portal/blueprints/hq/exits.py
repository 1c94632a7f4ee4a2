"""Endings at headquarters: decide, confirm, hand over customers, tick duties, settle up, close (DM-12, CH-5.9)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import htmx
from portal.access import Permission, requires
from portal.addresses import page_reference
from portal.blueprints.hq import bp
from portal.edge import me, or_404, say
from portal.forms.exits import DutyForm, ExitDecisionForm, HandoverForm, PaperSettlementForm, PlainForm
from portal.models import Exit
from portal.papers import pdf
from portal.queries import distributors, documents, retention
from portal.queries import exits as found
from portal.rules.exits import DUTY_KINDS
from portal.services import exit_duties, exits
from portal.steps import carry_out_aloud, take_step
from portal.wording import page_now
from portal.wording.exit_pages import PILLS, hq_values, rows_of
from portal.wording.retention import values_of

#: What is done about a file as a whole, by the word in the address.
_ACTS: dict[str, tuple[type[Any], Callable[..., Any]]] = {
    "handover": (HandoverForm, exit_duties.hand_over),
    "settlement": (PlainForm, exit_duties.settle_up),
    "paper": (PaperSettlementForm, exit_duties.record_paper_settlement),
    "close": (PlainForm, exit_duties.close),
}


@bp.get("/exits")
@requires(Permission.SEE_DISTRIBUTORS)
def list_exits() -> ResponseReturnValue:
    """What waits for a decision first, then what has duties left; what is done with, the newest first."""
    shown = request.args.get("show", "open")
    if shown not in PILLS:
        abort(404)
    files = found.open_files() if shown == "open" else found.closed_files(page_reference("after"))
    return render_template("hq/exits/list.html", shown=shown, pills=PILLS, **rows_of(files, page_now(), shown))


@bp.get("/exits/<ref:reference>")
@requires(Permission.SEE_DISTRIBUTORS)
def show_exit(reference: str) -> ResponseReturnValue:
    """One file: the request or proposal, what runs, the checklist, the settlement, the papers, the history."""
    return _page(_exit(reference))


@bp.post("/exits/<ref:reference>/verdict")
@requires(Permission.CHANGE_DISTRIBUTOR_STATUS)
def decide_exit(reference: str) -> ResponseReturnValue:
    """Let the partner go or not; confirm a proposed termination or drop it."""
    ending, form = _exit(reference), ExitDecisionForm()
    command = exits.decide_exit if ending.kind == "voluntary" else exits.decide_termination
    return _take(reference, "verdict", form, command, ending=ending)


@bp.post("/exits/<ref:reference>/<any(handover, settlement, paper, close):matter>")
@requires(Permission.CHANGE_DISTRIBUTOR_STATUS)
def change_exit(reference: str, matter: str) -> ResponseReturnValue:
    """Decide what becomes of customers, put up the settlement, take in its paper, close the file."""
    ending, (form_of, command) = _exit(reference), _ACTS[matter]
    form = form_of()
    return _take(reference, matter, form, command, ending=ending)


@bp.post("/exits/<ref:reference>/duties/<duty>")
@requires(Permission.CHANGE_DISTRIBUTOR_STATUS)
def tick_duty(reference: str, duty: str) -> ResponseReturnValue:
    """A duty is done, is waived, or was ticked by mistake."""
    ending = _exit(reference)
    if duty not in DUTY_KINDS:
        abort(404)
    back = request.form.get("decision") == "open"
    form = PlainForm() if back else DutyForm()
    command = exit_duties.reopen_duty if back else exit_duties.tick_duty
    return _take(reference, duty, form, command, ending=ending, kind=duty)


@bp.get("/exits/<ref:reference>/<any(exit_approval, termination_letter, settlement):paper>.pdf")
@requires(Permission.SEE_DISTRIBUTORS)
def download_exit_paper(reference: str, paper: str) -> ResponseReturnValue:
    """A printed paper of the file."""
    return pdf(documents.of_subject(paper, _exit(reference).id))


@bp.post("/distributors/<ref:reference>/file")
@requires(Permission.CHANGE_DISTRIBUTOR_STATUS)
def open_exit_file(reference: str) -> ResponseReturnValue:
    """Begin the file of a blacklisted distributor, to do what is left and close it."""
    distributor, form = or_404(distributors.distributor(reference)), PlainForm()
    begun = carry_out_aloud(form, exits.open_file, distributor=distributor)
    if begun is None:
        say(_("没有建立清退档案。"), _("它不在黑名单，或档案已经建立。"), "warn")
        return htmx.go(url_for(".show_distributor", reference=reference))
    return htmx.go(url_for(".show_exit", reference=begun.reference))


@bp.get("/retention")
@requires(Permission.SEE_DISTRIBUTORS)
def show_retention() -> ResponseReturnValue:
    """What is kept of partners whose files are closed and of applications that came to nothing, and until when."""
    page = retention.closed_partners(page_reference("after"))
    applied = retention.fruitless_applications(page_reference("onward"))
    return render_template("hq/exits/retention.html", page=page, applied=applied, now=page_now(), **values_of())


def _exit(reference: str) -> Exit:
    return or_404(found.find(reference))


def _page(ending: Exit, sent: dict[str, Any] | None = None) -> str:
    values = hq_values(ending, me(), page_now(), page_reference("after"))
    return render_template("hq/exits/show.html", **values, sent=sent or {})


def _take(reference: str, matter: str, form: Any, command: Callable[..., Any], **facts: Any) -> ResponseReturnValue:
    there = url_for(".show_exit", reference=reference)
    return take_step(form, command, page=lambda: _page(_exit(reference), {matter: form}), where=there, **facts)
