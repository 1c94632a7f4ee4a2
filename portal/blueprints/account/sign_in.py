"""Sign in, sign out, sign out everywhere."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from portal import clock, htmx, sessions
from portal.access import Permission, public, requires
from portal.addresses import wanted_address
from portal.blueprints.account import bp, known_browsers
from portal.edge import say
from portal.extensions import limiter
from portal.forms.account import SignInForm
from portal.models import User
from portal.services import accounts
from portal.services import sign_in as signing_in
from portal.transaction import transaction

#: By address: a sales office shares one; whoever guesses is stopped by the lock of the login long before.
FROM_ONE_ADDRESS = "30 per minute; 300 per hour"


@bp.route("/sign-in", methods=["GET", "POST"])
@public
@limiter.limit(FROM_ONE_ADDRESS, methods=["POST"])
def sign_in() -> ResponseReturnValue:
    """Show the form; a right password begins a session, a wrong one is counted (RE-Q30: every answer alike)."""
    if current_user.is_authenticated:
        return htmx.go(wanted_address(url_for(".show_home")))
    form = SignInForm()
    if not form.validate_on_submit():
        return render_template("account/sign_in.html", form=form), 422 if request.method == "POST" else 200
    with transaction():
        attempt = signing_in.sign_in(**form.values(), marks=known_browsers.marks())
    if attempt.user is None:
        return render_template("account/sign_in.html", form=form, attempt=attempt), 422
    return _let_in(attempt.user)


def _let_in(user: User) -> ResponseReturnValue:
    if not user.is_active:
        return render_template("account/disabled.html"), 403
    now = clock.now()
    if sessions.has_left(user, now):
        return sessions.partnership_ended(sessions.status_of(user, now))
    sessions.begin(user, now)
    return known_browsers.remember(htmx.go(wanted_address(url_for(".show_home"))), user)


@bp.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """End the session of this browser."""
    sessions.end()
    say(_("已退出登录。"))
    return htmx.go(url_for(".sign_in"))


@bp.post("/me/sign-out-everywhere")
@requires(Permission.USE_OWN_ACCOUNT)
def sign_out_everywhere() -> ResponseReturnValue:
    """End every session of the person, this one included."""
    with transaction():
        accounts.end_own_sessions(actor=current_user)
    sessions.end()
    say(_("所有设备都已退出登录。"))
    return htmx.go(url_for(".sign_in"))
