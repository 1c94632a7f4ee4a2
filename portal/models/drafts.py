"""Drafts (草稿): filings read from a pasted message that have not been sent yet."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import Base, Numbered, Sealed


class FilingDraft(Numbered, Base):
    """One customer of a pasted message: the fields as read, with their marks, as JSON; gone once it is filed."""

    __tablename__ = "filing_drafts"

    broker_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    pasted_message_id: Mapped[int] = mapped_column(ForeignKey("pasted_messages.id"))
    position: Mapped[int]
    fields: Mapped[str] = mapped_column(Sealed("filing_drafts.fields"))
    created_at: Mapped[datetime]
    registration_id: Mapped[int | None] = mapped_column(ForeignKey("registrations.id"))
