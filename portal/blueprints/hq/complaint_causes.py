"""What complaints teach: causes by quarter and the measures decided (DS-5.10, CX-5.4)."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from portal.access import Permission, requires
from portal.blueprints.hq import bp
from portal.queries import complaints
from portal.wording import page_now
from portal.wording.complaint_pages import first_of_quarters, quarter_words
from portal.wording.complaints import CAUSES

_QUARTERS = 4


@bp.get("/complaints/causes")
@requires(Permission.SEE_COMPLAINTS)
def show_complaint_causes() -> ResponseReturnValue:
    """Analysed complaints of the last four quarters by cause, and what was decided about them."""
    start = first_of_quarters(page_now(), _QUARTERS)
    return render_template(
        "hq/complaints/causes.html",
        lines=complaints.causes(start, _QUARTERS),
        measures=complaints.measures(start),
        quarters=quarter_words(start, _QUARTERS),
        cause_words=CAUSES,
    )
