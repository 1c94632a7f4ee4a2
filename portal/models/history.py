"""History: what happened, who did it, by which clause. Append-only; chained by the sealer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import Base, Numbered


class HistoryEntry(Numbered, Base):
    """One change. ``facts`` hold references and values of the closed vocabulary (portal/audit.py), nothing personal.

    ``digest`` is the SHA-256 of the entry's canonical form, so that an entry not yet sealed can be checked too.
    """

    __tablename__ = "history"
    __table_args__ = (
        Index("ix_history_subject", "subject_type", "subject_id", "id"),
        Index("ix_history_project", "project_id", "id"),
        # The look-ups that alerts are found by (RE-7.2); few among all entries.
        Index(
            "ix_history_revealed",
            "happened_at",
            postgresql_where=text("verb IN ('record.revealed', 'registration.revealed')"),
        ),
    )

    project_id: Mapped[int | None] = mapped_column(ForeignKey("projects.id"))
    happened_at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    actor_role: Mapped[str]
    verb: Mapped[str]
    subject_type: Mapped[str]
    subject_id: Mapped[int]
    clause: Mapped[str | None]
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    digest: Mapped[str]


class HistorySeal(Numbered, Base):
    """A link of a project's chain: the entries it covers and the hash over them and the link before it.

    ``chain`` is the project's id, 0 for entries of no project.
    """

    __tablename__ = "history_seals"
    __table_args__ = (UniqueConstraint("chain", "number", name="uq_history_seals_number"),)

    chain: Mapped[int] = mapped_column(BigInteger)
    number: Mapped[int]
    entry_ids: Mapped[list[int]] = mapped_column(JSONB)
    previous_hash: Mapped[str]
    hash: Mapped[str]
    sealed_at: Mapped[datetime]
