"""Clash claims (撞单申请): a distributor says that a deal is its own (RE-8.1, RE-8.2, D.6)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import String

from portal.models.base import Base, Numbered, Ordered, Sealed
from portal.models.deals import DealEvent
from portal.models.distributors import Distributor
from portal.models.files import StoredFile
from portal.models.projects import Project
from portal.models.registrations import Registration
from portal.models.users import User

CLAIM_STATES = ("open", "decided", "unfounded")


class Claim(Ordered, Base):
    """One claim of one broker on one deal event; those of one distributor are heard as one (RE-F16).

    A typed number (``typed``) makes a claim of its own each time: were it to join another, it would tell that it fits.
    ``event_id`` is None while what was typed fits no deal; whoever typed it is answered the same (RE-Q30's manner), so the
    portal is no way to find out who bought. ``unfounded`` closes such a claim.
    """

    __tablename__ = "claims"
    __table_args__ = (
        CheckConstraint(f"state IN {CLAIM_STATES}", name="claim_state_is_known"),
        CheckConstraint("event_id IS NOT NULL OR state <> 'decided'", name="only_a_claim_on_a_deal_is_decided"),
        Index(
            "uq_claims_one_per_event",
            "event_id",
            "broker_id",
            unique=True,
            postgresql_where=text("event_id IS NOT NULL AND typed IS NULL"),
        ),
        Index("ix_claims_of_broker", "broker_id", "id"),
        Index("ix_claims_answer_due", "answer_at", postgresql_where=text("typed IS NOT NULL")),
        Index("ix_claims_of_distributor", "distributor_id", "id"),
        Index("ix_claims_open", "project_id", "claimed_at", postgresql_where=text("state = 'open'")),
    )

    reference: Mapped[str] = mapped_column(unique=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"))
    event_id: Mapped[int | None] = mapped_column(ForeignKey("deal_events.id"))
    distributor_id: Mapped[int] = mapped_column(ForeignKey("distributors.id"))
    broker_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    registration_id: Mapped[int | None] = mapped_column(ForeignKey("registrations.id"))
    typed: Mapped[str | None] = mapped_column(Sealed("claims.typed"))
    statement: Mapped[str | None] = mapped_column(Sealed("claims.statement"))
    submission_key: Mapped[str | None] = mapped_column(unique=True)
    claimed_at: Mapped[datetime]
    flags: Mapped[list[str]] = mapped_column(ARRAY(String), default=list, server_default=text("'{}'"))
    # From when on the distributor is told how a claim without a registration of its own came out.
    answer_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="open", server_default=text("'open'"))

    project: Mapped[Project] = relationship(lazy="raise_on_sql")
    event: Mapped[DealEvent | None] = relationship(lazy="raise_on_sql")
    distributor: Mapped[Distributor] = relationship(lazy="raise_on_sql")
    broker: Mapped[User] = relationship(lazy="raise_on_sql")
    registration: Mapped[Registration | None] = relationship(lazy="raise_on_sql")
    files: Mapped[list[ClaimFile]] = relationship(back_populates="claim", lazy="selectin")


class ClaimFile(Numbered, Base):
    """A file that supports a claim. Kept; the decision itself rests on the three sources of RE-8.3 and nothing else."""

    __tablename__ = "claim_files"

    claim_id: Mapped[int] = mapped_column(ForeignKey("claims.id"), index=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_files.id"))

    claim: Mapped[Claim] = relationship(back_populates="files")
    file: Mapped[StoredFile] = relationship(lazy="joined")
