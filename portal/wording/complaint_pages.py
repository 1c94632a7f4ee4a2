"""What the pages of a complaint say to the service, to whoever complained, to the distributor it is about."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _

from portal.models import Complaint, ComplaintRound
from portal.queries import complaints as found
from portal.queries.changes import about, changes_of
from portal.rules.complaints import CONTENT_FROM, is_breach, progress_due
from portal.rules.periods import local_date, midnight
from portal.wording.complaints import (
    CAUSES,
    CHANNELS,
    GRAVITIES,
    OUTCOMES,
    OUTSIDE,
    SATISFACTION,
    STATES,
    SUBJECTS,
    TOLD_BY,
    about_of,
    from_of,
)
from portal.wording.history import describe
from portal.wording.times import PORTAL_ZONE

_WORDS: dict[str, Any] = {
    "channels": CHANNELS,
    "subjects": SUBJECTS,
    "outcomes": OUTCOMES,
    "causes": CAUSES,
    "gravities": GRAVITIES,
    "told_words": TOLD_BY,
    "satisfactions": SATISFACTION,
    "content_from": CONTENT_FROM,
}


def hq_values(complaint: Complaint, now: datetime) -> dict[str, Any]:
    """The complaint as the service works on it."""
    look, state = STATES[complaint.state]
    last = complaint.round
    return _WORDS | {
        "complaint": complaint,
        "look": look,
        "state": str(state),
        "about_word": about_of(complaint),
        "from_word": from_of(complaint),
        "people": found.names(complaint),
        "rounds": list(reversed(complaint.rounds)),
        "breach": is_breach(None if last is None else last.outcome),
        "may_close": _may_close(complaint, last, now),
        "progress_due": progress_due(complaint.state, complaint.gravity, complaint.heard_at, PORTAL_ZONE),
        "may_hand_over": complaint.distributor is not None and complaint.finding is None,
        "trail": [_told(change.entry, change.by) for change in changes_of(about("complaints", [complaint.id]))],
    }


def outside_values(complaint: Complaint) -> dict[str, Any]:
    """The complaint as whoever made it reads it: the answers that were told, nothing of the work inside."""
    return _WORDS | {
        "complaint": complaint,
        "state": str(OUTSIDE[complaint.state]),
        "about_word": about_of(complaint),
        "told": [one for one in complaint.rounds if one.told_at is not None],
        "may_rate": complaint.state == "fed_back" and complaint.rounds[-1].satisfaction is None,
    }


def about_values(complaint: Complaint) -> dict[str, Any]:
    """The complaint as the distributor it is about reads it: what was written for it; a name only if it was given free."""
    notes = [one for one in complaint.rounds if one.partner_note]
    named = complaint.disclosed and (complaint.name or complaint.complaining)
    return _WORDS | {
        "complaint": complaint,
        "notes": notes,
        "who": from_of(complaint) if named else _("未公开"),
    }


def first_of_quarters(now: datetime, quarters: int) -> datetime:
    """The beginning, in the group's zone, of the first of the last ``quarters`` quarters."""
    today = local_date(now, PORTAL_ZONE)
    number = today.year * 4 + (today.month - 1) // 3 - quarters + 1
    return midnight(date(number // 4, number % 4 * 3 + 1, 1), PORTAL_ZONE)


def quarter_words(start: datetime, quarters: int) -> list[str]:
    """2026 年 1 季度, and so on."""
    first = local_date(start, PORTAL_ZONE)
    numbers = [first.year * 4 + (first.month - 1) // 3 + step for step in range(quarters)]
    return [_("%(year)d 年 %(quarter)d 季度", year=number // 4, quarter=number % 4 + 1) for number in numbers]


def _may_close(complaint: Complaint, last: ComplaintRound | None, now: datetime) -> bool:
    if complaint.state != "fed_back" or last is None:
        return False
    return last.satisfaction is not None or complaint.due_at is None or now >= complaint.due_at


def _told(entry: Any, name: str | None) -> dict[str, Any]:
    outside = entry.actor_role == "system" and entry.verb in (
        "complaint.received",
        "complaint.rated",
        "complaint.reopened",
    )
    return {
        "at": entry.happened_at,
        "words": describe(entry.verb, entry.facts),
        "clause": entry.clause,
        "by": name or (_("投诉人") if outside else _("系统")),
        "system": name is None,
    }
