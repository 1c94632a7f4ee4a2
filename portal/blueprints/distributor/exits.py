"""The company's own exit: ask for it, take it back, see what is left to do, sign (DM-12.6, DM-12.7, CH-5.9)."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal import htmx
from portal.access import Permission, requires
from portal.addresses import page_reference
from portal.blueprints.distributor import bp
from portal.blueprints.distributor.company import COMPANY, add_part
from portal.blueprints.distributor.findings import FINDINGS
from portal.blueprints.distributor.navigation import CUSTOMERS
from portal.edge import carry_out, me, or_404, say, status_of
from portal.forms.exits import ExitForm, ExitSignatureForm, PlainForm
from portal.models import Exit, User
from portal.navigation import Item, Section, navigation
from portal.papers import pdf
from portal.queries import documents
from portal.queries import exits as found
from portal.services import exit_duties, exits
from portal.wording import page_now
from portal.wording.exit_pages import asking_values, own_values

EXIT = Item(_l("退出合作"), "logout", "distributor.ask_exit", covers=("distributor.show_exit",))
_ME = Item(_l("我的"), "user-circle", "account.show_account", covers=("account.change_password",))
navigation.add("former_owner", Section((EXIT, CUSTOMERS, FINDINGS, COMPANY)))
navigation.set_tabs("former_owner", EXIT, CUSTOMERS, FINDINGS, COMPANY, _ME)


@bp.route("/exit", methods=["GET", "POST"])
@requires(Permission.ASK_EXIT)
def ask_exit() -> ResponseReturnValue:
    """Ask in writing, with a reason and a day; while a file is open, go to it."""
    latest, form = found.latest_of(me().distributor_id or 0, told=True), ExitForm()
    made = carry_out(form, exits.ask_exit, actor=me())
    if made is not None:
        say(_("已收到退出申请。"), _("公司决定以前合作照旧，可以撤回。"))
        return htmx.go(url_for(".show_exit", reference=made.reference))
    if not form.is_submitted() and latest is not None and latest.state in found.OPEN:
        return redirect(url_for(".show_exit", reference=latest.reference), 303)
    form.submission_key.data = form.submission_key.data or uuid4().hex
    values = asking_values(me(), latest, page_now())
    return render_template("distributor/exits/ask.html", form=form, **values), status_of(form)


@bp.get("/exits/<ref:reference>")
@requires(Permission.ASK_EXIT)
def show_exit(reference: str) -> ResponseReturnValue:
    """One request or the company's termination: how it stands, what is left to do, what is to be signed."""
    return _page(_exit(reference))


@bp.post("/exits/<ref:reference>/take-back")
@requires(Permission.ASK_EXIT)
def take_back_exit(reference: str) -> ResponseReturnValue:
    """Stay after all, as long as the company has not decided."""
    ending, form = _exit(reference), PlainForm()
    if carry_out(form, exits.take_back, actor=me(), ending=ending) is None:
        return _page(_exit(reference), {"take-back": form}), status_of(form)
    say(_("退出申请已撤回。"), _("合作照旧。"))
    return htmx.go(url_for(".show_exit", reference=reference))


@bp.post("/exits/<ref:reference>/release")
@requires(Permission.ASK_EXIT)
def sign_release(reference: str) -> ResponseReturnValue:
    """Give up the customers that the company asked for, signed by hand."""
    return _sign(reference, "release", exit_duties.sign_release)


@bp.post("/exits/<ref:reference>/settlement")
@requires(Permission.ASK_EXIT)
def sign_settlement(reference: str) -> ResponseReturnValue:
    """Sign the final settlement by hand, once."""
    return _sign(reference, "settlement", exit_duties.sign_settlement)


@bp.get("/exits/<ref:reference>/<any(exit_approval, termination_letter, settlement):paper>.pdf")
@requires(Permission.ASK_EXIT)
def download_exit_paper(reference: str, paper: str) -> ResponseReturnValue:
    """A printed paper of the file."""
    return pdf(documents.of_subject(paper, _exit(reference).id))


def _exit(reference: str) -> Exit:
    return or_404(found.find_own(me(), reference))


def _sign(reference: str, paper: str, command: Any) -> ResponseReturnValue:
    ending, form = _exit(reference), ExitSignatureForm()
    if carry_out(form, command, actor=me(), ending=ending) is None:
        return _page(_exit(reference), {paper: form}), status_of(form)
    say(_("已收到签字。"), _("所签内容不再更改。"))
    return htmx.go(url_for(".show_exit", reference=reference))


def _page(ending: Exit, sent: dict[str, Any] | None = None) -> str:
    values = own_values(ending, page_now(), page_reference("after"))
    return render_template("distributor/exits/show.html", **values, sent=sent or {})


def _part(user: User) -> dict[str, Any]:
    return {"latest": found.latest_of(user.distributor_id or 0, told=True)}


add_part(90, "distributor/company/_exit.html", _part)
