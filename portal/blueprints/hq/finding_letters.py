"""The letters of a case of breach, as headquarters sends and files them."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from portal.access import Permission, requires
from portal.blueprints.hq import bp
from portal.edge import or_404
from portal.papers import pdf
from portal.queries import findings


@bp.get("/findings/<ref:reference>/letters/<ref:letter>.pdf")
@requires(Permission.SEE_FINDINGS)
def download_letter(reference: str, letter: str) -> ResponseReturnValue:
    """The request to explain, or the letter of one sanction."""
    return pdf(findings.letter(or_404(findings.find(reference)), letter))
