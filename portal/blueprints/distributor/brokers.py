"""The owner of a distributor and the accounts of its brokers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p
from flask_login import current_user

from portal import htmx
from portal.access import Permission, requires
from portal.addresses import page_number_key, sealed_words
from portal.blueprints.distributor import bp
from portal.edge import carry_out, or_404, say, status_of
from portal.forms.accounts import BrokerForm, ChangePersonForm
from portal.listing import kept
from portal.models import User
from portal.navigation import Item, Section, navigation
from portal.queries import accounts as people
from portal.services import accounts
from portal.services.accounts import Handover
from portal.services.new_accounts import Renewed, open_broker_account
from portal.steps import change
from portal.transaction import transaction
from portal.wording import page_now

navigation.add(
    "owner",
    Section(
        (
            Item(
                _p("list", "经纪人"),
                "users",
                "distributor.list_brokers",
                covers=("distributor.create_broker", "distributor.show_broker", "distributor.change_broker"),
            ),
        ),
        _l("公司"),
    ),
)


@bp.get("/brokers")
@requires(Permission.MANAGE_BROKERS)
def list_brokers() -> ResponseReturnValue:
    """The brokers of the owner's company."""
    asked = {"words": sealed_words(), "state": request.args.get("state", "")}
    page = people.brokers_of(current_user, **asked, before=page_number_key("before"))
    return render_template("distributor/brokers/list.html", page=page, asked=asked, kept=kept("s", "state"))


@bp.route("/brokers/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_BROKERS)
def create_broker() -> ResponseReturnValue:
    """Ask who it is; the first password is shown once, in the answer. Sent again, the answer has the one that counts now."""
    form = BrokerForm()
    handover = carry_out(form, open_broker_account, actor=current_user)
    if handover is not None:
        return _handover_page(handover), 201
    return render_template("distributor/brokers/new.html", form=form), status_of(form)


@bp.get("/brokers/<id:user_id>")
@requires(Permission.MANAGE_BROKERS)
def show_broker(user_id: int) -> ResponseReturnValue:
    """One broker: whether the account can sign in, and what can be done about it."""
    user = _broker(user_id)
    locked = people.locked_until(user, page_now())
    return render_template("distributor/brokers/show.html", user=user, locked_until=locked)


@bp.route("/brokers/<id:user_id>/change", methods=["GET", "POST"])
@requires(Permission.MANAGE_BROKERS)
def change_broker(user_id: int) -> ResponseReturnValue:
    """Ask for name and phone as they are to be."""
    user = _broker(user_id)
    form = ChangePersonForm.of(accounts.person_values(user))
    return change(
        "distributor/brokers/change.html",
        form,
        accounts.change_broker,
        page={"user": user},
        where=url_for(".show_broker", user_id=user_id),
        user_id=user.id,
    )


@bp.post("/brokers/<id:user_id>/disable")
@requires(Permission.MANAGE_BROKERS)
def disable_broker(user_id: int) -> ResponseReturnValue:
    """Close the account; its sessions end at once, its filings stay."""
    return _do(accounts.disable, user_id, _("账号已停用，正在进行的登录已结束。"))


@bp.post("/brokers/<id:user_id>/enable")
@requires(Permission.MANAGE_BROKERS)
def enable_broker(user_id: int) -> ResponseReturnValue:
    """Open a closed account."""
    return _do(accounts.enable, user_id, _("账号已恢复，可以用原来的密码登录。"))


@bp.post("/brokers/<id:user_id>/end-sessions")
@requires(Permission.MANAGE_BROKERS)
def end_broker_sessions(user_id: int) -> ResponseReturnValue:
    """Sign the broker out everywhere."""
    return _do(accounts.end_sessions, user_id, _("已让此人在所有设备上退出登录。"))


@bp.post("/brokers/<id:user_id>/unlock")
@requires(Permission.MANAGE_BROKERS)
def unlock_broker(user_id: int) -> ResponseReturnValue:
    """Lift the lock after failed sign-ins."""
    return _do(accounts.unlock_account, user_id, _("已解除锁定，可以马上再试。"))


@bp.post("/brokers/<id:user_id>/reset-password")
@requires(Permission.MANAGE_BROKERS)
def reset_broker_password(user_id: int) -> ResponseReturnValue:
    """Give the broker a new first password, shown once, in the answer."""
    user = _broker(user_id)
    with transaction():
        handover = accounts.reset_password(actor=current_user, user_id=user.id)
    return _handover_page(handover, reset=True)


def _broker(user_id: int) -> User:
    return or_404(people.broker_of(current_user, user_id))


def _handover_page(handover: Handover, *, reset: bool = False) -> str:
    there = {"account": url_for(".show_broker", user_id=handover.user.id), "another": url_for(".create_broker")}
    return render_template(
        "account/handover.html", handover=handover, reset=reset, renewed=isinstance(handover, Renewed), **there
    )


def _do(command: Callable[..., Any], user_id: int, said: str) -> ResponseReturnValue:
    user = _broker(user_id)
    with transaction():
        command(actor=current_user, user_id=user.id)
    say(said)
    return htmx.go(url_for(".show_broker", user_id=user_id))
