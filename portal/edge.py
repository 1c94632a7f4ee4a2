"""The edge of a command: a form is checked, the command runs in one transaction, objections go back to their fields."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import flash
from flask_wtf import FlaskForm

from portal.services.unacceptable import Unacceptable
from portal.transaction import transaction
from portal.wording import unacceptable

Result = TypeVar("Result")


def carry_out(form: FlaskForm, command: Callable[..., Result], **facts: Any) -> Result | None:
    """Run ``command(**facts, **form.values())``; None when the form has to be looked at again. Nothing is kept then."""
    if not form.validate_on_submit():
        return None
    try:
        with transaction():
            return command(**facts, **form.values())
    except Unacceptable as problem:
        blame(form, problem)
        return None


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
