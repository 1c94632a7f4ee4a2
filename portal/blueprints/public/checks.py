"""The page behind the QR code of a document: it is genuine, or there is none."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from portal.access import public
from portal.blueprints.public import bp
from portal.extensions import limiter
from portal.queries import documents
from portal.wording.document_kinds import KINDS


@bp.get("/check/<code>")
@public
@limiter.limit("30 per minute")
def check_document(code: str) -> ResponseReturnValue:
    """Confirm number, kind, time and hash; nothing personal. An unknown code gets the same page without them, as a 404."""
    found = documents.confirmed(code)
    return render_template("public/checks/page.html", found=found, kinds=KINDS), 200 if found else 404
