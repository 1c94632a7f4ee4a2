"""Whistle-blowing under one's own name, for everybody with an account."""

from __future__ import annotations

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal import htmx
from portal.access import PERMISSIONS, Permission, requires
from portal.blueprints.account import bp
from portal.edge import carry_out, me, say, status_of
from portal.forms.tips import TipForm
from portal.navigation import Item, Section, navigation
from portal.queries import projects
from portal.services import tips

TIP = Item(_l("举报"), "flag", "account.send_tip")
#: People who report to headquarters with a form of their own need no second one.
_REPORTERS = frozenset(role for role, held in PERMISSIONS.items() if Permission.REPORT_BREACH in held)
for _role in PERMISSIONS:
    if _role not in _REPORTERS:
        navigation.add(_role, Section((TIP,), _l("举报"), last=True))


@bp.route("/tips/new", methods=["GET", "POST"])
@requires(Permission.SEND_TIP)
def send_tip() -> ResponseReturnValue:
    """Report what one has seen; only headquarters reads who reported it."""
    form = TipForm().offer(projects.projects())
    tip = carry_out(form, tips.send_tip, actor=me())
    if tip is None:
        return render_template("account/tips/new.html", form=form), status_of(form)
    say(_("已收到举报，编号 %(reference)s。", reference=tip.reference), _("由渠道部核实；被举报的一方看不到您是谁。"))
    return htmx.go(url_for(".send_tip"))
