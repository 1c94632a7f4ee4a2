"""What waits for the person at headquarters (待办): a list, and beside it the first bulk extension when it leads."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from portal.access import Permission, requires
from portal.blueprints.hq import bp
from portal.blueprints.hq.extensions import detail_values, list_values
from portal.queries import extensions


@bp.get("/inbox")
@requires(Permission.SEE_INBOX)
def show_inbox() -> ResponseReturnValue:
    """Everything that this person may decide, soonest due first; at a desk the extension that leads is open beside it."""
    listing = list_values(None)
    first = listing["page"].items[0] if listing["page"].items else None
    extension = extensions.by_id(first.number) if first is not None and first.kind == "extension" else None
    if extension is None:
        return render_template("hq/inbox/page.html", **listing, extension=None)
    listing["rows"] = [dict(row, current=place == 0) for place, row in enumerate(listing["rows"])]
    return render_template("hq/inbox/page.html", **listing, **detail_values(extension))
