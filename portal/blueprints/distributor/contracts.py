"""The company's own contracts: to read and, for the owner, to sign by hand and with a one-time code (CH-5.5)."""

from __future__ import annotations

from typing import Any

from flask import Response, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal import htmx, papers
from portal.access import Permission, requires
from portal.blueprints.distributor import bp
from portal.blueprints.distributor.company import add_part
from portal.edge import carry_out, me, or_404, say, status_of
from portal.forms.contracts import CodeForm, PartnerSignForm
from portal.models import Contract, User
from portal.navigation import Count, Item, Section, navigation
from portal.queries import contracts, documents
from portal.services import contract_papers, contract_seats, contract_signing, contract_standings, contract_texts
from portal.wording import page_now
from portal.wording.contract_pages import rows_of, stand_of, term_words
from portal.wording.contracts import KINDS, METHODS, SIDES

_PAPERS = {"text": "contract", "signed": "contract_signed"}


def _count_to_sign() -> Count | None:
    number = contracts.to_sign(me())
    return Count(number, due=True) if number else None


CONTRACTS = Item(
    _l("合同"),
    "file-certificate",
    "distributor.list_contracts",
    covers=("distributor.show_contract", "distributor.sign_contract", "distributor.send_contract_code"),
    count=_count_to_sign,
)
navigation.add("owner", Section((CONTRACTS,), _l("公司")))


@bp.get("/contracts")
@requires(Permission.SIGN_OWN_CONTRACT)
def list_contracts() -> ResponseReturnValue:
    """The contracts that are open for signing or signed, the newest first."""
    return render_template("distributor/contracts/list.html", rows=own_rows(me()))


@bp.get("/contracts/<ref:reference>")
@requires(Permission.SIGN_OWN_CONTRACT)
def show_contract(reference: str) -> ResponseReturnValue:
    """The whole text, who has signed, and the pad to sign on."""
    return _page(_contract(reference))


@bp.post("/contracts/<ref:reference>/code")
@requires(Permission.SIGN_OWN_CONTRACT)
def send_contract_code(reference: str) -> ResponseReturnValue:
    """Send the one-time code to the contact on file."""
    contract, form = _contract(reference), CodeForm()
    if carry_out(form, contract_signing.send_signing_code, actor=me(), contract=contract) is None:
        return _page(_contract(reference), {"code": form}), status_of(form)
    address = url_for(".show_contract", reference=reference, channel=form.channel.data)
    return htmx.go(f"{address}#sign")


@bp.post("/contracts/<ref:reference>/signature")
@requires(Permission.SIGN_OWN_CONTRACT)
def sign_contract(reference: str) -> ResponseReturnValue:
    """Sign on the glass (CH-5.5)."""
    contract, form = _contract(reference), PartnerSignForm()
    if carry_out(form, contract_signing.sign_for_partner, actor=me(), contract=contract) is None:
        return _page(_contract(reference), {"sign": form}), status_of(form)
    say(_("已签署。"), _("签好的合同由系统打印，打印后可以下载。"))
    return htmx.go(url_for(".show_contract", reference=reference))


@bp.get("/contracts/<ref:reference>/<any(text, signed):copy>.pdf")
@requires(Permission.SIGN_OWN_CONTRACT)
def download_contract(reference: str, copy: str) -> Response:
    """The text that is signed, or the contract with both signatures."""
    return papers.pdf(documents.of_subject(_PAPERS[copy], _contract(reference).id))


def own_rows(user: User) -> list[dict[str, Any]]:
    """The company's contracts as a list shows them."""
    found, now = contracts.own(user), page_now()
    return rows_of(found, contract_standings.codes_of(found, now), now, "distributor.show_contract")


def _contract(reference: str) -> Contract:
    return or_404(contracts.find_own(reference, me()))


def _page(contract: Contract, sent: dict[str, Any] | None = None) -> str:
    code = contract_standings.code_of(contract, page_now())
    return render_template(
        "distributor/contracts/show.html",
        contract=contract,
        stand=stand_of(contract, code),
        term=term_words(contract),
        text=None if contract.kind == "carried_over" else contract_texts.text_of(contract),
        projects=contract_texts.projects_said(contract) if contract.projects else "",
        seats=contract_seats.seats_of(contract.distributor_id, me()),
        signed_by_us=any(one.side == "partner" for one in contract.signatures),
        paper=documents.of_subject("contract_signed", contract.id),
        seen_by=_examined(contract),
        kind_word=KINDS[contract.kind],
        sides=SIDES,
        methods=METHODS,
        sent=sent or {},
        later=contracts.later_of(contract),
        printed=documents.is_ready("contract", contract.id),
    )


def _examined(contract: Contract) -> Any:
    paper = documents.of_subject("contract_signed", contract.id)
    content = documents.content_of(paper) if paper is not None else None
    return contract_papers.examine_paper(content) if content else None


add_part(30, "distributor/company/_contract.html", lambda user: own_rows(user)[:5])
