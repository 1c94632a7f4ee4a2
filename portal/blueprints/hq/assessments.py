"""The half-year sheet of a distributor: scored, confirmed by a second person, published, followed by measures (CM-3.5)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from portal.access import Permission, requires
from portal.blueprints.hq import bp
from portal.edge import me, or_404
from portal.forms.care import ClassForm, MeasuresForm, PlainForm, score_form
from portal.models import Assessment
from portal.queries import assessments as found
from portal.services import assessments
from portal.services.editions import edition_of
from portal.steps import take_step
from portal.wording.care_pages import sheet_values

_COMMANDS: dict[str, Callable[..., Any]] = {
    "scores": assessments.score,
    "confirmation": assessments.confirm,
    "publication": assessments.publish,
    "measures": assessments.note_measures,
}
_FORMS: dict[str, Callable[[], Any]] = {
    "confirmation": ClassForm,
    "publication": PlainForm,
    "measures": MeasuresForm,
}


@bp.get("/assessments/<ref:reference>")
@requires(Permission.SEE_CARE)
def show_assessment(reference: str) -> ResponseReturnValue:
    """The sheet with the portal's figures beside the scores, and what can be done now."""
    return _page(_assessment(reference))


@bp.post("/assessments/<ref:reference>/<any(scores, confirmation, publication, measures):part>")
@requires(Permission.KEEP_CARE)
def change_assessment(reference: str, part: str) -> ResponseReturnValue:
    """Score, confirm, publish, note what follows."""
    assessment = _assessment(reference)
    form = score_form(assessments.sheet_of(assessment)) if part == "scores" else _FORMS[part]()
    there = url_for(".show_assessment", reference=reference)
    return take_step(
        form,
        _COMMANDS[part],
        page=lambda: _page(_assessment(reference), {part: form}),
        where=there,
        assessment=assessment,
    )


def _assessment(reference: str) -> Assessment:
    return or_404(found.find(reference))


def _page(assessment: Assessment, sent: dict[str, Any] | None = None) -> str:
    values, sent = sheet_values(assessment, me()), sent or {}
    filled = {f"score_{code}": score for code, score in (assessment.scores or {}).items()}
    forms = {name: make() for name, make in _FORMS.items()}
    forms["confirmation"].letter.data = assessment.letter or assessment.proposed
    forms["scores"] = score_form(assessments.sheet_of(assessment), judgement=assessment.judgement, **filled)
    seen = edition_of(assessments.scored_values(assessment))
    return render_template("hq/assessments/show.html", **values, forms=forms | sent, sent=sent, seen=seen)
