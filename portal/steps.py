"""Steps that say at the top of the next page what came of them: out of the history and the notices that they wrote."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from portal import htmx
from portal.edge import carry_out, me, say, status_of
from portal.queries import aftermaths
from portal.wording import page_zone
from portal.wording.aftermaths import words_of

Result = TypeVar("Result")


class _Watched(Generic[Result]):
    """A command that remembers what it wrote down and whom it told."""

    def __init__(self, command: Callable[..., Result]) -> None:
        self._command = command

    def __call__(self, **facts: Any) -> Result:
        start = aftermaths.mark()
        result = self._command(**facts)
        self.aftermath = aftermaths.since(start, me())
        return result


def carry_out_aloud(form: FlaskForm, command: Callable[..., Result], **facts: Any) -> Result | None:
    """As ``edge.carry_out``, by the person signed in; once it is done the next page says what was done and who was told."""
    watched = _Watched(command)
    result = carry_out(form, watched, actor=me(), **facts)
    if result is not None:
        about = next((str(fact.reference) for fact in facts.values() if hasattr(fact, "reference")), "")
        say(*words_of(watched.aftermath, about, page_zone()))
    return result


def take_step(
    form: FlaskForm, command: Callable[..., Any], *, page: Callable[[], str], where: str, **facts: Any
) -> ResponseReturnValue:
    """A step about what a page shows: the ``page`` once more while what was sent will not do, else ``where`` anew."""
    if carry_out_aloud(form, command, **facts) is None:
        return page(), status_of(form)
    return htmx.go(where)


def change(
    template: str, form: FlaskForm, command: Callable[..., Any], *, page: Mapping[str, Any], where: str, **facts: Any
) -> ResponseReturnValue:
    """Ask with ``template`` for the particulars as they are to be; once ``command`` has kept them, go ``where``."""
    return take_step(form, command, page=lambda: render_template(template, form=form, **page), where=where, **facts)
