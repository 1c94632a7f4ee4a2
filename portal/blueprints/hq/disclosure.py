"""The disclosure table as a page: exactly what pages and queries ask."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from portal.access import Permission, requires
from portal.blueprints.hq import bp
from portal.wording.disclosure import FACTS, PHASES, SEEN, TABLE
from portal.wording.people import ROLE_WORDS


@bp.get("/disclosure")
@requires(Permission.SEE_DISCLOSURE_TABLE)
def show_disclosure() -> ResponseReturnValue:
    """What each role may learn of a clash, before and after the deal."""
    return render_template(
        "hq/disclosure/table.html", table=TABLE, facts=FACTS, phases=PHASES, seen=SEEN, roles=ROLE_WORDS
    )
