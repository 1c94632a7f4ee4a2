"""Commission holds (佣金暂缓): deals whose commission waits for a named person (RE-Q34)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.models.base import Base, Numbered, Sealed
from portal.models.deals import Deal
from portal.models.enforcements import Enforcement
from portal.models.users import User


class CommissionHold(Numbered, Base):
    """One deal of a distributor whose commission is not put forward until somebody releases it. One open hold per deal."""

    __tablename__ = "commission_holds"
    __table_args__ = (
        Index("uq_commission_holds_open", "deal_id", unique=True, postgresql_where=text("released_at IS NULL")),
        Index("ix_commission_holds_of_distributor", "distributor_id", "id"),
        Index("ix_commission_holds_of_enforcement", "enforcement_id", "id"),
        CheckConstraint(
            "(released_at IS NULL) = (released_by_id IS NULL) AND (released_at IS NULL) = (release_reason IS NULL)",
            name="release_has_a_person_and_a_reason",
        ),
    )

    distributor_id: Mapped[int] = mapped_column(ForeignKey("distributors.id"))
    deal_id: Mapped[int] = mapped_column(ForeignKey("deals.id"))
    enforcement_id: Mapped[int] = mapped_column(ForeignKey("enforcements.id"))
    clause: Mapped[str]
    since: Mapped[datetime]
    released_at: Mapped[datetime | None]
    released_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    release_reason: Mapped[str | None] = mapped_column(Sealed("commission_holds.release_reason"))

    deal: Mapped[Deal] = relationship(lazy="raise_on_sql")
    enforcement: Mapped[Enforcement] = relationship(lazy="raise_on_sql")
    released_by: Mapped[User | None] = relationship(lazy="raise_on_sql")
