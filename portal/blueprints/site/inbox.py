"""What waits for me at the site (待办), soonest due first."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from portal.access import Permission, requires
from portal.blueprints.site import bp
from portal.edge import me
from portal.queries import site_inbox
from portal.wording import page_now
from portal.wording.visits import INBOX_KINDS


@bp.get("/inbox")
@requires(Permission.SEE_SITE_BOARD)
def show_inbox() -> ResponseReturnValue:
    """Everything to decide; ``kind`` narrows the list to one kind."""
    items = site_inbox.items(me(), page_now())
    kind = request.args.get("kind", "")
    return render_template(
        "site/inbox/page.html",
        items=items,
        shown=[item for item in items if kind in ("", item.kind)],
        kinds={name: words for name, words in INBOX_KINDS.items() if any(item.kind == name for item in items)},
        kind=kind,
    )
