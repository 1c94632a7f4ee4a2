"""File a customer: the form, its fields checked one by one, the receipt, and the filing slip while it is printed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import htmx
from portal.access import Permission, requires
from portal.addresses import page_reference
from portal.blueprints.distributor import bp
from portal.blueprints.distributor.scope import open_projects, registration_or_404
from portal.edge import carry_out, check_field, me, status_of
from portal.forms.filings import FilingForm, filled_again
from portal.models import FilingDraft
from portal.papers import pdf
from portal.queries import contracts, documents, drafts, registrations
from portal.rules.places import city_names
from portal.services import filings
from portal.wording import html_lang, page_now
from portal.wording.declarations import CUSTOMER_NOTICE_VERSION, DECLARATION_VERSION, customer_notice, declaration
from portal.wording.qr import qr_svg
from portal.wording.standings import Case


@bp.route("/filings/new", methods=["GET", "POST"])
@requires(Permission.FILE_CUSTOMER)
def file_customer() -> ResponseReturnValue:
    """The form; a filing that is received leads to its receipt."""
    form = filing_form(**_prefill())
    reference = send(form)
    if reference is not None:
        return htmx.go(url_for(".show_receipt", reference=reference))
    return render_template("distributor/filings/new.html", form=form, **form_words(form)), status_of(form)


@bp.post("/filings/check")
@requires(Permission.FILE_CUSTOMER)
def check_filing() -> ResponseReturnValue:
    """What is wrong with the one field that was just left. Looks at the field alone, never at what others filed."""
    return check_field(filing_form())


@bp.get("/filings/lead")
@requires(Permission.FILE_CUSTOMER)
def show_lead() -> ResponseReturnValue:
    """From when on a visit would be valid in the project just chosen."""
    form = filing_form(project=request.args.get("project", ""))
    return render_template("distributor/filings/_lead.html", form=form, earliest=_earliest(form.project.data))


@bp.get("/filings/<ref:reference>/receipt")
@requires(Permission.SEE_OWN_REGISTRATIONS)
def show_receipt(reference: str) -> ResponseReturnValue:
    """The receipt: the same for every filing that is received (RE-Q30)."""
    registration = registration_or_404(reference)
    return render_template(
        "distributor/filings/receipt.html",
        registration=registration,
        case=Case(registration, None, page_now()),
        qr=qr_svg(registration.reference),
        slip=documents.of_subject("filing_slip", registration.id),
        drafts=drafts.open_drafts(me()),
    )


@bp.get("/filings/<ref:reference>/slip")
@requires(Permission.SEE_OWN_REGISTRATIONS)
def show_slip(reference: str) -> ResponseReturnValue:
    """Where the filing slip stands: the receipt asks until it is printed."""
    registration = registration_or_404(reference)
    slip = documents.of_subject("filing_slip", registration.id)
    return render_template("distributor/filings/_slip.html", registration=registration, slip=slip)


@bp.get("/filings/<ref:reference>/slip.pdf")
@requires(Permission.SEE_OWN_REGISTRATIONS)
def download_slip(reference: str) -> ResponseReturnValue:
    """The filing slip (报备单) as PDF."""
    return pdf(documents.of_subject("filing_slip", registration_or_404(reference).id))


def filing_form(**given: Any) -> FilingForm:
    """The form with the open projects, the person's last one chosen."""
    projects = open_projects()
    last = next((project.code for project in projects if project.id == me().last_project_id), None)
    only = projects[0].code if len(projects) == 1 else None
    data = {"project": last or only} | given
    return FilingForm(projects, page_now(), data=data)


def send(form: FilingForm, draft: FilingDraft | None = None) -> str | None:
    """File what the form says: its number, or None when it has to be looked at again. One's own filing in the way is named."""
    reference = carry_out(form, filings.send_filing, actor=me(), draft=draft)
    if form.refusal is not None:
        form.running = _own(form.refusal.reference)
    return reference


def form_words(form: FilingForm) -> dict[str, Any]:
    """What stands beside the fields: the texts to agree to, in the reader's language, valid arrival times, cities."""
    lang = html_lang()
    covered = contracts.covered(me().distributor_id or 0, page_now())
    form.leave_out({project.code for project in open_projects() if project.id not in covered})
    return {
        "covered": bool(covered),
        "declaration": declaration(DECLARATION_VERSION, lang),
        "notice": customer_notice(CUSTOMER_NOTICE_VERSION, lang),
        "earliest": _earliest(form.project.data),
        "cities": city_names(),
    }


def _earliest(code: str | None) -> dict[bool, datetime] | None:
    project = next((found for found in open_projects() if found.code == code), None)
    return filings.earliest_arrivals(project, page_now()) if project else None


def _own(reference: str | None) -> str | None:
    """A colleague's filing is named in the sentence; the link needs that the person may open it."""
    return reference if reference and registrations.find(reference, me()) else None


def _prefill() -> dict[str, str]:
    """``?again=``: the customer of one's own earlier filing, to be filed anew."""
    again = page_reference("again") if request.method == "GET" else None
    found = registrations.find(again, me()) if again else None
    return filled_again(found) if found else {}
