"""Paste to file: a message becomes drafts, each is looked at, completed and filed, or deleted."""

from __future__ import annotations

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import htmx
from portal.access import Permission, requires
from portal.blueprints.distributor import bp
from portal.blueprints.distributor.filings import filing_form, form_words, send
from portal.blueprints.distributor.scope import draft_or_404, open_projects
from portal.edge import carry_out, me, say, status_of
from portal.extensions import limiter
from portal.forms.messages import MessageForm, SpareNumberForm
from portal.models import FilingDraft
from portal.queries import drafts as own
from portal.services import drafts
from portal.services.drafts import open_draft
from portal.transaction import transaction
from portal.wording.drafts import MARK_WORDS

#: What the message does not name is not taken from the broker's last filing: it would be sent to a wrong project unseen.
NO_PROJECT = {"project": ""}


@bp.route("/filings/paste", methods=["GET", "POST"])
@requires(Permission.FILE_CUSTOMER)
@limiter.limit("30 per minute", methods=["POST"])
def paste_message() -> ResponseReturnValue:
    """Take a message; each customer found in it becomes a draft. One that files nobody is given back with a sentence."""
    form = MessageForm()
    found = carry_out(form, drafts.paste_message, actor=me(), projects=open_projects())
    if found:
        return htmx.go(url_for(".file_draft", code=own.code_of(found[0])))
    return render_template("distributor/drafts/paste.html", form=form, nobody=found == []), status_of(form)


@bp.get("/drafts")
@requires(Permission.FILE_CUSTOMER)
def list_drafts() -> ResponseReturnValue:
    """The drafts that wait to be filed."""
    rows = [(own.code_of(draft), draft, open_draft(draft)) for draft in own.open_drafts(me())]
    return render_template("distributor/drafts/list.html", rows=rows)


@bp.route("/drafts/<code>", methods=["GET", "POST"])
@requires(Permission.FILE_CUSTOMER)
def file_draft(code: str) -> ResponseReturnValue:
    """The filing form, filled from the message; each field is marked as understood, doubtful or missing.

    Sent twice, or opened again: the receipt.
    """
    filed = own.filed_from(code, me())
    if filed is not None:
        return htmx.go(url_for(".show_receipt", reference=filed))
    return _draft_page(draft_or_404(code), code)


@bp.post("/drafts/<code>/number")
@requires(Permission.FILE_CUSTOMER)
def draft_spare_number(code: str) -> ResponseReturnValue:
    """A draft of its own for a number that the draft does not use; the same one however often it is asked for."""
    draft, form = draft_or_404(code), SpareNumberForm()
    made = carry_out(form, drafts.draft_spare_number, actor=me(), draft=draft)
    if made is None:
        abort(400)
    if made.id != draft.id:
        say(_("已为这个号码另立草稿。"), _("项目和到访时间照原消息，请补上姓名。"))
    return htmx.go(url_for(".file_draft", code=own.code_of(made)))


@bp.post("/drafts/<code>/delete")
@requires(Permission.FILE_CUSTOMER)
def delete_draft(code: str) -> ResponseReturnValue:
    """Forget a draft; once more does no harm."""
    with transaction():
        drafts.delete_draft(actor=me(), draft=draft_or_404(code))
    say(_("草稿已删除。"))
    return htmx.go(url_for(".list_drafts"))


def _draft_page(draft: FilingDraft, code: str) -> ResponseReturnValue:
    read = open_draft(draft)
    form = filing_form(**({**NO_PROJECT, **read.values} if request.method == "GET" else {}))
    reference = send(form, draft)
    if reference is not None:
        return htmx.go(url_for(".show_receipt", reference=reference))
    if request.method == "GET":
        form.point_out(read.marks)
        form.project.validate(form)
    page = {"form": form, "read": read, "code": code, "source": own.source_text(draft), "draft": draft}
    words = form_words(form) | {"mark_words": MARK_WORDS, "beside": own.beside(draft)}
    return render_template("distributor/drafts/show.html", **page, **words), status_of(form)
