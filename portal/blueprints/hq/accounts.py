"""The administrator's accounts: list, create, change, disable, reset, end sessions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from portal import htmx
from portal.access import Permission, requires
from portal.addresses import page_number_key, sealed_words
from portal.blueprints.hq import bp
from portal.edge import carry_out, check_field, or_404, say, status_of
from portal.forms.accounts import AccountForm, ChangeAccountForm
from portal.listing import kept
from portal.models import User
from portal.queries import accounts as people
from portal.queries import distributors, projects
from portal.services import accounts, legal_reviews
from portal.services.accounts import Handover
from portal.services.new_accounts import Renewed, open_account
from portal.steps import change
from portal.transaction import transaction
from portal.wording import page_now


@bp.get("/accounts")
@requires(Permission.MANAGE_USERS)
def list_accounts() -> ResponseReturnValue:
    """Everybody's accounts, searched and narrowed by the address."""
    asked = {"words": sealed_words(), "room": request.args.get("room", ""), "state": request.args.get("state", "")}
    page = people.accounts(**asked, before=page_number_key("before"))
    has_legal = bool(legal_reviews.reviewers())
    kept_narrowing = kept("s", "room", "state")
    return render_template("hq/accounts/list.html", page=page, asked=asked, kept=kept_narrowing, has_legal=has_legal)


@bp.route("/accounts/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_USERS)
def create_account() -> ResponseReturnValue:
    """Ask who it is and what for; the first password is shown once, in the answer."""
    form = _new_form()
    handover = carry_out(form, open_account, actor=current_user)
    if handover is not None:
        return _handover_page(handover), 201
    page = {"form": form, "projects": projects.projects()}
    return render_template("hq/accounts/new.html", **page), status_of(form)


@bp.post("/accounts/new/check")
@requires(Permission.MANAGE_USERS)
def check_account() -> ResponseReturnValue:
    """Whether the field just left will do."""
    return check_field(_new_form())


@bp.get("/accounts/<id:user_id>")
@requires(Permission.MANAGE_USERS)
def show_account(user_id: int) -> ResponseReturnValue:
    """One account: who, which roles, whether it can sign in, what can be done about it."""
    user = _account(user_id)
    locked = people.locked_until(user, page_now())
    return render_template("hq/accounts/show.html", user=user, locked_until=locked)


@bp.route("/accounts/<id:user_id>/change", methods=["GET", "POST"])
@requires(Permission.MANAGE_USERS)
def change_account(user_id: int) -> ResponseReturnValue:
    """Ask for name, phone and roles as they are to be."""
    user = _account(user_id)
    form = ChangeAccountForm.of(accounts.account_values(user))
    form.offer([number for number, _name in projects.choices()], of_distributor=user.distributor_id is not None)
    page = {"projects": projects.projects(), "user": user}
    there = url_for(".show_account", user_id=user_id)
    return change("hq/accounts/change.html", form, accounts.change_account, page=page, where=there, user_id=user.id)


@bp.post("/accounts/<id:user_id>/disable")
@requires(Permission.MANAGE_USERS)
def disable_account(user_id: int) -> ResponseReturnValue:
    """Close the account; its sessions end at once."""
    return _do(accounts.disable, user_id, _("账号已停用，正在进行的登录已结束。"))


@bp.post("/accounts/<id:user_id>/enable")
@requires(Permission.MANAGE_USERS)
def enable_account(user_id: int) -> ResponseReturnValue:
    """Open a closed account."""
    return _do(accounts.enable, user_id, _("账号已恢复，可以用原来的密码登录。"))


@bp.post("/accounts/<id:user_id>/end-sessions")
@requires(Permission.MANAGE_USERS)
def end_sessions(user_id: int) -> ResponseReturnValue:
    """Sign the person out everywhere."""
    return _do(accounts.end_sessions, user_id, _("已让此人在所有设备上退出登录。"))


@bp.post("/accounts/<id:user_id>/unlock")
@requires(Permission.MANAGE_USERS)
def unlock_account(user_id: int) -> ResponseReturnValue:
    """Lift the lock after failed sign-ins."""
    return _do(accounts.unlock_account, user_id, _("已解除锁定，可以马上再试。"))


@bp.post("/accounts/<id:user_id>/reset-password")
@requires(Permission.MANAGE_USERS)
def reset_password(user_id: int) -> ResponseReturnValue:
    """Give the account a new first password, shown once, in the answer."""
    user = _account(user_id)
    with transaction():
        handover = accounts.reset_password(actor=current_user, user_id=user.id)
    return _handover_page(handover, reset=True)


def _account(user_id: int) -> User:
    return or_404(people.person(user_id))


def _handover_page(handover: Handover, *, reset: bool = False) -> str:
    there = {"account": url_for(".show_account", user_id=handover.user.id), "another": url_for(".create_account")}
    return render_template(
        "account/handover.html", handover=handover, reset=reset, renewed=isinstance(handover, Renewed), **there
    )


def _do(command: Callable[..., Any], user_id: int, said: str) -> ResponseReturnValue:
    user = _account(user_id)
    with transaction():
        command(actor=current_user, user_id=user.id)
    say(said)
    return htmx.go(url_for(".show_account", user_id=user_id))


def _new_form() -> AccountForm:
    form = AccountForm()
    form.offer_all([number for number, _name in projects.choices()], distributors.choices())
    return form
