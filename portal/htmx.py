"""Page or fragment: the one place that knows about htmx headers. Plain browsers always get the page."""

from __future__ import annotations

import json
from typing import Any

from flask import Flask, Response, make_response, render_template, request

CONFIG: dict[str, Any] = {
    "historyCacheSize": 0,
    "refreshOnHistoryMiss": True,
    "includeIndicatorStyles": False,
    "allowEval": False,
    "allowScriptTags": False,
    "selfRequestsOnly": True,
    "timeout": 30000,
    "responseHandling": [
        {"code": "204", "swap": False},
        {"code": "[23]..", "swap": True},
        {"code": "409", "swap": True},
        {"code": "422", "swap": True},
        {"code": "[45]..", "swap": True, "error": True},
    ],
}
"""Pages hold personal data, so no snapshots in browser storage; a 422 or 409 is a form to look at, so it is swapped in."""


def wants_fragment() -> bool:
    """Whether htmx asks for a piece of a page. A restored history entry must be the whole page."""
    headers = request.headers
    return (
        headers.get("HX-Request") == "true"
        and headers.get("HX-History-Restore-Request") != "true"
        and headers.get("HX-Boosted") != "true"
    )


def render(page: str, fragment: str, *, status: int = 200, **values: Any) -> Response:
    """Answer with ``fragment`` to htmx and with ``page``, which includes the same fragment, to everyone else."""
    response = make_response(render_template(fragment if wants_fragment() else page, **values), status)
    response.vary.add("HX-Request")
    return response


def go(address: str) -> Response:
    """ "Done, go there": 303 for browsers, HX-Redirect for htmx, which would swap the new page into the old one."""
    response = make_response("", 204 if wants_fragment() else 303)
    response.headers["HX-Redirect" if wants_fragment() else "Location"] = address
    response.vary.add("HX-Request")
    return response


def _vary(response: Response) -> Response:
    if response.mimetype == "text/html":
        response.vary.add("HX-Request")
    return response


def register(app: Flask) -> None:
    """Make ``htmx_config`` (JSON for the meta tag) known to templates and every page vary with HX-Request."""
    app.jinja_env.globals["htmx_config"] = json.dumps(CONFIG, separators=(",", ":"))
    app.after_request(_vary)
