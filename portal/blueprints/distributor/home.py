"""A broker's first page: what waits, until when, and what others are working on."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from portal.access import Permission, requires
from portal.blueprints.distributor import bp
from portal.edge import me
from portal.queries import drafts
from portal.queries.registration_counts import count_states
from portal.queries.registration_lists import Wanted
from portal.queries.worklists import due_rows, waiting_rows
from portal.services.claim_offers import claims_to_make
from portal.wording import page_now
from portal.wording.claims import cards
from portal.wording.company_todo import answers_wanted
from portal.wording.todo import todos, waits


@bp.get("/")
@requires(Permission.SEE_OWN_REGISTRATIONS)
def show_home() -> ResponseReturnValue:
    """What to do now, the most urgent first."""
    now = page_now()
    return render_template(
        "distributor/home/page.html",
        counts=count_states(me(), Wanted(), now),
        claims=cards(claims_to_make(me(), now), now),
        todos=todos(due_rows(me(), now), now),
        answers=answers_wanted(me(), now),
        waits=waits(waiting_rows(me(), now), now),
        drafts=drafts.open_drafts(me()),
    )
