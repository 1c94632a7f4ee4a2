"""The permission table as a page: exactly what the code checks."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from portal.access import PERMISSIONS, Permission, requires
from portal.blueprints.hq import bp
from portal.wording.people import ROLE_WORDS
from portal.wording.permissions import GROUPS


@bp.get("/permissions")
@requires(Permission.SEE_PERMISSION_TABLE)
def show_permissions() -> ResponseReturnValue:
    """Every permission by role."""
    return render_template("hq/permissions/table.html", groups=GROUPS, roles=ROLE_WORDS, permissions=PERMISSIONS)
