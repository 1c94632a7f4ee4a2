"""Complaining without a sign-in: the form, and the answer behind number and code, with the word whether it satisfies."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.access import public
from portal.blueprints.public import bp
from portal.edge import carry_out, status_of
from portal.extensions import limiter
from portal.forms.complaints import LookUpForm, PublicForm, RatingForm
from portal.models import Complaint
from portal.queries import complaints as found
from portal.queries import projects
from portal.services import complaints
from portal.wording.complaint_pages import outside_values


@bp.route("/complain", methods=["GET", "POST"])
@public
@limiter.limit("60 per minute", methods=["GET"])
@limiter.limit("20 per hour", methods=["POST"])
def complain() -> ResponseReturnValue:
    """What happened, to whom, and how to be called back if one likes; number and code are shown once."""
    form = PublicForm()
    form.offer(projects.projects())
    made = carry_out(form, complaints.receive, actor=None, channel="online")
    if made is None:
        return render_template("public/complaints/form.html", form=form), status_of(form)
    return render_template("public/complaints/sent.html", made=made), 201


@bp.route("/complain/answer", methods=["GET", "POST"])
@public
@limiter.limit("60 per minute", methods=["GET"])
@limiter.limit("30 per hour", methods=["POST"])
def read_answer() -> ResponseReturnValue:
    """The state and the answer; a wrong number and a wrong code get the same words. With ``rate`` the rating is taken."""
    form, rating = LookUpForm(), RatingForm()
    if not form.validate_on_submit():
        return render_template("public/complaints/look_up.html", form=form), status_of(form)
    complaint = _complaint(form)
    if complaint is None:
        form.form_errors.append(_("编号或查询码不对。"))
        return render_template("public/complaints/look_up.html", form=form), 422
    if "rate" not in request.form:
        return _page(complaint, form, RatingForm(formdata=None))
    done = carry_out(rating, complaints.rate, actor=None, complaint=complaint) is not None
    return _page(_complaint(form), form, rating, thanks=done), 200 if done else status_of(rating)


def _complaint(form: LookUpForm) -> Complaint | None:
    complaint = found.find((form.reference.data or "").upper())
    if complaint is None or not complaints.code_fits(complaint, form.code.data or ""):
        return None
    return complaint


def _page(complaint: Any, form: LookUpForm, rating: RatingForm, *, thanks: bool = False) -> str:
    values = outside_values(complaint)
    return render_template("public/complaints/answer.html", **values, form=form, rating=rating, thanks=thanks)
