"""Findings (违规认定): a complaint or a breach that was reported, looked into, and confirmed or not (RE-8.5, D.9)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.models.base import Base, Ordered, Sealed
from portal.models.deals import Deal
from portal.models.distributors import Distributor
from portal.models.users import User

FINDING_KINDS = ("complaint", "malicious_grab", "interception", "poaching", "false_filing", "staff_dumping")
FINDING_STATES = ("reported", "confirmed", "unfounded")


class Finding(Ordered, Base):
    """One case. Whoever confirms it is named; only a confirmed one lets a deal be decided anew (RE-8.5)."""

    __tablename__ = "findings"
    __table_args__ = (
        CheckConstraint(f"kind IN {FINDING_KINDS}", name="finding_kind_is_known"),
        CheckConstraint(f"state IN {FINDING_STATES}", name="finding_state_is_known"),
        CheckConstraint("(state = 'reported') = (decided_by_id IS NULL)", name="finding_is_decided_by_a_person"),
        CheckConstraint("(decided_by_id IS NULL) = (decided_at IS NULL)", name="finding_decision_has_a_time"),
        Index("ix_findings_of_deal", "deal_id"),
        Index("ix_findings_of_distributor", "distributor_id", "id"),
    )

    reference: Mapped[str] = mapped_column(unique=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"))
    kind: Mapped[str]
    state: Mapped[str] = mapped_column(default="reported")
    distributor_id: Mapped[int | None] = mapped_column(ForeignKey("distributors.id"))
    deal_id: Mapped[int | None] = mapped_column(ForeignKey("deals.id"))
    summary: Mapped[str] = mapped_column(Sealed("findings.summary"))
    reported_at: Mapped[datetime]
    reported_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decision_reason: Mapped[str | None] = mapped_column(Sealed("findings.decision_reason"))

    deal: Mapped[Deal | None] = relationship(lazy="raise_on_sql")
    distributor: Mapped[Distributor | None] = relationship(lazy="raise_on_sql")
    reported_by: Mapped[User | None] = relationship(lazy="raise_on_sql", foreign_keys=[reported_by_id])
    decided_by: Mapped[User | None] = relationship(lazy="raise_on_sql", foreign_keys=[decided_by_id])
