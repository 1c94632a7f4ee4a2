"""What waits for the channel department (待办): a list, and beside it the selected application."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from portal.access import Permission, requires
from portal.blueprints.hq import bp
from portal.blueprints.hq.extensions import detail_values, list_values
from portal.queries import extensions


@bp.get("/inbox")
@requires(Permission.DECIDE_EXTENSION)
def show_inbox() -> ResponseReturnValue:
    """The list, overdue and soonest due first; at a desk the first one is open beside it."""
    listing = list_values(None)
    first = extensions.find(listing["page"].rows[0].reference) if listing["page"].rows else None
    listing["rows"] = [dict(row, current=place == 0) for place, row in enumerate(listing["rows"])]
    return render_template("hq/inbox/page.html", **listing, **(detail_values(first) if first else {"extension": None}))
