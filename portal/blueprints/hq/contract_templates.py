"""Templates of contracts: their versions, the text with its checklist, the legal review (CH-5.2 to 5.4)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import htmx
from portal.access import Permission, requires
from portal.blueprints.hq import bp
from portal.edge import carry_out, me, or_404, say, status_of
from portal.forms.contracts import ButtonForm, ReviewForm, TemplateForm, text_of
from portal.models import ContractTemplate
from portal.queries import contracts
from portal.services import contract_templates, legal_reviews
from portal.services.editions import edition_of
from portal.steps import take_step
from portal.wording.contract_checklists import checklist_of
from portal.wording.contracts import FIELDS, TEMPLATE_STATES


@bp.get("/contract-templates")
@requires(Permission.SEE_CONTRACTS)
def list_contract_templates() -> ResponseReturnValue:
    """Every version, the newest first."""
    return _list(ButtonForm())


@bp.post("/contract-templates/new")
@requires(Permission.MANAGE_CONTRACTS)
def draft_contract_template() -> ResponseReturnValue:
    """Begin the next version with the text of the last one, or with the one that the portal brings along."""
    form = ButtonForm()
    made = carry_out(form, contract_templates.draft_template, actor=me())
    if made is None:
        return _list(form), status_of(form)
    return _done(made, _("已起草新版本。"))


@bp.get("/contract-templates/<name>/<int(min=1, max=9999):version>")
@requires(Permission.SEE_CONTRACTS)
def show_contract_template(name: str, version: int) -> ResponseReturnValue:
    """One version: its text, the checklist, what can be done."""
    return _page(_template(name, version))


@bp.route("/contract-templates/<name>/<int(min=1, max=9999):version>/change", methods=["GET", "POST"])
@requires(Permission.MANAGE_CONTRACTS)
def change_contract_template(name: str, version: int) -> ResponseReturnValue:
    """Another text, while it is a draft."""
    template = _template(name, version)
    form = TemplateForm.of(contract_templates.shown_values(template), text=text_of(template.body))
    if carry_out(form, contract_templates.change_template, actor=me(), template=template) is None:
        template = _template(name, version)
        return _render("form", template, form=form, fields=FIELDS), status_of(form)
    return _done(template, _("草稿已保存。"))


@bp.post("/contract-templates/<name>/<int(min=1, max=9999):version>/submit")
@requires(Permission.MANAGE_CONTRACTS)
def submit_contract_template(name: str, version: int) -> ResponseReturnValue:
    """Give it to the legal review."""
    return _do(name, version, ButtonForm(), contract_templates.submit_template)


@bp.post("/contract-templates/<name>/<int(min=1, max=9999):version>/review")
@requires(Permission.REVIEW_CONTRACT)
def review_contract_template(name: str, version: int) -> ResponseReturnValue:
    """In force from now, or back with remarks (CH-5.4)."""
    return _do(name, version, ReviewForm(), contract_templates.review_template)


def _template(name: str, version: int) -> ContractTemplate:
    return or_404(contracts.template(name, version))


def _do(name: str, version: int, form: Any, command: Callable[..., Any]) -> ResponseReturnValue:
    template = _template(name, version)
    return take_step(
        form,
        command,
        page=lambda: _page(_template(name, version), form),
        where=url_for(".show_contract_template", name=name, version=version),
        template=template,
    )


def _list(form: Any) -> str:
    return render_template(
        "hq/contract_templates/list.html", templates=contracts.templates(), states=TEMPLATE_STATES, form=form
    )


def _page(template: ContractTemplate, sent: Any = None) -> str:
    wrote = me().id in contracts.writers_of(template)
    unreviewed = template.state == "review" and not legal_reviews.reviewers_of(template)
    seen = edition_of(contract_templates.shown_values(template))
    return _render("show", template, sent=sent, wrote=wrote, unreviewed=unreviewed, seen=seen)


def _render(page: str, template: ContractTemplate, **values: Any) -> str:
    return render_template(
        f"hq/contract_templates/{page}.html",
        template=template,
        checklist=checklist_of(template.body),
        state=TEMPLATE_STATES[template.state],
        **values,
    )


def _done(template: ContractTemplate, words: str) -> ResponseReturnValue:
    say(words)
    return htmx.go(url_for(".show_contract_template", name=template.name, version=template.version))
