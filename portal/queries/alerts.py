"""Alerts as headquarters reads them: what is to be looked into, and what became of the others (RE-7.2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.models import Alert, Registration, db
from portal.queries.pages import newest_behind

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
    return Page(*newest_behind(query.options(*_WITH), Alert.id, before, PAGE))


def find(alert_id: int) -> Alert | None:
    """The alert with all that is shown of it."""
    return db.session.scalar(select(Alert).where(Alert.id == alert_id).options(*_WITH))
