"""Who changes a contract holds the distributor's row first, as filing does, then the contract, and asks the time last."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import class_mapper

from portal import clock
from portal.models import Contract, Distributor, db
from portal.rules.refusal import Refusal
from portal.services.locks import hold_distributor


def hold(contract: Contract) -> tuple[Distributor, datetime]:
    """The distributor and the contract, both read afresh and held; the time from here on."""
    distributor = hold_distributor(contract.distributor_id)
    columns = [attribute.key for attribute in class_mapper(Contract).column_attrs]
    db.session.refresh(contract, attribute_names=columns, with_for_update=True)
    db.session.expire(contract, ["signatures", "projects"])
    return distributor, clock.now()


def check_text(contract: Contract, seen: str) -> None:
    """Raises Refusal unless the text is the one that the signer has read (CH-5.7)."""
    if contract.text_digest is None or contract.text_digest != seen:
        raise Refusal("contract_text_changed", "CH-5.7")
