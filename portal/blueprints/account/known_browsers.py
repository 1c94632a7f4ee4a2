"""The browsers in which people have signed in: whoever only guesses at a login locks nobody out of them.

The cookie holds a mark for each of the last few people, goes to the sign-in page alone and names nobody.
"""

from __future__ import annotations

from flask import current_app, request, url_for
from werkzeug.wrappers import Response

from portal.models import User
from portal.services.sign_in import browser_mark

_COOKIE = "known-browser"
_KEPT_SECONDS = 180 * 24 * 3600
#: A counter's computer is shared by its shift.
_MOST_PEOPLE = 8


def marks() -> tuple[str, ...]:
    """The marks that this browser brought, whoever's they are."""
    return tuple(request.cookies.get(_COOKIE, "").split("."))[:_MOST_PEOPLE]


def remember(response: Response, user: User) -> Response:
    """Have this browser known as one in which ``user`` has signed in; those of others before stay."""
    mark = browser_mark(user)
    kept = [mark, *(one for one in marks() if one and one != mark)][:_MOST_PEOPLE]
    response.set_cookie(
        _COOKIE,
        ".".join(kept),
        max_age=_KEPT_SECONDS,
        path=url_for("account.sign_in"),
        secure=current_app.extensions["settings"].cookie_secure,
        httponly=True,
        samesite="Lax",
    )
    return response
