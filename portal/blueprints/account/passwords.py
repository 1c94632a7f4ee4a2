"""Change one's password; before anything else when it is the first one."""

from __future__ import annotations

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from portal import clock, htmx, sessions
from portal.access import Permission, requires
from portal.blueprints.account import bp, known_browsers
from portal.edge import carry_out, say, status_of
from portal.extensions import limiter
from portal.forms.account import ChangePasswordForm
from portal.services import accounts


@bp.route("/me/password", methods=["GET", "POST"])
@requires(Permission.USE_OWN_ACCOUNT)
@limiter.limit("10 per minute; 60 per hour", methods=["POST"])
def change_password() -> ResponseReturnValue:
    """Ask for the present and the new password; other browsers are signed out, this one goes on."""
    form = ChangePasswordForm()
    first = current_user.must_change_password
    user = carry_out(form, accounts.change_own_password, actor=current_user)
    if user is None:
        page = "account/first_password.html" if first else "account/change_password.html"
        return render_template(page, form=form), status_of(form)
    sessions.begin(user, clock.now())
    say(_("密码已更改。"), _("其他设备上的登录都已结束。"))
    return known_browsers.remember(htmx.go(url_for(".show_home" if first else ".show_account")), user)
