"""The legal review: what legal lets pass is fixed as it stands, and signing opens (CH-5.3, CH-5.4)."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy import select

from portal import audit
from portal.audit import reason_digest
from portal.models import Contract, PartnerFile, User, db
from portal.queries.contracts import loaded, writers_of
from portal.rules.contract_states import check_may_sign, check_other_person, check_step
from portal.rules.refusal import Refusal
from portal.services import contract_notices, contract_texts, documents, legal_reviews
from portal.services.blacklist_matches import check_blacklist_match
from portal.services.contract_drafts import shown_values
from portal.services.contract_locks import hold
from portal.services.editions import NO_PAGE, Seen, check_read


def submit_contract(*, actor: User, contract: Contract) -> Contract:
    """Give the draft to the legal review."""
    distributor, now = hold(contract)
    check_may_sign(distributor.status)
    _check_term(contract, now)
    clause = check_step(contract.state, "review")
    contract.state, contract.submitted_at = "review", now
    db.session.flush()
    audit.record("contract.submitted", contract, actor=actor, now=now, clause=clause, reference=contract.reference)
    legal_reviews.ask_for_review(contract, now)
    return contract


def review_contract(*, actor: User, contract: Contract, passed: bool, remarks: str, seen: Seen = NO_PAGE) -> Contract:
    """Let it pass, which fixes the text to be signed, or give it back with remarks. Never by who wrote on it (CH-5.4).

    Raises Refusal when the draft was changed after the actor had opened it.
    """
    distributor, now = hold(contract)
    clause = check_step(contract.state, "signing" if passed else "draft")
    check_other_person(writers_of(contract), actor.id)
    check_read(seen, shown_values(contract))
    contract.reviewed_by_id, contract.reviewed_at, contract.remarks = actor.id, now, remarks or None
    if passed:
        check_may_sign(distributor.status)
        _check_not_blacklisted(contract)
        _check_term(contract, now)
        _open_signing(contract, now)
    else:
        contract.state = "draft"
    db.session.flush()
    _remember(contract, actor, passed, remarks, clause, now)
    return contract


def _open_signing(contract: Contract, now: datetime) -> None:
    text = contract_texts.compose(loaded(contract))
    contract.text = json.dumps(text, ensure_ascii=False)
    contract.text_digest = contract_texts.digest_of(text)
    contract.state = "signing"
    db.session.flush()
    documents.order_contract(contract, now)
    contract_notices.tell_owners(contract, "contract.to_sign", "CH-5.5", now)
    contract_notices.tell_signers(contract, now)


def _remember(contract: Contract, actor: User, passed: bool, remarks: str, clause: str, now: datetime) -> None:
    facts: dict[str, Any] = {"reference": contract.reference, "reason_digest": reason_digest(remarks)}
    verb = "contract.cleared" if passed else "contract.returned"
    if passed:
        facts["digest"] = contract.text_digest or ""
    audit.record(verb, contract, actor=actor, now=now, clause=clause, **facts)
    if not passed:
        contract_notices.tell_drafter(contract, "contract.returned", "CH-5.4", now)


def _check_not_blacklisted(contract: Contract) -> None:
    """Nobody blacklisted meanwhile shares the partner's code, representative, account or phone (RE-5.4)."""
    file = db.session.scalar(select(PartnerFile).where(PartnerFile.distributor_id == contract.distributor_id))
    if file is not None:
        check_blacklist_match(file)


def _check_term(contract: Contract, now: datetime) -> None:
    if contract.ends_at is not None and contract.ends_at <= now:
        raise Refusal("contract_term_over", "CH-5.2", ends_at=contract.ends_at)
