"""Contracts (分销合同): the list, one with its text, its review, its signature for the company, its end (DM-3, CH-5)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from portal import papers, signing
from portal.access import Permission, may, requires
from portal.addresses import page_reference, sealed_words
from portal.blueprints.hq import bp
from portal.blueprints.hq.navigation import ME, POLICIES
from portal.edge import me, or_404
from portal.forms.contracts import ButtonForm, CompanySignForm, RenewalForm, ReviewForm
from portal.listing import kept
from portal.models import Contract
from portal.navigation import Count, Item, Section, navigation
from portal.queries import contracts, documents
from portal.services import (
    contract_drafts,
    contract_ends,
    contract_papers,
    contract_reviews,
    contract_signing,
    contract_standings,
    contract_texts,
    legal_reviews,
)
from portal.services.editions import edition_of
from portal.steps import take_step
from portal.wording import page_now
from portal.wording.contract_pages import OVER, PILLS, May, acts_of, rows_of, stand_of, term_words
from portal.wording.contracts import FIELDS, KINDS, METHODS, RENEWALS, SIDES
from portal.wording.partners import told


def _count_waiting() -> Count | None:
    reviews, signs = may(me(), Permission.REVIEW_CONTRACT), may(me(), Permission.SIGN_CONTRACT)
    number = contracts.waiting_for(me(), reviews=reviews, signs=signs)
    return Count(number, due=True) if number else None


CONTRACTS = Item(
    _l("合同"),
    "file-certificate",
    "hq.list_contracts",
    covers=(
        *("hq.show_contract", "hq.contract_act", "hq.review_contract", "hq.sign_contract", "hq.decide_renewal"),
        *("hq.draft_contract", "hq.change_contract", "hq.amend_contract", "hq.renew_contract", "hq.hand_in_contract"),
        *("hq.record_paper_contract", "hq.list_contract_templates", "hq.show_contract_template"),
        *("hq.draft_contract_template", "hq.change_contract_template"),
    ),
    count=_count_waiting,
)
for _role in ("hq_channel", "department_manager", "general_manager", "legal", "administrator", "auditor"):
    navigation.add(_role, Section((CONTRACTS,), _l("渠道")))
navigation.add("legal", Section((POLICIES,)))
navigation.set_tabs("legal", CONTRACTS, POLICIES, ME)

_ACTS: dict[str, Callable[..., Any]] = {
    "submit": contract_reviews.submit_contract,
    "withdraw": contract_drafts.withdraw,
}
_PAPERS = {"text": "contract", "signed": "contract_signed"}


@bp.get("/contracts")
@requires(Permission.SEE_CONTRACTS)
def list_contracts() -> ResponseReturnValue:
    """The contracts of every distributor: what is under way first, then what is in force, ending, over."""
    shown = request.args.get("show", "open")
    if shown not in PILLS:
        abort(404)
    now, words = page_now(), sealed_words()
    page = contracts.page_of(shown, now, words=words, after=page_reference("after"))
    rows = rows_of(page.contracts, contract_standings.codes_of(page.contracts, now), now, "hq.show_contract")
    return render_template(
        "hq/contracts/list.html", page=page, rows=rows, shown=shown, pills=PILLS, words=words, kept=kept("s", "show")
    )


@bp.get("/contracts/<ref:reference>")
@requires(Permission.SEE_CONTRACTS)
def show_contract(reference: str) -> ResponseReturnValue:
    """One contract: its text, who has signed, what can be done."""
    return _page(_contract(reference))


@bp.post("/contracts/<ref:reference>/<any(submit, withdraw):errand>")
@requires(Permission.MANAGE_CONTRACTS)
def contract_act(reference: str, errand: str) -> ResponseReturnValue:
    """Give the draft to the review, or give the contract up."""
    return _do(reference, "act", ButtonForm(), _ACTS[errand])


@bp.post("/contracts/<ref:reference>/review")
@requires(Permission.REVIEW_CONTRACT)
def review_contract(reference: str) -> ResponseReturnValue:
    """Let the text pass, which opens signing, or give it back with remarks (CH-5.4)."""
    return _do(reference, "review", ReviewForm(), contract_reviews.review_contract)


@bp.post("/contracts/<ref:reference>/signature")
@requires(Permission.SIGN_CONTRACT)
def sign_contract(reference: str) -> ResponseReturnValue:
    """Sign for the company (CH-5.5)."""
    return _do(reference, "sign", CompanySignForm(), contract_signing.sign_for_company)


@bp.post("/contracts/<ref:reference>/renewal")
@requires(Permission.MANAGE_CONTRACTS)
def decide_renewal(reference: str) -> ResponseReturnValue:
    """Renew or let it end (DM-10.4)."""
    return _do(reference, "renewal", RenewalForm(), contract_ends.decide_renewal)


@bp.get("/contracts/<ref:reference>/preview.pdf")
@requires(Permission.SEE_CONTRACTS)
def preview_contract(reference: str) -> Response:
    """The contract as it would be printed, to be looked at."""
    contract = _contract(reference)
    if contract.kind == "carried_over":
        abort(404)
    return papers.shown_pdf(contract_papers.preview(contract, page_now()), contract.reference)


@bp.get("/contracts/<ref:reference>/<any(text, signed):copy>.pdf")
@requires(Permission.SEE_CONTRACTS)
def download_contract(reference: str, copy: str) -> Response:
    """The text that is signed, or the contract with both signatures."""
    return papers.pdf(documents.of_subject(_PAPERS[copy], _contract(reference).id))


def _contract(reference: str) -> Contract:
    return or_404(contracts.find(reference))


def _do(reference: str, name: str, form: Any, command: Callable[..., Any]) -> ResponseReturnValue:
    there, contract = url_for(".show_contract", reference=reference), _contract(reference)
    return take_step(
        form, command, page=lambda: _page(_contract(reference), {name: form}), where=there, contract=contract
    )


def _page(contract: Contract, sent: dict[str, Any] | None = None) -> str:
    now = page_now()
    code = contract_standings.code_of(contract, now)
    held = _held(contract)
    later = contracts.later_of(contract)
    can, cannot = acts_of(contract, code, held, later)
    text = None if contract.kind == "carried_over" else contract_texts.text_of(contract)
    changes = contracts.changes_of(contract)
    return render_template(
        "hq/contracts/show.html",
        contract=contract,
        stand=stand_of(contract, code),
        term=term_words(contract),
        text=text,
        fields=[(FIELDS[name], value) for name, value in contract_texts.typed_fields(contract).items() if value],
        offers=can,
        refusals=cannot,
        seen_by=examined(contract),
        changes=rows_of(changes, contract_standings.codes_of(changes, now), now, "hq.show_contract"),
        trail=told(contracts.history_of(contract)),
        kind_word=KINDS[contract.kind],
        sides=SIDES,
        methods=METHODS,
        renewals=RENEWALS,
        certificate=signing.is_ready(),
        projects=contract_texts.projects_said(contract) if contract.projects else "",
        held=held,
        revived=contract_drafts.may_have_one(contract.distributor),
        unreviewed=contract.state == "review" and not legal_reviews.reviewers_of(contract),
        sent=sent or {},
        later=later,
        beside=() if code in OVER else contracts.beside(contract, now),
        printed=documents.is_ready("contract", contract.id),
        draft_seen=edition_of(contract_drafts.shown_values(contract)),
        renewal_seen=edition_of(contract_ends.decided_values(contract)),
    )


def _held(contract: Contract) -> May:
    return May(
        manage=may(me(), Permission.MANAGE_CONTRACTS),
        review=may(me(), Permission.REVIEW_CONTRACT),
        sign=may(me(), Permission.SIGN_CONTRACT),
        wrote=me().id in contracts.writers_of(contract),
    )


def examined(contract: Contract) -> Any:
    """What the digital signature of the signed paper says, None while there is no such paper."""
    paper = documents.of_subject("contract_signed", contract.id)
    content = documents.content_of(paper) if paper is not None else None
    return contract_papers.examine_paper(content) if content else None
