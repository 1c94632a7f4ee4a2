"""Rulings (归属裁定): whose a deal is, by which clause, from which facts. Append-only; a later one refers to the earlier."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.models.base import Base, Ordered, Sealed
from portal.models.deals import Deal, DealEvent
from portal.models.distributors import Distributor
from portal.models.findings import Finding
from portal.models.policies import Policy
from portal.models.registrations import Registration
from portal.models.users import User

#: event: found by the rules when the deal event came; fallen: an audit or a refused extension took it away (RE-F14, RE-Q41);
#: ruled: confirmed by the back office; redetermined: decided anew by headquarters (RE-8.5).
RULING_ORIGINS = ("event", "fallen", "ruled", "redetermined")


class Ruling(Ordered, Base):
    """One ruling of one deal event. ``facts`` are all the rules were given, so it can be replayed; nothing personal in them."""

    __tablename__ = "rulings"
    __table_args__ = (
        CheckConstraint(f"origin IN {RULING_ORIGINS}", name="ruling_origin_is_known"),
        CheckConstraint(
            "(origin IN ('ruled', 'redetermined')) = (confirmed_by_id IS NOT NULL)", name="ruling_has_its_person"
        ),
        CheckConstraint("registration_id IS NULL OR owner_id IS NOT NULL", name="ruled_registration_has_an_owner"),
        CheckConstraint(
            "(origin = 'redetermined') = (clause = 'RE-8.5') AND (origin = 'redetermined') = (finding_id IS NOT NULL)",
            name="redetermination_cites_its_clause_and_finding",
        ),
        Index("ix_rulings_of_deal", "deal_id", "seq"),
    )

    reference: Mapped[str] = mapped_column(unique=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"))
    deal_id: Mapped[int] = mapped_column(ForeignKey("deals.id"))
    event_id: Mapped[int] = mapped_column(ForeignKey("deal_events.id"))
    policy_id: Mapped[int] = mapped_column(ForeignKey("policies.id"))
    origin: Mapped[str]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("distributors.id"))
    registration_id: Mapped[int | None] = mapped_column(ForeignKey("registrations.id"))
    clause: Mapped[str]
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    outcome: Mapped[dict[str, Any]] = mapped_column(JSONB)
    digest: Mapped[str]
    reason: Mapped[str | None] = mapped_column(Sealed("rulings.reason"))
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime]
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("rulings.id"), unique=True)
    finding_id: Mapped[int | None] = mapped_column(ForeignKey("findings.id"))

    deal: Mapped[Deal] = relationship(lazy="raise_on_sql")
    event: Mapped[DealEvent] = relationship(lazy="raise_on_sql")
    policy: Mapped[Policy] = relationship(lazy="raise_on_sql")
    owner: Mapped[Distributor | None] = relationship(lazy="raise_on_sql")
    registration: Mapped[Registration | None] = relationship(lazy="raise_on_sql")
    confirmed_by: Mapped[User | None] = relationship(lazy="raise_on_sql")
    finding: Mapped[Finding | None] = relationship(lazy="raise_on_sql")
    parties: Mapped[list[RulingParty]] = relationship(back_populates="ruling", lazy="selectin")
    supersedes: Mapped[Ruling | None] = relationship(lazy="raise_on_sql", remote_side="Ruling.id")


class RulingParty(Ordered, Base):
    """A distributor that a ruling is told to: how it came out for it alone. Its extract names no rival (RE-8.3, RE-Q28)."""

    __tablename__ = "ruling_parties"
    __table_args__ = (
        UniqueConstraint("ruling_id", "distributor_id", name="uq_ruling_parties_once"),
        Index("ix_ruling_parties_of_distributor", "distributor_id", "id"),
    )

    reference: Mapped[str] = mapped_column(unique=True)
    ruling_id: Mapped[int] = mapped_column(ForeignKey("rulings.id"))
    distributor_id: Mapped[int] = mapped_column(ForeignKey("distributors.id"))
    # The registration by which it is judged; None for a claim that rests on none.
    registration_id: Mapped[int | None] = mapped_column(ForeignKey("registrations.id"))
    wins: Mapped[bool]
    clause: Mapped[str]

    ruling: Mapped[Ruling] = relationship(back_populates="parties")
    distributor: Mapped[Distributor] = relationship(lazy="raise_on_sql")
    registration: Mapped[Registration | None] = relationship(lazy="raise_on_sql")
