"""Bulk or not (大宗认定): decided by the site after the visit, by the project's own criterion (RE-2.6, RE-2.7)."""

from __future__ import annotations

from flask import g, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import htmx
from portal.access import Permission, requires
from portal.blueprints.site import bp
from portal.edge import carry_out, me, or_404, say, status_of
from portal.forms.audits import ClassificationForm
from portal.models import Registration
from portal.queries import site_inbox, site_registrations
from portal.services import classification
from portal.services.editions import edition_of
from portal.wording import page_now
from portal.wording.visits import obstacle_words


@bp.get("/classifications")
@requires(Permission.CLASSIFY_BULK)
def list_classifications() -> ResponseReturnValue:
    """The visited customers that wait for their class, the first due first."""
    waiting = [(one, site_inbox.class_due(one)) for one in site_inbox.classifications(me(), page_now())]
    return render_template("site/classifications/list.html", waiting=waiting)


@bp.get("/classifications/<ref:reference>")
@requires(Permission.CLASSIFY_BULK)
def show_classification(reference: str) -> ResponseReturnValue:
    """The customer beside the criterion, and the form when a decision would be taken now."""
    return _page(_registration(reference), ClassificationForm(formdata=None))


@bp.post("/classifications/<ref:reference>")
@requires(Permission.CLASSIFY_BULK)
def classify(reference: str) -> ResponseReturnValue:
    """Put the class on record; a later one replaces it while protection runs (RE-Q6)."""
    registration = _registration(reference)
    form = ClassificationForm()
    decision = carry_out(form, classification.classify, actor=me(), registration=registration)
    if decision is None:
        return _page(registration, form), status_of(form)
    late = _("超过了认定期限，已标注。") if decision.late else ""
    say(_("已认定为大宗。") if decision.is_bulk else _("已认定为非大宗。"), late)
    return htmx.go(url_for(".show_registration", reference=reference))


def _registration(reference: str) -> Registration:
    registration = or_404(site_registrations.find(reference, me(), Permission.CLASSIFY_BULK))
    g.zone = registration.project.zone
    return registration


def _page(registration: Registration, form: ClassificationForm) -> str:
    return render_template(
        "site/classifications/page.html",
        registration=registration,
        due=site_inbox.class_due(registration) if registration.visited_at else None,
        decisions=site_registrations.classifications_of(registration),
        form=form,
        seen=edition_of(classification.decided_values(registration)),
        obstacle=obstacle_words(classification.obstacle(registration, page_now())),
    )
