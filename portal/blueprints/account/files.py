"""Evidence to download: never shown in the page, always as a file of the kind that it really is."""

from __future__ import annotations

from io import BytesIO

from flask import send_file
from flask.typing import ResponseReturnValue

from portal.access import Permission, requires
from portal.blueprints.account import bp
from portal.edge import me, or_404
from portal.queries import files


@bp.get("/files/<id:file_id>")
@requires(Permission.SEE_EVIDENCE)
def download_file(file_id: int) -> ResponseReturnValue:
    """The file, to those who may open it; a 404 to all others."""
    file = or_404(files.find(file_id, me()))
    return send_file(BytesIO(file.content), mimetype=file.media_type, as_attachment=True, download_name=file.name)
