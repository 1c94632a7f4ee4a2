"""Arrival notices (到访通知, RE-3.1): the distributor says, on the day, that a filed customer is coming."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import Base, Ordered


class ArrivalNotice(Ordered, Base):
    """One notice. ``expected_at`` is only informative: the front desk's time decides (RE-Q2)."""

    __tablename__ = "arrival_notices"
    __table_args__ = (Index("ix_arrival_notices_registration", "registration_id", "sent_at"),)

    registration_id: Mapped[int] = mapped_column(ForeignKey("registrations.id"))
    expected_at: Mapped[datetime]
    party_size: Mapped[int | None]
    sent_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    sent_at: Mapped[datetime]
