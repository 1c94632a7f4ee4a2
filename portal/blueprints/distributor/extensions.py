"""Apply for the bulk extension of a customer (RE-2.11)."""

from __future__ import annotations

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import htmx
from portal.access import Permission, requires
from portal.blueprints.distributor import bp
from portal.blueprints.distributor.scope import registration_or_404
from portal.edge import carry_out, me, say, status_of
from portal.forms.extensions import ExtensionForm
from portal.services.extension_requests import request_extension
from portal.services.offers import extension_refusal
from portal.wording import page_now
from portal.wording.customers import extension_terms
from portal.wording.refusals import describe


@bp.route("/customers/<ref:reference>/extension", methods=["GET", "POST"])
@requires(Permission.ASK_EXTENSION)
def ask_extension(reference: str) -> ResponseReturnValue:
    """Ask for the reason, say what follows; where the application would be refused, say why instead of a form."""
    registration = registration_or_404(reference)
    form = ExtensionForm()
    if carry_out(form, request_extension, actor=me(), registration=registration):
        say(_("已提交延期申请。"), _("渠道部决定之前，客户继续受保护。"))
        return htmx.go(url_for(".show_registration", reference=reference))
    refusal = extension_refusal(registration, page_now())
    page = {"form": form, "registration": registration, "terms": extension_terms(registration)}
    refused = form.refusal or (describe(refusal) if refusal else None)
    return render_template("distributor/extensions/ask.html", **page, refused=refused), status_of(form)
