"""The site leader's opinion on a bulk extension; headquarters decides (RE-2.11, RE-Q10)."""

from __future__ import annotations

from flask import g, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import htmx
from portal.access import Permission, requires
from portal.blueprints.site import bp
from portal.edge import carry_out, me, or_404, say, status_of
from portal.forms.audits import OpinionForm
from portal.models import Extension
from portal.queries import site_inbox, site_registrations
from portal.services import extensions
from portal.services.editions import edition_of


@bp.get("/extensions/<ref:reference>")
@requires(Permission.GIVE_OPINION)
def show_extension(reference: str) -> ResponseReturnValue:
    """The application with its time line and reason, and the form while it is undecided."""
    return _page(_extension(reference), OpinionForm(formdata=None))


@bp.post("/extensions/<ref:reference>/opinion")
@requires(Permission.GIVE_OPINION)
def give_opinion(reference: str) -> ResponseReturnValue:
    """Put the opinion beside the application for headquarters to read."""
    extension = _extension(reference)
    form = OpinionForm()
    if carry_out(form, extensions.give_opinion, actor=me(), extension=extension) is None:
        return _page(extension, form), status_of(form)
    say(_("意见已写入。"), _("由渠道部决定，客户等待期间照常受保护。"))
    return htmx.go(url_for(".show_inbox"))


def _extension(reference: str) -> Extension:
    extension = or_404(site_inbox.find_extension(reference, me()))
    g.zone = extension.registration.project.zone
    return extension


def _page(extension: Extension, form: OpinionForm) -> str:
    return render_template(
        "site/extensions/page.html",
        extension=extension,
        registration=extension.registration,
        granted_end=extensions.granted_end(extension.registration),
        classification=site_registrations.last_classification(extension.registration),
        form=form,
        seen=edition_of(extensions.spoken_values(extension)),
    )
