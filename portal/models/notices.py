"""Notices (站内通知): what a person is told in the portal, once each."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import Base, Numbered


class Notice(Numbered, Base):
    """One notice. ``occasion`` makes it once: the same kind about the same occasion is never told twice.

    ``facts`` are references, times and clause ids; the sentence is made when it is read, in the reader's language.
    """

    __tablename__ = "notices"
    __table_args__ = (
        UniqueConstraint("user_id", "kind", "occasion", name="uq_notices_once"),
        Index("ix_notices_unread", "user_id", postgresql_where=text("read_at IS NULL")),
    )

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    kind: Mapped[str]
    occasion: Mapped[str]
    subject_type: Mapped[str]
    subject_id: Mapped[int]
    clause: Mapped[str | None]
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
