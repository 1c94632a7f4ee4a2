"""Whistle-blowing without a sign-in and without a name: the report, and asking with number and code what became of it."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.access import public
from portal.blueprints.public import bp
from portal.edge import carry_out, status_of
from portal.extensions import limiter
from portal.forms.tips import NamelessTipForm, TipStateForm
from portal.limits import nameless_share
from portal.queries import projects
from portal.services import tips
from portal.wording.tips import stage_of


@bp.route("/report", methods=["GET", "POST"])
@public
@limiter.limit("60 per minute", methods=["GET"], key_func=nameless_share)
@limiter.limit("10 per hour", methods=["POST"], key_func=nameless_share)
def send_tip() -> ResponseReturnValue:
    """Whoever is signed in in this browser stays out of it: the report is nobody's."""
    form = NamelessTipForm().offer(projects.projects())
    tip = carry_out(form, tips.send_tip, actor=None)
    if tip is None:
        return render_template("public/tips/form.html", form=form), status_of(form)
    return render_template("public/tips/sent.html", tip=tip)


@bp.route("/report/state", methods=["GET", "POST"])
@public
@limiter.limit("60 per minute", methods=["GET"], key_func=nameless_share)
@limiter.limit("30 per hour", methods=["POST"], key_func=nameless_share)
def show_tip() -> ResponseReturnValue:
    """How far the case is; a wrong number and a wrong code get the same answer."""
    form = TipStateForm()
    if not form.validate_on_submit():
        return render_template("public/tips/state.html", form=form), status_of(form)
    found = tips.case_of(form.reference.data or "", form.code.data or "")
    if found is None:
        form.form_errors.append(_("编号或查询码不对。"))
        return render_template("public/tips/state.html", form=form), 422
    return render_template("public/tips/state.html", form=form, stage=stage_of(found), found=found)
