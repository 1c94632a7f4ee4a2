"""Whether this web process can work, for whoever watches over it."""

from __future__ import annotations

from flask import jsonify
from flask.typing import ResponseReturnValue

from portal.access import public
from portal.blueprints.public import bp
from portal.extensions import limiter
from portal.queries import health


@bp.get("/healthz")
@public
@limiter.exempt
def show_health() -> ResponseReturnValue:
    """200 while the database answers. Redis away is said but is no failure: filings and visits go on."""
    state = health.state()
    return jsonify(state), 200 if state["database"] == "ok" else 503
