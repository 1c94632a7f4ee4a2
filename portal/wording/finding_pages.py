"""What the pages of a case say: the case, its map, what follows, its sanctions and who decided them, its history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import pgettext as _p

from portal.models import Finding, Sanction, User
from portal.queries import findings
from portal.queries.changes import Change
from portal.queries.comebacks import comeback_of
from portal.queries.partners import effects_of
from portal.rules.finding_states import UNDECIDED
from portal.rules.findings import Consequences
from portal.rules.partner_states import steps_from
from portal.rules.refusal import Refusal
from portal.services import offences, sanctions
from portal.services.breaches import KINDS, foresee
from portal.wording.document_kinds import KINDS as KINDS_OF_PAPER
from portal.wording.findings import MEANS, SANCTION_STATES, SANCTIONS, STATES, own_turn, waits_for, who_of
from portal.wording.history import describe
from portal.wording.maps import map_of
from portal.wording.money import capitals
from portal.wording.partners import Line as Consequence
from portal.wording.partners import comes_back, consequences
from portal.wording.rulings import FINDINGS

#: Sanctions that stop a cooperation, by the step that each of them is.
_STOPS = {"stop": "suspend", "blacklist": "blacklist", "terminate": "terminate"}
_BECOMES = {"suspend": "suspended", "blacklist": "blacklisted", "terminate": "terminated"}


@dataclass(frozen=True, slots=True)
class Line:
    """A sanction as a page shows it. ``appeal_end`` is exclusive; ``may_appeal``: an appeal would be in time now.

    ``may_answer``: the reader had no part in it and may decide an appeal.
    """

    sanction: Sanction
    word: str
    look: str
    state: str
    by: str
    appeal_by: str
    appeal_end: datetime | None
    may_appeal: bool
    may_settle: bool
    may_answer: bool
    proposer: str
    capitals: str


def lines_of(finding: Finding, reader: User, now: datetime) -> list[Line]:
    """The sanctions of the case in their order."""
    names = findings.people()
    return [_line(one, reader, names, now) for one in finding.sanctions]


def common(finding: Finding, reader: User, now: datetime) -> dict[str, Any]:
    """What both sides see of the case."""
    look, state = STATES[finding.state]
    radius = sanctions.policy_of(finding, now).terms.circle_radius_m
    return {
        "finding": finding,
        "what": str(FINDINGS[finding.kind]),
        "party": who_of(finding),
        "look": look,
        "state": state,
        "lines": lines_of(finding, reader, now),
        "map": map_of(finding, radius),
        "letters": findings.letters_of(finding),
        "paper_kinds": KINDS_OF_PAPER,
    }


def hq_values(finding: Finding, reader: User, now: datetime) -> dict[str, Any]:
    """The case as headquarters sees it."""
    waits, tone = waits_for(finding, now)
    breach = finding.kind in KINDS
    undecided = breach and finding.state in UNDECIDED
    named = finding.distributor is not None or finding.team is not None
    return common(finding, reader, now) | {
        "waits": waits,
        "tone": tone,
        "breach": breach,
        "undecided": undecided,
        "own": finding.reported_by_id == reader.id,
        "still_open": _still_open(finding, now),
        "named": named,
        "ahead": _ahead(foresee(finding, finding.project, now)) if undecided and named else None,
        "stages": _stages(finding),
        "fallen": offences.is_fallen(finding),
        "means": str(MEANS[finding.means]) if finding.means else "",
        "uncertain": offences.appealed_before(finding),
        "grave": finding.state == "confirmed" and finding.kind == "staff_dumping" and not _has_handover(finding),
        "returns": _returns(finding, now),
        "follows": {one.kind: _follows(one, finding, now) for one in finding.sanctions},
        "trail": [_told(change, finding) for change in findings.changes_of(finding)],
    }


def _follows(sanction: Sanction, finding: Finding, now: datetime) -> list[Consequence]:
    """What happens at once when a sanction that stops the cooperation is confirmed, with numbers (RE-5.4)."""
    step, distributor = _STOPS.get(sanction.kind), finding.distributor
    if sanction.state != "proposed" or step is None or distributor is None:
        return []
    stopped = _BECOMES[step] not in steps_from(distributor.status)
    return [] if stopped else consequences(step, effects_of(distributor, now))


def _returns(finding: Finding, now: datetime) -> list[Consequence]:
    """What would come back if the sanction that stopped the distributor were lifted, and what would not (RE-Q46)."""
    distributor = finding.distributor
    if distributor is None or distributor.status not in ("suspended", "terminated", "blacklisted"):
        return []
    return comes_back(comeback_of(distributor, now))


def _has_handover(finding: Finding) -> bool:
    return any(one.kind == "authorities" for one in finding.sanctions)


def _stages(finding: Finding) -> list[tuple[str, str]]:
    """How far the case is (D.9): each stage is done, on, or still to come; what was left out is not shown."""
    asked = finding.explanation is not None
    words = [_("报告"), _("调查"), *([_p("case", "说明")] if asked else []), _p("case", "认定")]
    if finding.state != "unfounded":
        words.append(_("处理"))
    if any(one.appealed_at for one in finding.sanctions):
        words.append(_("申诉"))
    here = _stage(finding, words)
    return [(word, "done" if place < here else "here" if place == here else "") for place, word in enumerate(words)]


def _stage(finding: Finding, words: list[str]) -> int:
    if finding.state in UNDECIDED:
        return UNDECIDED.index(finding.state)
    waiting = [one for one in finding.sanctions if one.state in ("proposed", "appealed")]
    if finding.state == "unfounded" or not waiting:
        return len(words)
    return words.index(_("申诉")) if any(one.state == "appealed" for one in waiting) else words.index(_("处理"))


def own_values(finding: Finding, reader: User, now: datetime) -> dict[str, Any]:
    """The case as the distributor sees it: nobody who reported it, none of the company's evidence, nothing only proposed."""
    shown = common(finding, reader, now)
    lines = [line for line in shown["lines"] if line.sanction.state not in ("proposed", "waived")]
    asked = finding.state == "explanation_asked" and not _still_open(finding, now)
    return (
        shown
        | ({"state": own_turn(finding, now)[0]} if asked else {})
        | {
            "lines": lines,
            "undecided": finding.state in UNDECIDED,
            "still_open": _still_open(finding, now),
            "unread": any(line.sanction.state == "confirmed" and line.sanction.received_at is None for line in lines),
            "brought": [one.file for one in finding.files if one.by_distributor],
        }
    )


def _line(sanction: Sanction, reader: User, names: dict[int, str], now: datetime) -> Line:
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
        may_settle=_may_settle(sanction),
        may_answer=_may_answer(sanction, reader),
        proposer=names.get(sanction.proposed_by_id or 0, ""),
        may_appeal=sanction.state == "confirmed" and end is not None and now < end,
        capitals=capitals(sanction.amount) if sanction.amount else "",
    )


def _may_settle(sanction: Sanction) -> bool:
    open_still = sanction.state in ("confirmed", "upheld") and sanction.settled_at is None
    return open_still and sanction.kind in sanctions.OWED


def _may_answer(sanction: Sanction, reader: User) -> bool:
    try:
        sanctions.check_appeal_decider(sanction, reader)
    except Refusal:
        return False
    return True


def _ahead(found: Consequences) -> dict[str, Any]:
    amounts = {"fine": found.fine, "damages": found.damages}
    words = [(str(SANCTIONS[kind]), amounts.get(kind)) for kind in found.sanctions]
    return {"clause": found.clause, "offence": found.offence, "sanctions": words}


def _still_open(finding: Finding, now: datetime) -> bool:
    explanation = finding.explanation
    return explanation is not None and explanation.answered_at is None and now < explanation.due_at


def _told(change: Change, finding: Finding) -> dict[str, Any]:
    entry = change.entry
    return {
        "at": entry.happened_at,
        "words": describe(entry.verb, entry.facts, finding.project.zone),
        "clause": entry.clause,
        "by": change.by or (_("未具名") if entry.verb == "finding.reported" else _("系统")),
        "system": change.by is None,
    }
