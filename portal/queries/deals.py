"""Deals as screens and commands read them."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import selectinload
from sqlalchemy.types import LargeBinary

from portal.models import BuyerKey, Deal, DealEvent, db

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
