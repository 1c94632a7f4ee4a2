"""One application for a bulk extension and its decision (RE-2.11, RE-2.12, RE-Q10)."""

from __future__ import annotations

from typing import Any

from flask import abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import htmx
from portal.access import Permission, requires
from portal.blueprints.hq import bp
from portal.blueprints.hq.scope import waiting_now
from portal.edge import carry_out, me, or_404, say, status_of
from portal.forms.decisions import DecisionForm
from portal.models import Extension
from portal.papers import pdf
from portal.queries import documents, extensions, site_registrations
from portal.queries.inbox import SHOWN
from portal.services.editions import edition_of
from portal.services.extension_decisions import decide
from portal.services.extensions import read_values
from portal.wording import inbox, page_now, times
from portal.wording.customers import line_of
from portal.wording.extensions import STATES, outcomes_of
from portal.wording.site_registrations import told


@bp.get("/extensions/<ref:reference>")
@requires(Permission.DECIDE_EXTENSION)
def show_extension(reference: str) -> ResponseReturnValue:
    """The application beside the inbox; on a phone alone."""
    extension = or_404(extensions.find(reference))
    return _page(extension, DecisionForm(formdata=None)), 200


@bp.post("/extensions/<ref:reference>/decision")
@requires(Permission.DECIDE_EXTENSION)
def decide_extension(reference: str) -> ResponseReturnValue:
    """Approve or reject, once. Who comes second reads who decided what; nothing typed is lost."""
    extension = or_404(extensions.find(reference))
    form = DecisionForm()
    if carry_out(form, decide, actor=me(), extension=extension) is None:
        return _page(or_404(extensions.find(reference)), form), status_of(form)
    _say_decision(or_404(extensions.find(reference)))
    return htmx.go(url_for(".show_extension", reference=reference))


@bp.get("/extensions/<ref:reference>/paper")
@requires(Permission.DECIDE_EXTENSION)
def show_paper(reference: str) -> ResponseReturnValue:
    """Whether the printed decision is ready: the piece of the page that asks for itself until it is."""
    extension = or_404(extensions.find(reference))
    return render_template("hq/extensions/_paper.html", extension=extension, paper=_paper(extension))


@bp.get("/extensions/<ref:reference>/decision.pdf")
@requires(Permission.DECIDE_EXTENSION)
def download_decision(reference: str) -> ResponseReturnValue:
    """The printed decision (延期批复)."""
    return pdf(_paper(or_404(extensions.find(reference))))


def list_values(current: str | None) -> dict[str, Any]:
    """What the list shows; the address is its filter."""
    shown = request.args.get("show", "all")
    if shown not in SHOWN:
        abort(404)
    return inbox.list_values(me(), shown, request.args.get("after"), current, waiting_now(), page_now())


def detail_values(extension: Extension, form: DecisionForm | None = None) -> dict[str, Any]:
    """What the detail shows."""
    registration, now = extension.registration, page_now()
    g.zone = registration.project.zone
    before, after = extensions.neighbours(extension)
    return {
        "extension": extension,
        "registration": registration,
        "form": form or DecisionForm(formdata=None),
        "state": STATES[extension.state],
        "outcomes": outcomes_of(extension, now),
        "line": line_of(registration, extension, now),
        "classification": site_registrations.last_classification(registration),
        "trail": told(site_registrations.history_of(registration), registration.project.zone),
        "paper": _paper(extension),
        "seen": edition_of(read_values(extension)),
        "previous": before,
        "next": after,
    }


def _page(extension: Extension, form: DecisionForm) -> str:
    return render_template(
        "hq/extensions/page.html", **list_values(extension.reference), **detail_values(extension, form)
    )


def _paper(extension: Extension) -> Any:
    return documents.of_subject("extension_approval", extension.id)


def _say_decision(extension: Extension) -> None:
    zone = extension.registration.project.zone
    end = times.until(extension.new_end or extension.original_end, zone)
    if extension.state == "approved":
        say(_("已同意，保护延至 %(end)s。", end=end), _("分销商已收到通知。"))
    else:
        say(_("已拒绝，保护止于 %(end)s。", end=end), _("分销商已收到通知。"))
