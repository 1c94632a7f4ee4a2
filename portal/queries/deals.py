"""Deals as screens and commands read them."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, bindparam, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import selectinload
from sqlalchemy.types import LargeBinary

from portal.crypto import search_token
from portal.models import BuyerKey, Deal, DealEvent, db
from portal.rules.search import query_word

WITH_EVENTS = (selectinload(Deal.events).selectinload(DealEvent.buyers),)
_BOUGHT = (
    select(BuyerKey.id)
    .where(
        BuyerKey.project_id == bindparam("project_id"),
        BuyerKey.fingerprint == bindparam("fingerprints", type_=ARRAY(LargeBinary)).any_(),
    )
    .limit(1)
)


def bought(project_id: int, fingerprints: Iterable[bytes]) -> bool:
    """Whether this customer stands in any deal event of the project."""
    values = {"project_id": project_id, "fingerprints": list(fingerprints)}
    return db.session.scalar(_BOUGHT, values) is not None


def found_by(words: str) -> ColumnElement[bool]:
    """Whether a deal has this number, here or in the sales system, this unit, or a buyer of this name or number."""
    typed = words.strip().upper()
    token = search_token(query_word(words))
    return or_(Deal.reference == typed, Deal.source_number == words.strip(), Deal.search_tokens.contains([token]))
