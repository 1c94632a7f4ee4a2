"""Messages that wait or were given up, for the administrator."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from portal.models import OutgoingMessage, db

PAGE = 50


def listed(state: str, after: int | None) -> tuple[Sequence[OutgoingMessage], int | None]:
    """Those in ``state``, the newest first, and the id that opens the following page."""
    query = select(OutgoingMessage).where(OutgoingMessage.state == state)
    if after is not None:
        query = query.where(OutgoingMessage.id < after)
    found = db.session.scalars(query.order_by(OutgoingMessage.id.desc()).limit(PAGE + 1)).all()
    return found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else None


def find(message_id: int) -> OutgoingMessage | None:
    """One message."""
    return db.session.get(OutgoingMessage, message_id)
