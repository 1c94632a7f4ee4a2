"""What was decided about commissions, for those who pay them and those who check: only to be read (RE-4.8, RE-Q34)."""

from __future__ import annotations

from typing import Any

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from portal.access import Permission, requires
from portal.addresses import page_number_key
from portal.blueprints.hq import bp
from portal.queries import commission_decisions as found
from portal.wording import page_now
from portal.wording.commission_decisions import PILLS, state_of
from portal.wording.findings import SANCTIONS, who_of


@bp.get("/commission-decisions")
@requires(Permission.SEE_COMMISSION_DECISIONS)
def list_commission_decisions() -> ResponseReturnValue:
    """Commissions that wait, what is not paid or owed with its date, and what is done with."""
    shown = request.args.get("show", "owed")
    if shown not in PILLS:
        abort(404)
    page: dict[str, Any] = {"pills": PILLS, "shown": shown, "now": page_now(), **_rows(shown)}
    words = {"sanction_words": SANCTIONS, "who_of": who_of, "state_of": state_of}
    return render_template("hq/commission_decisions/list.html", **page, **words)


def _rows(shown: str) -> dict[str, Any]:
    before = page_number_key("before")
    if shown in ("owed", "closed"):
        return {"decisions": found.decisions(closed=shown == "closed", before=before)}
    barred = found.barred_deals() if shown == "held" and before is None else []
    return {"holds": found.holds(released=shown == "released", before=before), "barred": barred}
