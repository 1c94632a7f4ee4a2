"""Bulk extensions (大宗延期): the one application of a registration and its decision (RE-2.11, RE-2.12)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.models.base import Base, Ordered
from portal.models.registrations import Registration
from portal.models.users import User

EXTENSION_STATES = ("pending", "approved", "rejected", "lapsed")


class Extension(Ordered, Base):
    """An application. Unique per registration: refused or granted, there is no second one (RE-Q41)."""

    __tablename__ = "extensions"
    __table_args__ = (
        CheckConstraint(f"state IN {EXTENSION_STATES}", name="extension_state_is_known"),
        CheckConstraint(
            "(state IN ('approved', 'rejected')) = (decided_by_id IS NOT NULL)", name="decision_has_a_person"
        ),
        CheckConstraint("(state = 'approved') = (new_end IS NOT NULL)", name="approval_has_an_end"),
        CheckConstraint("new_end > original_end", name="approval_prolongs"),
        CheckConstraint("(opinion IS NULL) = (opinion_by_id IS NULL)", name="opinion_has_a_person"),
        Index("ix_extensions_pending", "asked_at", postgresql_where=text("state = 'pending'")),
    )

    reference: Mapped[str] = mapped_column(unique=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registrations.id"), unique=True)
    reason: Mapped[str]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    asked_at: Mapped[datetime]
    original_end: Mapped[datetime]
    opinion: Mapped[str | None]
    opinion_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    opinion_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(default="pending")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]
    decision_reason: Mapped[str | None]
    new_end: Mapped[datetime | None]

    registration: Mapped[Registration] = relationship(lazy="raise_on_sql")
    asked_by: Mapped[User] = relationship(lazy="raise_on_sql", foreign_keys=[asked_by_id])
    decided_by: Mapped[User | None] = relationship(lazy="raise_on_sql", foreign_keys=[decided_by_id])
    opinion_by: Mapped[User | None] = relationship(lazy="raise_on_sql", foreign_keys=[opinion_by_id])
