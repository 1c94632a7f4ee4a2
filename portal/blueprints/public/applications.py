"""Applying to become a distributor, without a sign-in: an address is proved, then the form waits page by page (CH-3.6).

The session of this browser holds the number of the application for some hours; later the address proves itself again.
"""

from __future__ import annotations

import secrets
from typing import Any, NoReturn

from flask import abort, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from portal import errors
from portal.access import public
from portal.addresses import opened, sealed
from portal.blueprints.public import bp
from portal.edge import carry_out, or_404, say, status_of
from portal.extensions import limiter
from portal.forms.applications import FORMS, CodeForm, ContactForm, PaperForm, PlainForm, SendForm
from portal.models import Application
from portal.queries import applications as found
from portal.services import applications, partner_files
from portal.wording import failures, page_now
from portal.wording.application_pages import (
    earlier_values,
    form_values,
    next_paper,
    status_values,
    to_send_values,
)

APPLICANT, CONTACT, BROWSER = "applicant", "applicant_contact", "applicant_browser"
#: Seconds for which this browser may go on without proving the address again.
_LASTS = 4 * 3600
_STEP = "any('company', 'contact', 'bank', 'wishes'):step"


@bp.route("/apply", methods=["GET", "POST"])
@public
@limiter.limit("20 per hour", methods=["POST"])
def begin_application() -> ResponseReturnValue:
    """Ask for the address that gets the code; the answer is the same for every address."""
    form, browser = ContactForm(), _browser()
    asked = carry_out(form, applications.ask_code, locale=str(get_locale()), browser=browser)
    if asked is None:
        return render_template("public/applications/begin.html", form=form), status_of(form)
    session[CONTACT] = sealed(asked.address)
    return redirect(url_for(".prove_address"), 303)


@bp.route("/apply/code", methods=["GET", "POST"])
@public
@limiter.limit("30 per hour", methods=["POST"])
def prove_address() -> ResponseReturnValue:
    """Ask for the code; with it, open the application of the address or begin one."""
    contact, form = opened(session.get(CONTACT, "")), CodeForm()
    if not contact:
        return redirect(url_for(".begin_application"), 303)
    facts = {"contact": contact, "locale": str(get_locale()), "browser": _browser()}
    application = carry_out(form, applications.open_application, **facts)
    if application is None:
        return render_template("public/applications/code.html", form=form, contact=contact), status_of(form)
    return _enter(application)


@bp.route("/apply/invitations/<link>", methods=["GET", "POST"])
@public
@limiter.limit("30 per hour")
def accept_invitation(link: str) -> ResponseReturnValue:
    """Show who is invited; begin once that is confirmed, so that nothing that only looks at links uses it up."""
    invitation, form = applications.find_invitation(link), PlainForm()
    application = carry_out(form, applications.accept_invitation, link=link)
    if application is None:
        page = {"invitation": invitation, "form": form}
        return render_template("public/applications/invited.html", **page), status_of(form)
    return _enter(application)


@bp.route(f"/apply/form/<{_STEP}>", methods=["GET", "POST"])
@public
def fill_application(step: str) -> ResponseReturnValue:
    """One page of the form; what is typed is kept as a draft, and what the reviewer remarked stands beside it."""
    application = _application(editable=request.method == "GET")
    form = FORMS[step].of(applications.step_values(application.partner_file, step))
    if carry_out(form, applications.save_step, application=application) is None:
        page = {"form": form, "step": step, **form_values(_application(), step)}
        return render_template("public/applications/form.html", **page), status_of(form)
    if request.form.get("leave"):
        return _leave()
    return redirect(form_values(application, step)["next_url"], 303)


@bp.route("/apply/papers", methods=["GET", "POST"])
@public
def bring_paper() -> ResponseReturnValue:
    """The papers brought so far, and a form for one more."""
    application = _application(editable=True)
    form = PaperForm(data={"kind": next_paper(application.partner_file)})
    facts = {"actor": None, "file": application.partner_file}
    if carry_out(form, partner_files.bring_paper, **facts) is None:
        page = {"form": form, "step": "papers", **form_values(_application(), "papers")}
        return render_template("public/applications/papers.html", **page), status_of(form)
    say(_("材料已收到。"), _("照片里的位置和时间信息已去掉。"))
    return redirect(url_for(".bring_paper"), 303)


@bp.post("/apply/papers/<id:paper_id>/withdraw")
@public
def withdraw_paper(paper_id: int) -> ResponseReturnValue:
    """Take a paper back that nobody has accepted."""
    file = _application(editable=True).partner_file
    paper = or_404(next((one for one in file.current_papers if one.id == paper_id), None))
    form = PlainForm()
    if carry_out(form, partner_files.withdraw_paper, file=file, paper=paper) is None:
        say(_("材料没有撤回。"), _("它已经核对通过。"), "warn")
    return redirect(url_for(".bring_paper"), 303)


@bp.route("/apply/send", methods=["GET", "POST"])
@public
@limiter.limit("20 per hour", methods=["POST"])
def send_application() -> ResponseReturnValue:
    """Everything on one page with what is missing; then it goes to headquarters."""
    application, form = _application(), SendForm()
    if carry_out(form, applications.send_application, application=application) is None:
        page = {"form": form, "step": "send", **to_send_values(_application())}
        return render_template("public/applications/send.html", **page), status_of(form)
    return redirect(url_for(".show_application"), 303)


@bp.get("/apply/status")
@public
def show_application() -> ResponseReturnValue:
    """How far the application is; remarks, and the decision with its reason (CH-3.12)."""
    return _status(_application(), PlainForm())


@bp.get("/apply/earlier/<id:application_id>")
@public
def show_earlier_application(application_id: int) -> ResponseReturnValue:
    """Another application of the same address, as it was decided; it cannot be changed."""
    others = found.earlier_of(_application())
    application = or_404(next((one for one in others if one.id == application_id), None))
    page = status_values(application) | {"editable": False, "remarks": []}
    return render_template("public/applications/earlier.html", **page)


@bp.post("/apply/anew")
@public
@limiter.limit("20 per hour")
def begin_anew() -> ResponseReturnValue:
    """After a rejection, a new application of the same address; the rejected one stays."""
    application, form = _application(), PlainForm()
    made = carry_out(form, applications.begin_anew, application=application)
    if made is None:
        return _status(_application(), form), status_of(form)
    return _enter(made)


@bp.post("/apply/leave")
@public
def leave_application() -> ResponseReturnValue:
    """Forget the application in this browser; the draft stays."""
    return _leave()


def _leave() -> ResponseReturnValue:
    _forget()
    say(_("已退出。"), _("填写的内容都已保存，凭验证码可以继续。"))
    return redirect(url_for(".begin_application"), 303)


def _browser() -> str:
    """A mark of this browser, made when it first comes here: a code counts where it was asked for."""
    mark: str = session.setdefault(BROWSER, secrets.token_urlsafe(12))
    return mark


def _status(application: Application, form: PlainForm) -> str:
    page = status_values(application) | earlier_values(application, found.earlier_of(application))
    return render_template("public/applications/status.html", form=form, **page)


def _enter(application: Application) -> ResponseReturnValue:
    session.pop(CONTACT, None)
    session[APPLICANT] = {"number": application.id, "until": int(page_now().timestamp()) + _LASTS}
    editable = application.state in applications.EDITABLE
    return redirect(url_for(".fill_application", step="company") if editable else url_for(".show_application"), 303)


def _application(*, editable: bool = False) -> Application:
    """The application of this browser; to the door without one, to its state when it cannot be changed now."""
    held: dict[str, Any] = session.get(APPLICANT) or {"number": 0, "until": 0}
    application = found.by_id(held["number"]) if held["until"] > page_now().timestamp() else None
    if application is None:
        _to_the_door()
    if editable and application.state not in applications.EDITABLE:
        abort(redirect(url_for(".show_application"), 303))
    return application


def _to_the_door() -> NoReturn:
    """Whoever typed something gets it back, to be sent once more after the address is proved anew."""
    _forget()
    if request.files:
        say(_("要重新确认联系方式。"), _("离上次输入验证码太久，文件没有收到，请进入后再上传。"), "warn")
    elif errors.typed_values():
        abort(errors.answer(401, failures.NOT_PROVED))
    abort(redirect(url_for(".begin_application"), 303))


def _forget() -> None:
    session.pop(APPLICANT, None)
    session.pop(CONTACT, None)
