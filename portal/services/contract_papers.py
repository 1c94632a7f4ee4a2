"""From a contract to its paper: to be looked at, to be signed, and signed, with the company's digital signature on the file."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar, cast

from flask import current_app

from portal import signing
from portal.documents.contracts import Annex, ContractPaper, Part, SideSigned, SignedContractPaper, print_contract
from portal.documents.pades import Examined, examine, sign_pdf
from portal.documents.signatures import Point, Stroke
from portal.documents.values import Locale
from portal.models import Contract, ContractSignature, Document
from portal.models.contracts import SIDES
from portal.queries import contracts
from portal.services import contract_texts
from portal.services.contract_texts import Text
from portal.wording.times import PORTAL_ZONE

Loaded = TypeVar("Loaded")


def paper_of(document: Document, address: str) -> ContractPaper:
    """The contract as it is to be signed, empty where people sign. Raises NoResultFound."""
    contract = contracts.one(document.subject_id)
    return ContractPaper(
        **_contents(contract, document.reference, document.created_at, address), sides=_unsigned(contract)
    )


def signed_paper_of(document: Document, address: str) -> SignedContractPaper:
    """The contract with both signatures. Raises NoResultFound."""
    contract, stamps = contracts.one(document.subject_id), signing.stamps()
    return SignedContractPaper(
        **_contents(contract, document.reference, document.created_at, address),
        sides=_signed(contract),
        seal=signing.seal().holder,
        stamped_by=stamps.host if stamps else "",
    )


def print_signed_contract(values: SignedContractPaper) -> bytes:
    """The signed contract as PDF/A with the company's PAdES signature, and the time stamp where an authority is set.

    Raises SealMissing, and NoTimeStamp when the authority does not answer: then nothing is printed.
    """
    reason = f"{values.number} {values.text_digest[:32]}"
    return sign_pdf(print_contract(values), signing.seal(), reason=reason, place=values.group, stamps=signing.stamps())


def preview(contract: Contract, now: datetime) -> bytes:
    """The contract as it would be printed now, to be looked at; nothing is kept. Raises Refusal."""
    address = current_app.extensions["settings"].public_url
    contents = _contents(contract, contract.reference, now, address)
    return print_contract(ContractPaper(**contents, sides=_unsigned(contract), draft=contract.text is None))


def examine_paper(content: bytes) -> Examined:
    """Whether a PDF bears our signature and is as it was when it was signed (CH-5.5)."""
    return examine(content, _or_none(signing.seal), _or_none(signing.stamps))


def _or_none(load: Callable[[], Loaded]) -> Loaded | None:
    try:
        return load()
    except signing.SealMissing:
        return None


def _contents(contract: Contract, number: str, issued_at: datetime, address: str) -> dict[str, Any]:
    text = contract_texts.text_of(contract)
    policy = contract.policy
    assert policy is not None
    version = f"{policy.code}-{policy.version}"
    return {
        "number": number,
        "group": contract_texts.typed_fields(contract)["company_name"],
        "project": contract_texts.projects_said(contract),
        "issued_at": issued_at,
        "rules_version": f"{policy.code}-{policy.published_at or policy.created_at:%Y-%m}",
        "policy_version": version,
        "verification_url": address,
        "zone": str(PORTAL_ZONE),
        "locale": cast(Locale, contract_texts.LANGUAGE),
        "title": text["title"],
        "preamble": tuple(text["preamble"]),
        "articles": tuple(_part(article) for article in text["articles"]),
        "annexes": tuple(_annex(annex) for annex in text["annexes"]),
        "text_digest": contract.text_digest or "",
    }


def _part(article: dict[str, Any]) -> Part:
    return Part(title=article["title"], paragraphs=tuple(article["paragraphs"]))


def _annex(annex: Text) -> Annex:
    parts = tuple(Part(title=one["title"], paragraphs=tuple(one["sentences"])) for one in annex["chapters"])
    return Annex(title=annex["title"], parts=parts)


def _party(contract: Contract, side: str) -> str:
    if side == "partner":
        return contract.distributor.name
    return contract_texts.typed_fields(contract)["company_name"]


def _unsigned(contract: Contract) -> tuple[SideSigned, SideSigned]:
    company, partner = (SideSigned(side=side, party=_party(contract, side)) for side in SIDES)
    return company, partner


def _signed(contract: Contract) -> tuple[SideSigned, SideSigned]:
    by_side = {one.side: one for one in contract.signatures}
    company, partner = (_side(contract, by_side[side]) for side in SIDES)
    return company, partner


def _side(contract: Contract, row: ContractSignature) -> SideSigned:
    pad: dict[str, Any] = json.loads(row.strokes) if row.strokes else {"strokes": [], "width": 0, "height": 0}
    return SideSigned(
        side=row.side,
        party=_party(contract, row.side),
        method=row.method,
        name=row.signer_name,
        title=row.signer_title,
        code_address=row.code_address or "",
        at=row.signed_at,
        strokes=tuple(_stroke(points) for points in pad["strokes"] if points),
        width=float(pad["width"]),
        height=float(pad["height"]),
    )


def _stroke(points: list[list[float]]) -> Stroke:
    return tuple(Point(float(point[0]), float(point[1])) for point in points)
