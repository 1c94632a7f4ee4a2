"""What a decision about a cooperation changed at the site: which registrations are void and which moved up (RE-Q34)."""

from __future__ import annotations

from collections.abc import Sequence

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import LazyString

from portal.access import Permission, projects_for, requires
from portal.addresses import page_reference
from portal.blueprints.site import bp
from portal.edge import me, or_404
from portal.queries import enforcements as found
from portal.wording.enforcements import EFFECTS, pills_of, place_of, word_of


@bp.get("/enforcements/<ref:reference>")
@requires(Permission.SEE_SITE_REGISTRATIONS)
def show_enforcement(reference: str) -> ResponseReturnValue:
    """The registrations of one's own projects that it touched; a 404 where it touched none."""
    enforcement, mine = or_404(found.find(reference)), projects_for(me(), Permission.SEE_SITE_REGISTRATIONS)
    pills = pills_of(found.counts(enforcement, projects=mine)) or abort(404)
    effect = request.args.get("effect") or _first_read(pills)
    if effect not in EFFECTS:
        abort(404)
    page = found.effects(enforcement, effect, after=page_reference("after"), projects=mine)
    shown = {"enforcement": enforcement, "word": word_of(enforcement), "pills": pills, "effect": effect, "page": page}
    return render_template("site/enforcements/show.html", place_of=place_of, **shown)


def _first_read(pills: Sequence[tuple[str, LazyString, int]]) -> str:
    """Who moved up, where somebody did: those have another place at the desk now; else what is void."""
    effects = [effect for effect, _word, _number in pills]
    return "moved_up" if "moved_up" in effects else effects[0]
