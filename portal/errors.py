"""When something goes wrong: what happened, what was kept, what to do, a number to quote, and what was typed, given back."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Flask, Response, current_app, g, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.wrappers import Response as AnyResponse

from portal.extensions import db, login_manager
from portal.htmx import wants_fragment
from portal.rules.refusal import Refusal
from portal.wording import failures
from portal.wording.refusals import describe

_NEVER_GIVEN_BACK = ("csrf_token", "password", "secret", "otp", "strokes")
_GIVEN_BACK_LIMIT = 20_000
#: Failures after which the same request, sent again, can succeed.
_MAY_RETRY = {401, 419, 429, 500, 503}


def new_reference() -> str:
    """A number to quote on the telephone: E-7F31-20C4. It says nothing; it finds the line in the log."""
    digits = secrets.token_hex(4).upper()
    return f"E-{digits[:4]}-{digits[4:]}"


def typed_values() -> list[tuple[str, str]]:
    """What the person sent with a form, to be given back to them; without secrets and without files."""
    if request.method != "POST":
        return []
    try:
        pairs = [(name, value) for name, values in request.form.lists() for value in values if value]
    except HTTPException:  # the body itself is what is wrong: too large, or not a form
        return []
    kept = [(name, value) for name, value in pairs if not any(word in name.lower() for word in _NEVER_GIVEN_BACK)]
    return kept if sum(len(value) for _, value in kept) <= _GIVEN_BACK_LIMIT else []


def _page(code: int, words: failures.Failure, reference: str) -> str:
    typed = typed_values()
    return render_template(
        "errors/page.html",
        code=code,
        words=words,
        reference=reference,
        typed=typed,
        shown=failures.labelled(typed),
        may_retry=code in _MAY_RETRY and (request.method != "POST" or bool(typed)),
    )


def _notice(code: int, words: failures.Failure, reference: str) -> str:
    return render_template("errors/_failure.html", words=words, reference=reference)


def _forget_the_person() -> None:
    """Draw the page without asking the database who is signed in: it may be what is failing."""
    g._login_user = login_manager.anonymous_user()


def _body(code: int, words: failures.Failure, reference: str) -> str:
    draw = _notice if wants_fragment() else _page
    try:
        return draw(code, words, reference)
    except Exception:
        _forget_the_person()
        return draw(code, words, reference)


def answer(code: int, words: failures.Failure) -> Response:
    """The page, or for htmx a notice above the form, which stays as it was filled."""
    reference = new_reference()
    level = current_app.logger.error if code >= 500 else current_app.logger.info
    level("%s %s %s %s", reference, code, request.method, request.endpoint, exc_info=code >= 500)
    response = make_response(_body(code, words, reference), code)
    response.headers["Cache-Control"] = "no-store"
    if wants_fragment():
        response.headers.update({"HX-Retarget": "#notices", "HX-Reswap": "innerHTML", "HX-Reselect": "unset"})
    return response


def _on_http(error: HTTPException) -> AnyResponse:
    code = error.code or 500
    if error.response is not None or code < 400:
        return error.get_response()
    response = answer(code, failures.words_for(code, posted=request.method == "POST"))
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(error.valid_methods)
    return response


def _on_csrf(error: CSRFError) -> Response:
    return answer(419, failures.words_for(419, posted=True))


def _on_refusal(refusal: Refusal) -> Response:
    said = describe(refusal)
    return answer(409, failures.Failure(failures.REFUSED, said.happened, said.kept, said.next, said.clause))


def _on_crash(error: Exception) -> Response:
    db.session.rollback()
    return answer(500, failures.words_for(500, posted=request.method == "POST"))


def register(app: Flask) -> None:
    """Handle every failure of ``app``. A Refusal that no view has caught is a 409 in its own words."""
    handlers: dict[Any, Any] = {
        HTTPException: _on_http,
        CSRFError: _on_csrf,
        Refusal: _on_refusal,
        Exception: _on_crash,
    }
    for kind, handler in handlers.items():
        app.register_error_handler(kind, handler)
