"""The history for the auditor: who did what, by which clause, and whether the chain holds."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal import htmx
from portal.access import Permission, requires
from portal.addresses import page_number_key, sealed_words
from portal.blueprints.hq import bp
from portal.edge import say
from portal.extensions import limiter
from portal.listing import kept
from portal.navigation import Item, Section, navigation
from portal.queries import history
from portal.services import sealing
from portal.wording import times
from portal.wording.chains import describe_check
from portal.wording.history import describe

HISTORY = Item(_l("历史记录"), "history", "hq.list_history")
navigation.add("auditor", Section((HISTORY,)))


@bp.get("/history")
@requires(Permission.SEE_HISTORY)
def list_history() -> ResponseReturnValue:
    """Entries, newest first, of one project or one number when the address says so."""
    asked = {"number": sealed_words().upper(), "project": request.args.get("project", "")}
    states = history.chains()
    project_id = next((state.project_id for state in states if state.code and state.code == asked["project"]), None)
    subject = history.subject_called(asked["number"]) if asked["number"] else None
    found = not asked["number"] or subject is not None
    page = history.entries(project_id=project_id, subject=subject, before=page_number_key("before")) if found else None
    return render_template(
        "hq/history/page.html", page=page, asked=asked, kept=kept("s", "project"), states=states, say=_sentence
    )


@bp.post("/history/check/<int:chain>")
@requires(Permission.SEE_HISTORY)
@limiter.limit("10 per minute")
def check_history(chain: int) -> ResponseReturnValue:
    """Check a chain from its first entry to its last, and say what came out."""
    state = next((state for state in history.chains() if state.project_id == chain), None) or abort(404)
    words = describe_check(state.code or _("不属于项目的记录"), sealing.verify(chain))
    say(words.strong, words.rest, words.tone)
    return htmx.go(url_for(".list_history", project=state.code))


def _sentence(line: history.Line) -> str:
    zone = ZoneInfo(line.zone) if line.zone else times.PORTAL_ZONE
    return describe(line.entry.verb, line.entry.facts, zone)
