"""The edge of a command: a form is checked, the command runs in one transaction, objections go back to their fields.

Here too: who asks, and what was found for them or a 404.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from flask import abort, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf import FlaskForm

from portal import htmx
from portal.models import User
from portal.rules.refusal import Refusal
from portal.services.unacceptable import Unacceptable
from portal.transaction import transaction
from portal.wording import refusals, unacceptable

Result = TypeVar("Result")
Found = TypeVar("Found")


def me() -> User:
    """The person signed in, itself and not the proxy, as services take it."""
    return cast(User, current_user._get_current_object())


def or_404(found: Found | None) -> Found:
    """What was found; a 404 when there is nothing for this person."""
    if found is None:
        abort(404)
    return found


def carry_out(form: FlaskForm, command: Callable[..., Result], **facts: Any) -> Result | None:
    """Run ``command(**facts, **form.values())``; None when the form has to be looked at again. Nothing is kept then.

    A rule's refusal leaves its three sentences in ``form.refusal``; ``status_of(form)`` says how to answer.
    """
    if not form.validate_on_submit():
        return None
    try:
        with transaction():
            return command(**facts, **form.values())
    except Unacceptable as problem:
        blame(form, problem)
    except Refusal as refusal:
        form.refusal = refusals.describe(refusal)
    return None


def create(
    template: str,
    form: FlaskForm,
    command: Callable[..., Result],
    *,
    said: tuple[str, str],
    where: Callable[[Result], str],
) -> ResponseReturnValue:
    """Ask with ``template`` until ``command`` makes the thing; then say ``said`` on its own page, which ``where`` gives."""
    made = carry_out(form, command, actor=me())
    if made is None:
        return render_template(template, form=form), status_of(form)
    say(*said)
    return htmx.go(where(made))


def status_of(form: FlaskForm) -> int:
    """200 for a form not sent yet, 409 when a rule refused it, 422 when something in it is to be corrected."""
    if not form.is_submitted():
        return 200
    return 409 if getattr(form, "refusal", None) else 422


def blame(form: FlaskForm, problem: Unacceptable) -> None:
    """Show a command's objection under the field that it is about, or above the form when it has no such field."""
    words = unacceptable.describe(problem)
    if problem.field in form:
        form[problem.field].errors = [*form[problem.field].errors, words]
    else:
        form.form_errors.append(words)


def say(strong: str, rest: str = "", tone: str = "ok") -> None:
    """Show a notice at the top of the next page: the bold words, then the rest. Tones: "", ok, warn, bad."""
    message: Any = [strong, rest]
    flash(message, tone)


def check_field(form: FlaskForm) -> str:
    """The error of the one field that htmx asks about, or its absence; the other fields are not spoken of yet."""
    form.validate()
    name = request.headers.get("HX-Trigger-Name", "")
    if name not in form:
        abort(400)
    return render_template("forms/_error.html", field=form[name])
