"""What the pages of a half-year sheet say: the rows with figures, the result, what can be done now and by whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from portal.models import Assessment, User
from portal.queries import care_figures
from portal.queries.assessments import published_of
from portal.queries.care import class_of
from portal.queries.changes import about, changes_of
from portal.rules.care import Indicator, Sheet
from portal.rules.partner_states import LEFT
from portal.wording.care import CLASSES, FIGURES, INDICATORS, RESULTS, STATES, figure, half_word
from portal.wording.history import describe


@dataclass(frozen=True, slots=True)
class Row:
    """An indicator as the sheet shows it; ``score`` empty before it is scored."""

    code: str
    word: str
    weight: str
    clause: str
    figures: list[tuple[str, str]]
    score: str


def rows_of(assessment: Assessment) -> list[Row]:
    """The rows of the sheet with what the portal knows beside them."""
    known = care_figures.kept(assessment)
    return [_row(one, known, assessment) for one in Sheet.from_document(assessment.sheet).indicators]


def result_values(assessment: Assessment) -> dict[str, Any]:
    """What both sides read of a sheet that is published."""
    look, word = RESULTS.get(assessment.result or "", ("", ""))
    return {
        "assessment": assessment,
        "half": half_word(assessment.first_day),
        "rows": rows_of(assessment),
        "result_look": look,
        "result_word": str(word),
        "class_word": str(CLASSES[assessment.letter]) if assessment.letter else "",
    }


def sheet_values(assessment: Assessment, reader: User) -> dict[str, Any]:
    """The sheet as headquarters works on it."""
    look, state = STATES[assessment.state]
    given = class_of(assessment.distributor_id)
    return result_values(assessment) | {
        "look": look,
        "state": str(state),
        "own": assessment.scored_by_id == reader.id,
        "review_results": RESULTS,
        "gone": assessment.published_at is None and assessment.distributor.status in LEFT,
        "now_word": str(CLASSES[given.letter]) if given is not None else "",
        "before": next(
            (one for one in published_of(assessment.distributor_id) if one.first_day < assessment.first_day), None
        ),
        "proposed_word": str(CLASSES[assessment.proposed]) if assessment.proposed else "",
        "trail": [_told(change.entry, change.by) for change in changes_of(about("assessments", [assessment.id]))],
    }


def _row(one: Indicator, known: Any, assessment: Assessment) -> Row:
    figures = [(str(FIGURES[name]), figure(name, known.get(name))) for name in one.facts]
    score = (assessment.scores or {}).get(one.code, "")
    return Row(one.code, str(INDICATORS[one.code]), f"{one.weight}%", one.clause, figures, score)


def _told(entry: Any, name: str | None) -> dict[str, Any]:
    return {
        "at": entry.happened_at,
        "words": describe(entry.verb, entry.facts),
        "clause": entry.clause,
        "by": name or _("系统"),
        "system": name is None,
    }
