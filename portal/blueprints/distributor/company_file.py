"""The company's own file: what headquarters has of it, and new papers for those that end (CM-2.4)."""

from __future__ import annotations

from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import htmx
from portal.access import Permission, requires
from portal.blueprints.distributor import bp
from portal.blueprints.distributor.company import add_part
from portal.edge import carry_out, me, say, status_of
from portal.forms.applications import PaperForm
from portal.models import User
from portal.queries import applications as found
from portal.services import partner_papers
from portal.wording import page_now
from portal.wording.application_pages import file_values


@bp.route("/company/papers", methods=["GET", "POST"])
@requires(Permission.KEEP_PARTNER_FILE)
def renew_paper() -> ResponseReturnValue:
    """The file, and a form for a paper; headquarters checks it, the older one stays in the file."""
    form = PaperForm()
    if carry_out(form, partner_papers.renew_paper, actor=me()) is None:
        page = {"form": form, "part": _file(me()), "distributor": me().distributor}
        return render_template("distributor/company/papers.html", **page), status_of(form)
    say(_("材料已收到。"), _("由渠道部核对。"))
    return htmx.go(url_for(".renew_paper"))


def _file(user: User) -> dict[str, Any]:
    file = found.file_of(user.distributor) if user.distributor is not None else None
    return file_values(file, page_now()) if file is not None else {"file": None}


add_part(40, "distributor/company/_file.html", _file)
