"""How contracts stand, for those that show them: the state while it is written, then by its times."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from portal.models import Contract
from portal.rules.contract_states import standing
from portal.services.contract_drafts import term_of


def code_of(contract: Contract, now: datetime) -> str:
    """draft, review, signing or withdrawn; once signed: agreed, in_force, ending, amended, expired or ended."""
    return contract.state if contract.signed_at is None else standing(term_of(contract), now)


def codes_of(contracts: Iterable[Contract], now: datetime) -> dict[int, str]:
    """The same for each of several, by id."""
    return {contract.id: code_of(contract, now) for contract in contracts}
