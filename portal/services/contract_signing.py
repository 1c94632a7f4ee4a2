"""Signing by both sides (CH-5.5): the company by its certificate, the partner by hand and code; or both on paper.

Each side signs once. Whoever comes second makes the contract; a side that presses twice, or two people of one side in the
same moment, leave one signature.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal import audit, signing
from portal.models import Contract, ContractSignature, Distributor, StoredFile, User, db
from portal.rules.contract_states import check_may_sign, check_step
from portal.rules.partner_states import check_step as check_partner_step
from portal.rules.refusal import Refusal
from portal.services import contract_notices, contract_texts, documents, one_time_codes
from portal.services.contract_locks import check_text, hold
from portal.services.contract_seats import seat_of
from portal.services.files import store_file

PURPOSE = "contract"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What was signed on paper: the scan, and who signed for each side."""

    file: StoredFile
    company_signer: str
    partner_signer: str


def send_signing_code(*, actor: User, contract: Contract, channel: str) -> datetime:
    """Send the one-time code to the contact in the partner's file; until when it counts. Raises Refusal."""
    if contract.state != "signing":
        raise Refusal("contract_not_open_to_sign", "CH-5.5")
    seat = seat_of(contract.distributor_id, actor, channel)
    return one_time_codes.send_code(
        purpose=PURPOSE, channel=seat.channel, address=seat.address, about=contract.reference, locale=actor.locale
    )


def sign_for_company(*, actor: User, contract: Contract, seen: str, title: str = "") -> Contract:
    """The authorised person signs; the finished paper then bears the company's digital signature.

    ``seen`` is the digest of the text that was read. Raises Refusal: no certificate, another text, not open.
    """
    signing.require()
    distributor, now = hold(contract)
    if _signature(contract, "company") is not None:
        return contract
    _check(distributor, contract, seen, now)
    made = ContractSignature(side="company", method="account", signer_name=actor.name, signer_title=title)
    return _sign(made, actor, distributor, contract, now)


def sign_for_partner(
    *,
    actor: User,
    contract: Contract,
    seen: str,
    title: str,
    channel: str,
    code: str,
    strokes: Mapping[str, Any],
) -> Contract:
    """The owner signs by hand on the glass and with the one-time code. Raises Refusal and Unacceptable(code)."""
    if _signature(contract, "partner") is None:
        seat = seat_of(contract.distributor_id, actor, channel)
        one_time_codes.check_code(purpose=PURPOSE, address=seat.address, code=code, about=contract.reference)
    distributor, now = hold(contract)
    if _signature(contract, "partner") is not None:
        return contract
    _check(distributor, contract, seen, now)
    made = ContractSignature(
        side="partner",
        method="glass",
        signer_name=actor.name,
        signer_title=title,
        strokes=json.dumps(dict(strokes)),
        code_channel=seat.channel,
        code_address=seat.masked,
    )
    return _sign(made, actor, distributor, contract, now)


def hand_in_paper(*, actor: User, contract: Contract, paper: Paper) -> Contract:
    """Both signed the printed contract; its scan is kept under its hash. Not mixed with signatures made here."""
    distributor, now = hold(contract)
    if contract.state == "signed" and contract.signatures and contract.signatures[0].file_id == paper.file.id:
        return contract
    _check(distributor, contract, contract.text_digest or "", now)
    if contract.signatures:
        raise Refusal("contract_partly_signed", "CH-5.5")
    add_paper(contract, paper, actor, now)
    db.session.flush()
    conclude(actor, distributor, contract, now)
    return contract


def hand_in_scan(
    *, actor: User, contract: Contract, company_signer: str, partner_signer: str, scan: tuple[bytes, str]
) -> Contract:
    """The same from a form: ``scan`` is content and name. Raises Unacceptable(scan)."""
    file = store_file(actor=actor, content=scan[0], name=scan[1], distributor_id=contract.distributor_id, field="scan")
    paper = Paper(file=file, company_signer=company_signer, partner_signer=partner_signer)
    return hand_in_paper(actor=actor, contract=contract, paper=paper)


def add_paper(contract: Contract, paper: Paper, actor: User | None, now: datetime) -> None:
    """Both sides' signatures on one scanned paper."""
    for side, name in (("company", paper.company_signer), ("partner", paper.partner_signer)):
        contract.signatures.append(
            ContractSignature(
                side=side,
                method="paper",
                signer_name=name,
                user_id=actor.id if actor else None,
                file_id=paper.file.id,
                text_digest=contract.text_digest,
                signed_at=now,
            )
        )


def conclude(actor: User | None, distributor: Distributor, contract: Contract, now: datetime) -> None:
    """Both have signed: it binds, supersedes what it amends, and makes an approved applicant a partner under contract."""
    contract.state, contract.signed_at = "signed", now
    _supersede(contract, actor, now)
    make_contracted(distributor, actor, now)
    audit.record(
        "contract.signed",
        contract,
        actor=actor,
        now=now,
        clause="CH-5.5",
        reference=contract.reference,
        until=contract.ends_at,
    )
    contract_notices.tell_owners(contract, "contract.signed", "CH-5.5", now)
    contract_notices.tell_drafter(contract, "contract.signed", "CH-5.5", now)


def make_contracted(distributor: Distributor, actor: User | None, now: datetime) -> None:
    """The first contract makes an approved distributor a partner under contract (DM-2.8); a later one changes nothing."""
    if distributor.status == "approved":
        step = check_partner_step(distributor.status, "contracted")
        distributor.status, distributor.status_since, distributor.status_reason = "contracted", now, None
        audit.record("distributor.contracted", distributor, actor=actor, now=now, clause=step.clause)
    db.session.flush()


def _sign(
    made: ContractSignature, actor: User, distributor: Distributor, contract: Contract, now: datetime
) -> Contract:
    made.user_id, made.text_digest, made.signed_at = actor.id, contract.text_digest, now
    contract.signatures.append(made)
    db.session.flush()
    audit.record(
        "contract.side_signed",
        contract,
        actor=actor,
        now=now,
        clause="CH-5.5",
        reference=contract.reference,
        side=made.side,
        method=made.method,
        digest=made.text_digest,
    )
    if len(contract.signatures) == 2:
        conclude(actor, distributor, contract, now)
        documents.order_signed_contract(contract, now)
    return contract


def _check(distributor: Distributor, contract: Contract, seen: str, now: datetime) -> None:
    check_step(contract.state, "signed")
    check_may_sign(distributor.status)
    check_text(contract, seen)
    contract_texts.fixed_text(contract)
    if contract.ends_at is not None and contract.ends_at <= now:
        raise Refusal("contract_term_over", "CH-5.2", ends_at=contract.ends_at)


def _signature(contract: Contract, side: str) -> ContractSignature | None:
    return next((one for one in contract.signatures if one.side == side), None)


def _supersede(contract: Contract, actor: User | None, now: datetime) -> None:
    """An amendment takes the place of the contract from its start on, or from now when that has passed: no gap, no overlap.

    What was decided about the renewal holds for the one that runs to the end.
    """
    if contract.kind != "amendment":
        return
    before = db.session.get_one(Contract, contract.amends_id, with_for_update=True, populate_existing=True)
    at = max(contract.starts_at, now)
    if before.ended_at is not None and before.ended_at <= at:
        raise Refusal("contract_not_in_force", "CH-5.7")
    before.ended_at, before.ended_clause, before.ended_by_id = at, "CH-5.8", actor.id if actor else None
    for column in ("renewal", "renewal_reason", "renewal_decided_by_id", "renewal_decided_at"):
        setattr(contract, column, getattr(before, column))
