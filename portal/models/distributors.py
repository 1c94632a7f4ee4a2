"""Distributors (分销商): the outside companies that bring customers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import Base, Numbered
from portal.rules.exits import status_at
from portal.rules.partner_states import DISTRIBUTOR_STATES

DISTRIBUTOR_STATUSES = DISTRIBUTOR_STATES


class Distributor(Numbered, Base):
    """A distributor and where it stands in the life of a partner (D.1); ``status_reason`` was written with the last change."""

    __tablename__ = "distributors"
    __table_args__ = (
        CheckConstraint(f"status IN {DISTRIBUTOR_STATUSES}", name="distributor_status_is_known"),
        Index(
            "uq_distributors_registration_code",
            "registration_code",
            unique=True,
            postgresql_where=text("registration_code IS NOT NULL"),
        ),
    )

    reference: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(unique=True)
    name_pinyin: Mapped[str] = mapped_column(default="", server_default="")
    registration_code: Mapped[str | None]
    status: Mapped[str] = mapped_column(default="active", server_default="active")
    status_since: Mapped[datetime]
    status_reason: Mapped[str | None]
    created_at: Mapped[datetime]
    # While an exit is asked for: the state that it was asked from, and from when on (exclusive) it is granted.
    asked_exit_from: Mapped[str | None]
    leaves_at: Mapped[datetime | None]

    def status_at(self, now: datetime) -> str:
        """The status as it counts at ``now``: an approved exit takes effect at its instant (DM-12.6)."""
        return status_at(self.status, self.asked_exit_from, self.leaves_at, now)
