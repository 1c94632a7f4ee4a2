"""The file of a distributor: particulars, papers and their ends; and the entry that lets a new one begin (DO-2.4 to 2.6)."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import htmx
from portal.access import Permission, requires
from portal.blueprints.hq import bp
from portal.edge import carry_out, me, or_404, say, status_of
from portal.forms.application_reviews import EntryForm, PaperCheckForm
from portal.models import Distributor
from portal.queries import applications as found
from portal.queries import distributors
from portal.services import partner_entries, partner_files
from portal.steps import take_step
from portal.transaction import transaction
from portal.wording import page_now
from portal.wording.application_pages import file_values
from portal.wording.reveals import REASONS


@bp.get("/distributors/<ref:reference>/file")
@requires(Permission.SEE_APPLICATIONS)
def show_partner_file(reference: str) -> ResponseReturnValue:
    """Everything of the file, numbers masked."""
    return _page(_distributor(reference))


@bp.post("/distributors/<ref:reference>/file/reveal")
@requires(Permission.REVIEW_APPLICATION)
def reveal_partner_file(reference: str) -> ResponseReturnValue:
    """The masked fields in full for this one answer, for a reason, on record (GD-13)."""
    distributor, reason = _distributor(reference), request.form.get("reason", "")
    file = or_404(found.file_of(distributor))
    if reason not in REASONS:
        return _page(distributor), 422
    with transaction():
        whole = partner_files.reveal(actor=me(), file=file, reason=reason)
    return _page(_distributor(reference), whole=whole)


@bp.post("/distributors/<ref:reference>/file/papers/<id:paper_id>")
@requires(Permission.REVIEW_APPLICATION)
def check_partner_paper(reference: str, paper_id: int) -> ResponseReturnValue:
    """A paper that the partner brought will do, or will not (CM-2.4)."""
    file, form = or_404(found.file_of(_distributor(reference))), PaperCheckForm()
    paper = or_404(next((one for one in file.current_papers if one.id == paper_id), None))
    return take_step(
        form,
        partner_files.check_paper,
        page=lambda: _page(_distributor(reference), {f"papers/{paper_id}": form}),
        where=url_for(".show_partner_file", reference=reference),
        paper=paper,
    )


@bp.route("/distributors/<ref:reference>/entry", methods=["GET", "POST"])
@requires(Permission.REVIEW_APPLICATION)
def enter_partner(reference: str) -> ResponseReturnValue:
    """Ask where the paper lies; then the distributor is active and may file (DO-2.5)."""
    distributor, form = _distributor(reference), EntryForm()
    if carry_out(form, partner_entries.enter_partner, actor=me(), distributor=distributor) is None:
        page = {"form": form, "distributor": _distributor(reference)}
        return render_template("hq/partner_files/entry.html", **page), status_of(form)
    say(_("合作已启用。"), _("分销商从现在起可以报备。"))
    return htmx.go(url_for(".show_distributor", reference=reference))


def _distributor(reference: str) -> Distributor:
    return or_404(distributors.distributor(reference))


def _page(distributor: Distributor, sent: dict[str, Any] | None = None, whole: dict[str, str] | None = None) -> str:
    file = found.file_of(distributor)
    values = file_values(file, page_now(), whole) if file is not None else {"file": None}
    application = found.application_of(file) if file is not None else None
    facts = {"distributor": distributor, "application": application, "sent": sent or {}, "reveal_reasons": REASONS}
    return render_template("hq/partner_files/show.html", **values, **facts)
