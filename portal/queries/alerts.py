"""Alerts as headquarters reads them: what is to be looked into, and what became of the others (RE-7.2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.models import Alert, Registration, db

PAGE = 30
_WITH = (
    joinedload(Alert.project),
    joinedload(Alert.registration).joinedload(Registration.distributor),
    joinedload(Alert.staff),
    joinedload(Alert.decided_by),
    joinedload(Alert.finding),
)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of alerts, the newest first; ``older`` is the id to go on from."""

    alerts: Sequence[Alert]
    older: int | None = None


def page_of(shown: str, before: int | None) -> Page:
    """``shown`` is open or closed."""
    query = select(Alert).where((Alert.state == "open") if shown == "open" else (Alert.state != "open"))
    if before is not None:
        query = query.where(Alert.id < before)
    found = db.session.scalars(query.order_by(Alert.id.desc()).limit(PAGE + 1).options(*_WITH)).all()
    return Page(found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else None)


def find(alert_id: int) -> Alert | None:
    """The alert with all that is shown of it."""
    return db.session.scalar(select(Alert).where(Alert.id == alert_id).options(*_WITH))
