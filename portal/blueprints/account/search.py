"""Searching for customers, people, partners, numbers: what was typed is sealed before it becomes part of an address."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import abort, redirect, request
from flask.typing import ResponseReturnValue

from portal.access import Permission, requires
from portal.addresses import is_local, sealed, tidy_words
from portal.blueprints.account import bp

_NOT_KEPT = frozenset({"csrf_token", "to", "q"})


@bp.post("/search")
@requires(Permission.USE_OWN_ACCOUNT)
def search() -> ResponseReturnValue:
    """Go to the list named by ``to`` with the filters as they were sent and the words sealed."""
    there, words = request.form.get("to", ""), tidy_words(request.form.get("q", ""))
    if not is_local(there) or "?" in there:
        abort(400)
    kept = {name: value for name, value in request.form.items() if value and name not in _NOT_KEPT}
    asked = urlencode(kept | ({"s": sealed(words)} if words else {}))
    return redirect(f"{there}?{asked}" if asked else there, 303)
