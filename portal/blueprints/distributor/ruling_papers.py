"""The printed extract of a ruling: one distributor's own outcome (RE-8.3, RE-Q28)."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from portal.access import Permission, requires
from portal.blueprints.distributor import bp
from portal.edge import me, or_404
from portal.papers import pdf
from portal.queries import documents, ruling_parties


@bp.get("/rulings/<ref:reference>/extract.pdf")
@requires(Permission.SEE_OWN_RULINGS)
def download_ruling_extract(reference: str) -> ResponseReturnValue:
    """The extract (归属裁定摘录) of the person's own outcome; a 404 for everybody else's."""
    party = or_404(ruling_parties.find(reference, me()))
    return pdf(documents.of_subject("ruling_extract", party.id))
