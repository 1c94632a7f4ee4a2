"""Applications to become a distributor (分销商申请): reviewed, scored, spoken about, signed (DO-2, DM-2, CM-2, CH-3)."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

from flask import abort, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from portal import htmx
from portal.access import Permission, requires
from portal.addresses import page_reference
from portal.blueprints.hq import bp
from portal.edge import carry_out, me, or_404, say, status_of
from portal.forms.application_reviews import (
    DecisionForm,
    GroupForm,
    InquiryForm,
    InviteForm,
    PaperCheckForm,
    PlainForm,
    PointsForm,
    ReasonForm,
    ReturnForm,
    ScoresForm,
    SignForm,
)
from portal.models import Application
from portal.queries import applications as found
from portal.queries import delegations
from portal.services import application_decisions, application_reviews, applications, blacklist_matches, partner_files
from portal.services.editions import edition_of
from portal.steps import take_step
from portal.transaction import transaction
from portal.wording import page_now
from portal.wording.application_pages import hq_values
from portal.wording.applications import PILLS, rows_of
from portal.wording.reveals import REASONS

#: What the reviewer does, by the word in the address.
_STEPS: dict[str, tuple[type[Any], Callable[..., Any]]] = {
    "take-up": (PlainForm, application_reviews.take_up),
    "return": (ReturnForm, application_reviews.return_application),
    "points": (PointsForm, application_reviews.tick_points),
    "inquiry": (InquiryForm, application_reviews.write_inquiry),
    "surveys": (PlainForm, application_reviews.finish_surveys),
    "group": (GroupForm, application_reviews.name_group),
    "confirmation": (ReasonForm, application_reviews.confirm_scores),
}


@bp.get("/applications")
@requires(Permission.SEE_APPLICATIONS)
def list_applications() -> ResponseReturnValue:
    """What somebody has to do something about, the soonest due first; what waits outside, what is decided."""
    shown = request.args.get("show", "open")
    if shown not in PILLS:
        abort(404)
    page = found.open_page() if shown == "open" else found.other_page(PILLS[shown][1], page_reference("after"))
    invited = found.invitations(page_now()) if shown == "outside" else []
    rows = rows_of(page.applications, me(), page_now())
    facts = {"page": page, "rows": rows, "shown": shown, "invited": invited}
    return render_template("hq/applications/list.html", pills={name: pill[0] for name, pill in PILLS.items()}, **facts)


@bp.route("/applications/invite", methods=["GET", "POST"])
@requires(Permission.REVIEW_APPLICATION)
def invite_applicant() -> ResponseReturnValue:
    """Ask whom to invite, at which address; the link leaves as a message and is shown to nobody here."""
    form = InviteForm()
    if carry_out(form, applications.invite, actor=me(), locale=str(get_locale())) is None:
        return render_template("hq/applications/invite.html", form=form), status_of(form)
    say(_("邀请已发出。"), _("链接只能使用一次，14 天内有效。"))
    return htmx.go(url_for(".list_applications", show="outside"))


@bp.get("/applications/<ref:reference>")
@requires(Permission.SEE_APPLICATIONS)
def show_application(reference: str) -> ResponseReturnValue:
    """One application: the file, what was found out, and what this person can do now."""
    return _page(_application(reference))


_ACTS = "any('take-up', 'return', 'points', 'inquiry', 'surveys', 'group', 'confirmation'):act"


@bp.post(f"/applications/<ref:reference>/<{_ACTS}>")
@requires(Permission.REVIEW_APPLICATION)
def review_application(reference: str, act: str) -> ResponseReturnValue:
    """The reviewer's next step."""
    form_of, command = _STEPS[act]
    form = form_of()
    if isinstance(form, GroupForm):
        form.offer(found.possible_members())
    return _do(reference, act, form, command)


@bp.post("/applications/<ref:reference>/scores")
@requires(Permission.SCORE_APPLICATION)
def score_application(reference: str) -> ResponseReturnValue:
    """One's own sheet as a member of the review group (CH-3.10)."""
    return _do(reference, "scores", ScoresForm(), application_reviews.give_scores)


@bp.post("/applications/<ref:reference>/opinion")
@requires(Permission.GIVE_DEPARTMENT_OPINION)
def give_department_opinion(reference: str) -> ResponseReturnValue:
    """What the department says (CH-3.11)."""
    return _do(reference, "opinion", DecisionForm(), application_reviews.give_opinion)


@bp.post("/applications/<ref:reference>/signature")
@requires(Permission.SIGN_APPLICATION)
def sign_application(reference: str) -> ResponseReturnValue:
    """Sign, in turn, for oneself or as a deputy; a 403 for whoever is neither (DO-2.3, DO-Q2)."""
    form, standing = SignForm(), delegations.standing_for(me().id, page_now())
    if not standing and not delegations.is_signer(me()):
        abort(403)
    form.offer(standing)
    return _do(reference, "signature", form, application_decisions.sign)


@bp.post("/applications/<ref:reference>/override")
@requires(Permission.OVERRIDE_BLACKLIST)
def override_blacklist(reference: str) -> ResponseReturnValue:
    """Let an application go on that matches the blacklist (RE-5.4)."""
    return _do(reference, "override", ReasonForm(), blacklist_matches.override_match)


@bp.post("/applications/<ref:reference>/papers/<id:paper_id>")
@requires(Permission.REVIEW_APPLICATION)
def check_application_paper(reference: str, paper_id: int) -> ResponseReturnValue:
    """A paper will do, or will not (DO-1.1)."""
    application, form = _application(reference), PaperCheckForm()
    paper = or_404(next((one for one in application.partner_file.current_papers if one.id == paper_id), None))
    return _take(reference, f"papers/{paper_id}", form, partner_files.check_paper, paper=paper)


@bp.post("/applications/<ref:reference>/reveal")
@requires(Permission.REVIEW_APPLICATION)
def reveal_application(reference: str) -> ResponseReturnValue:
    """The masked fields in full for this one answer, for a reason, on record (GD-13)."""
    application, reason = _application(reference), request.form.get("reason", "")
    if reason not in REASONS:
        return _page(application), 422
    with transaction():
        whole = partner_files.reveal(actor=me(), file=application.partner_file, reason=reason)
    return _page(_application(reference), whole=whole)


@bp.post("/papers/<id:paper_id>")
@requires(Permission.SEE_APPLICATIONS)
def open_partner_paper(paper_id: int) -> ResponseReturnValue:
    """A paper of a partner file, to those who work on it; on record."""
    paper = or_404(found.paper(paper_id))
    with transaction():
        partner_files.open_paper(actor=me(), paper=paper)
        content, kind, name = paper.file.content, paper.file.media_type, paper.file.name
    return send_file(BytesIO(content), mimetype=kind, as_attachment=True, download_name=name)


def _application(reference: str) -> Application:
    return or_404(found.find(reference))


def _do(reference: str, act: str, form: Any, command: Callable[..., Any]) -> ResponseReturnValue:
    return _take(reference, act, form, command, application=_application(reference))


def _take(reference: str, act: str, form: Any, command: Callable[..., Any], **facts: Any) -> ResponseReturnValue:
    there = url_for(".show_application", reference=reference)
    return take_step(form, command, page=lambda: _page(_application(reference), {act: form}), where=there, **facts)


def _page(application: Application, sent: dict[str, Any] | None = None, whole: dict[str, str] | None = None) -> str:
    values = hq_values(application, me(), page_now(), whole)
    values["points_seen"] = edition_of(application_reviews.ticked_values(application))
    values["group_seen"] = edition_of(application_reviews.group_values(application))
    return render_template("hq/applications/show.html", **values, sent=sent or {}, reveal_reasons=REASONS)
