"""Putting away what nobody needs any more: drafts that were never filed, notices long read, messages long gone."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, exists, select

from portal.models import FilingDraft, Notice, OutgoingMessage, PastedMessage, Registration, db
from portal.services import one_time_codes

#: A draft holds a customer's data; after this time it was not meant to be filed.
DRAFTS_KEPT = timedelta(days=30)
READ_NOTICES_KEPT = timedelta(days=180)
#: A message that left, or was given up, holds nothing but somebody's address.
MESSAGES_KEPT = timedelta(days=180)


def clear_away(*, now: datetime) -> None:
    """Delete drafts and pasted messages that led to no filing in 30 days; notices read, messages sent half a year ago."""
    db.session.execute(delete(FilingDraft).where(FilingDraft.created_at < now - DRAFTS_KEPT))
    db.session.execute(
        delete(PastedMessage).where(
            PastedMessage.pasted_at < now - DRAFTS_KEPT,
            ~exists(select(Registration.id).where(Registration.pasted_message_id == PastedMessage.id)),
            ~exists(select(FilingDraft.id).where(FilingDraft.pasted_message_id == PastedMessage.id)),
        )
    )
    db.session.execute(delete(Notice).where(Notice.read_at < now - READ_NOTICES_KEPT))
    db.session.execute(
        delete(OutgoingMessage).where(
            OutgoingMessage.state != "waiting", OutgoingMessage.created_at < now - MESSAGES_KEPT
        )
    )
    one_time_codes.forget_old(now=now)
