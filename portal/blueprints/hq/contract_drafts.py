"""Writing a contract: for a distributor, as a change or a renewal of another, or recording one that was signed on paper."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import htmx
from portal.access import Permission, requires
from portal.blueprints.hq import bp
from portal.edge import carry_out, me, or_404, say, status_of
from portal.forms.contracts import (
    OTHER,
    ChangeContractForm,
    ContractForm,
    PaperContractForm,
    PaperForm,
    filled,
    new_key,
)
from portal.models import Contract, Distributor
from portal.queries import contracts, distributors, projects
from portal.services import contract_drafts, contract_prefill, contract_signing
from portal.services import contracts as paper_contracts
from portal.wording import page_now
from portal.wording.contracts import KINDS


@bp.route("/distributors/<ref:reference>/contracts/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_CONTRACTS)
def draft_contract(reference: str) -> ResponseReturnValue:
    """Begin a contract with a distributor, filled in from what the portal knows, or like the one that ``like`` names."""
    distributor = _distributor(reference)
    known = contract_prefill.for_distributor(distributor) | _like(distributor)
    form = _form(known | {"first_day": _today(), "submission_key": new_key()})
    facts = {"distributor": distributor, "submission_key": form.submission_key.data}
    return _write(form, contract_drafts.draft_contract, facts, distributor, _("起草合同"))


@bp.route("/contracts/<ref:reference>/change", methods=["GET", "POST"])
@requires(Permission.MANAGE_CONTRACTS)
def change_contract(reference: str) -> ResponseReturnValue:
    """Other fields while it is a draft."""
    contract = _contract(reference)
    form = ChangeContractForm.of(contract_drafts.shown_values(contract), term=OTHER)
    form.offer(projects.projects())
    page = {"contract": contract, "fixed_start": contract.kind == "renewal"}
    return _write(
        form, contract_drafts.change_draft, {"contract": contract}, contract.distributor, _("修改草稿"), **page
    )


@bp.route("/contracts/<ref:reference>/amend", methods=["GET", "POST"])
@requires(Permission.MANAGE_CONTRACTS)
def amend_contract(reference: str) -> ResponseReturnValue:
    """Begin a change of a contract in force, from a day on and to the same end (CH-5.7)."""
    contract = _contract(reference)
    _first, last = contract_drafts.days_of(contract)
    form = _form(filled(contract, _today(), last))
    page = {"contract": contract, "fixed_end": True}
    return _write(
        form, contract_drafts.draft_amendment, {"amended": contract}, contract.distributor, KINDS["amendment"], **page
    )


@bp.route("/contracts/<ref:reference>/renew", methods=["GET", "POST"])
@requires(Permission.MANAGE_CONTRACTS)
def renew_contract(reference: str) -> ResponseReturnValue:
    """Begin the contract that follows without a gap (DM-10.4)."""
    contract = _contract(reference)
    first = contract_drafts.day_after(contract) if contract.ends_at else _today()
    form = _form(filled(contract, first, contract_drafts.usual_last_day(first)))
    page = {"contract": contract, "fixed_start": True}
    return _write(
        form, contract_drafts.draft_renewal, {"renewed": contract}, contract.distributor, KINDS["renewal"], **page
    )


@bp.route("/contracts/<ref:reference>/paper", methods=["GET", "POST"])
@requires(Permission.MANAGE_CONTRACTS)
def hand_in_contract(reference: str) -> ResponseReturnValue:
    """Both signed the printed contract: keep its scan (CH-5.5)."""
    contract, form = _contract(reference), PaperForm()
    if carry_out(form, contract_signing.hand_in_scan, actor=me(), contract=contract) is None:
        contract = _contract(reference)
        page = {"contract": contract, "distributor": contract.distributor}
        return render_template("hq/contracts/paper.html", form=form, **page), status_of(form)
    return _done(contract, _("已登记纸质签署。"))


@bp.route("/distributors/<ref:reference>/contracts/paper", methods=["GET", "POST"])
@requires(Permission.MANAGE_CONTRACTS)
def record_paper_contract(reference: str) -> ResponseReturnValue:
    """Record a contract that was concluded on paper outside the portal (CH-5.1)."""
    distributor = _distributor(reference)
    form = PaperContractForm(data={"first_day": _today()})
    form.offer(projects.projects())
    made = carry_out(form, paper_contracts.record_paper_contract, actor=me(), distributor=distributor)
    if made is None:
        page = {"contract": None, "distributor": _distributor(reference)}
        return render_template("hq/contracts/paper.html", form=form, **page), status_of(form)
    return _done(made, _("已登记纸质合同。"))


def _like(distributor: Distributor) -> dict[str, Any]:
    """The fields, projects and last day of an earlier contract of the same distributor, from today on."""
    earlier = contracts.find(request.args.get("like", ""))
    if earlier is None or earlier.distributor_id != distributor.id:
        return {}
    last = contract_drafts.days_of(earlier)[1]
    usual = contract_drafts.usual_last_day(_today())
    return filled(earlier, _today(), last if last is not None and last > _today() else usual)


def _form(data: dict[str, Any]) -> ContractForm:
    form = ContractForm(data=data)
    form.offer(projects.projects())
    return form


def _write(
    form: ContractForm,
    command: Callable[..., Contract],
    facts: dict[str, Any],
    distributor: Distributor,
    title: Any,
    **page: Any,
) -> ResponseReturnValue:
    made = carry_out(form, command, actor=me(), **facts)
    if made is None:
        at = _distributor(distributor.reference)
        return render_template("hq/contracts/form.html", form=form, distributor=at, title=title, **page), status_of(
            form
        )
    return _done(made, _("草稿已保存。"))


def _done(contract: Contract, words: str) -> ResponseReturnValue:
    say(words, _("接下来要办的在右侧。"))
    return htmx.go(url_for(".show_contract", reference=contract.reference))


def _today() -> date:
    return contract_drafts.today(page_now())


def _contract(reference: str) -> Contract:
    return or_404(contracts.find(reference))


def _distributor(reference: str) -> Distributor:
    return or_404(distributors.distributor(reference))
