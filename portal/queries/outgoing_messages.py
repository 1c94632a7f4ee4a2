"""Messages that wait or were given up, for the administrator."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from portal.models import OutgoingMessage, db
from portal.queries.pages import newest_behind

PAGE = 50


def listed(state: str, after: int | None) -> tuple[Sequence[OutgoingMessage], int | None]:
    """Those in ``state``, the newest first, and the id that opens the following page."""
    query = select(OutgoingMessage).where(OutgoingMessage.state == state)
    return newest_behind(query, OutgoingMessage.id, after, PAGE)


def find(message_id: int) -> OutgoingMessage | None:
    """One message."""
    return db.session.get(OutgoingMessage, message_id)
