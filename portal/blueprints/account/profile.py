"""One's own page (我的) and the language."""

from __future__ import annotations

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal import htmx
from portal.access import Permission, public, requires
from portal.addresses import wanted_address
from portal.blueprints.account import bp
from portal.services import accounts
from portal.transaction import transaction
from portal.wording import locale


@bp.get("/me")
@requires(Permission.USE_OWN_ACCOUNT)
def show_account() -> ResponseReturnValue:
    """Who I am here, what I may do, my language and password."""
    return render_template("account/profile.html", user=current_user, language=locale.LOCALES[locale.choose()])


@bp.get("/language")
@public
def set_language() -> ResponseReturnValue:
    """Read the portal in ``lang`` from now on, back to the page of ``next``. Changes only words: a link."""
    chosen = request.args.get("lang", "")
    if not locale.remember(chosen):
        abort(404)
    if current_user.is_authenticated:
        with transaction():
            accounts.choose_language(actor=current_user, locale=chosen)
    return htmx.go(wanted_address(url_for(".show_home")))
