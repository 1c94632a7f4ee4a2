"""What the pages of a case say: the case, its map, what follows, its sanctions and who decided them, its history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from portal.models import Finding, Sanction, User
from portal.queries import findings
from portal.rules.findings import Consequences
from portal.services import sanctions
from portal.services.breaches import KINDS, foresee
from portal.wording.findings import SANCTION_STATES, SANCTIONS, STATES, waits_for, who_of
from portal.wording.history import describe
from portal.wording.maps import map_of
from portal.wording.money import capitals
from portal.wording.rulings import FINDINGS


@dataclass(frozen=True, slots=True)
class Line:
    """A sanction as a page shows it. ``appeal_end`` is exclusive; ``may_appeal``: an appeal would be in time now."""

    sanction: Sanction
    word: str
    look: str
    state: str
    by: str
    appeal_by: str
    appeal_end: datetime | None
    may_appeal: bool
    capitals: str


def lines_of(finding: Finding, now: datetime) -> list[Line]:
    """The sanctions of the case in their order."""
    names = findings.people()
    return [_line(one, names, now) for one in finding.sanctions]


def common(finding: Finding, now: datetime) -> dict[str, Any]:
    """What both sides see of the case."""
    look, state = STATES[finding.state]
    radius = sanctions.policy_of(finding, now).terms.circle_radius_m
    return {
        "finding": finding,
        "what": str(FINDINGS[finding.kind]),
        "party": who_of(finding),
        "look": look,
        "state": state,
        "lines": lines_of(finding, now),
        "map": map_of(finding, radius),
    }


def hq_values(finding: Finding, reader: User, now: datetime) -> dict[str, Any]:
    """The case as headquarters sees it."""
    waits, tone = waits_for(finding, now)
    breach = finding.kind in KINDS
    undecided = breach and finding.state in ("reported", "explanation_asked")
    return common(finding, now) | {
        "waits": waits,
        "tone": tone,
        "breach": breach,
        "undecided": undecided,
        "own": finding.reported_by_id == reader.id,
        "still_open": _still_open(finding, now),
        "ahead": _ahead(foresee(finding, finding.project, now)) if undecided else None,
        "trail": [_told(change, finding) for change in findings.changes_of(finding)],
    }


def own_values(finding: Finding, now: datetime) -> dict[str, Any]:
    """The case as the distributor sees it: nobody who reported it, none of the company's evidence, nothing only proposed."""
    shown = common(finding, now)
    lines = [line for line in shown["lines"] if line.sanction.state not in ("proposed", "waived")]
    return shown | {
        "lines": lines,
        "still_open": _still_open(finding, now),
        "unread": any(line.sanction.state == "confirmed" and line.sanction.received_at is None for line in lines),
        "brought": [one.file for one in finding.files if one.by_distributor],
    }


def _line(sanction: Sanction, names: dict[int, str], now: datetime) -> Line:
    look, state = SANCTION_STATES[sanction.state]
    end = sanctions.appeal_end(sanction)
    return Line(
        sanction=sanction,
        word=str(SANCTIONS[sanction.kind]),
        look=look,
        state=str(state),
        by=names.get(sanction.decided_by_id or 0, ""),
        appeal_by=names.get(sanction.appeal_decided_by_id or 0, ""),
        appeal_end=end,
        may_appeal=sanction.state == "confirmed" and end is not None and now < end,
        capitals=capitals(sanction.amount) if sanction.amount else "",
    )


def _ahead(found: Consequences) -> dict[str, Any]:
    amounts = {"fine": found.fine, "damages": found.damages}
    words = [(str(SANCTIONS[kind]), amounts.get(kind)) for kind in found.sanctions]
    return {"clause": found.clause, "offence": found.offence, "sanctions": words}


def _still_open(finding: Finding, now: datetime) -> bool:
    explanation = finding.explanation
    return explanation is not None and explanation.answered_at is None and now < explanation.due_at


def _told(change: findings.Change, finding: Finding) -> dict[str, Any]:
    entry = change.entry
    return {
        "at": entry.happened_at,
        "words": describe(entry.verb, entry.facts, finding.project.zone),
        "clause": entry.clause,
        "by": change.by or _("系统"),
        "system": change.by is None,
    }
