"""Enforcements (执行): what was done when a cooperation was stopped, ended or taken up again, line by line (RE-5.4, RE-Q34)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.models.base import Base, Numbered, Sealed
from portal.models.distributors import Distributor
from portal.models.findings import Finding
from portal.models.registrations import Registration
from portal.models.users import User
from portal.rules.enforcement import KINDS

EFFECTS = ("voided", "lapsed", "kept", "moved_up")


class Enforcement(Numbered, Base):
    """One decision about a distributor being carried out. ``finished_at`` None: the worker still has steps to do."""

    __tablename__ = "enforcements"
    __table_args__ = (
        CheckConstraint(f"kind IN {KINDS}", name="enforcement_kind_is_known"),
        Index("ix_enforcements_of_distributor", "distributor_id", "id"),
        Index("ix_enforcements_unfinished", "id", postgresql_where=text("finished_at IS NULL")),
    )

    reference: Mapped[str] = mapped_column(unique=True)
    distributor_id: Mapped[int] = mapped_column(ForeignKey("distributors.id"))
    kind: Mapped[str]
    clause: Mapped[str]
    reason: Mapped[str] = mapped_column(Sealed("enforcements.reason"))
    # None: the system, when a date that somebody agreed to has come.
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    asked_at: Mapped[datetime]
    finding_id: Mapped[int | None] = mapped_column(ForeignKey("findings.id"))
    finished_at: Mapped[datetime | None]

    distributor: Mapped[Distributor] = relationship(lazy="raise_on_sql")
    asked_by: Mapped[User | None] = relationship(lazy="raise_on_sql")
    finding: Mapped[Finding | None] = relationship(lazy="raise_on_sql")
    steps: Mapped[list[EnforcementStep]] = relationship(order_by="EnforcementStep.position", lazy="selectin")


class EnforcementStep(Numbered, Base):
    """One line of it. ``count`` is of what the step is about; ``reached`` is the last id it has dealt with."""

    __tablename__ = "enforcement_steps"
    __table_args__ = (
        UniqueConstraint("enforcement_id", "step", name="uq_enforcement_steps_once"),
        CheckConstraint("count >= 0", name="step_counts_upwards"),
    )

    enforcement_id: Mapped[int] = mapped_column(ForeignKey("enforcements.id"))
    position: Mapped[int]
    step: Mapped[str]
    clause: Mapped[str]
    count: Mapped[int | None]
    reached: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    done_at: Mapped[datetime | None]


class EnforcementEffect(Numbered, Base):
    """What became of one registration through it, once each. The ranks are those before and after, where they changed."""

    __tablename__ = "enforcement_effects"
    __table_args__ = (
        UniqueConstraint("enforcement_id", "effect", "registration_id", name="uq_enforcement_effects_once"),
        CheckConstraint(f"effect IN {EFFECTS}", name="effect_is_known"),
        CheckConstraint("(effect = 'moved_up') = (rank_after IS NOT NULL)", name="only_who_moves_up_has_ranks"),
        CheckConstraint("rank_after < rank_before", name="ranks_go_up"),
    )

    enforcement_id: Mapped[int] = mapped_column(ForeignKey("enforcements.id"))
    effect: Mapped[str]
    registration_id: Mapped[int] = mapped_column(ForeignKey("registrations.id"))
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"))
    rank_before: Mapped[int | None]
    rank_after: Mapped[int | None]

    registration: Mapped[Registration] = relationship(lazy="raise_on_sql")
