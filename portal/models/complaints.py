"""Complaints (投诉): from customers and from distributors, their rounds of inquiry, how they came out (D.10)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.models.base import Base, Numbered, Ordered, Sealed
from portal.models.distributors import Distributor
from portal.models.findings import Finding
from portal.models.projects import Project
from portal.models.users import User
from portal.rules.complaints import CAUSES, CHANNELS, GRAVITIES, OUTCOMES, STATES, SUBJECTS

TOLD_BY = ("phone", "message", "in_person", "page")


class Complaint(Ordered, Base):
    """One complaint. Who complained stays inside unless ``disclosed``; ``code`` is the fingerprint of the secret to look it up.

    ``due_at`` is by when its present state is to be left (rules/complaints.py), exclusive bound, UTC.
    """

    __tablename__ = "complaints"
    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="complaint_state_is_known"),
        CheckConstraint(f"channel IN {CHANNELS}", name="complaint_channel_is_known"),
        CheckConstraint(f"about IN {SUBJECTS}", name="complaint_subject_is_known"),
        CheckConstraint(f"gravity IN {GRAVITIES}", name="complaint_gravity_is_known"),
        CheckConstraint(f"cause IN {CAUSES}", name="complaint_cause_is_known"),
        CheckConstraint(
            "(channel = 'partner') = (complaining_id IS NOT NULL)", name="a_partners_complaint_names_the_partner"
        ),
        CheckConstraint("(channel = 'partner') = (code IS NULL)", name="everybody_else_has_a_code"),
        CheckConstraint("(channel = 'online') = (recorded_by_id IS NULL)", name="taken_down_by_a_person"),
        CheckConstraint("(state = 'received') = (accepted_at IS NULL)", name="accepted_complaint_has_a_time"),
        CheckConstraint("(accepted_at IS NULL) = (owner_id IS NULL)", name="accepted_complaint_has_an_owner"),
        CheckConstraint("(state IN ('closed', 'analysed')) = (closed_at IS NOT NULL)", name="closing_has_a_time"),
        CheckConstraint("(state = 'analysed') = (cause IS NOT NULL)", name="analysis_names_a_cause"),
        Index("ix_complaints_due", "due_at"),
        Index("ix_complaints_about", "distributor_id", "seq"),
        Index("ix_complaints_by", "complaining_id", "seq"),
        Index("ix_complaints_analysed", "closed_at"),
    )

    reference: Mapped[str] = mapped_column(unique=True)
    # Fingerprint of the form's own key: the same form sent twice is one complaint.
    submission_key: Mapped[bytes] = mapped_column(unique=True)
    channel: Mapped[str]
    state: Mapped[str] = mapped_column(default="received")
    due_at: Mapped[datetime | None]
    received_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    code: Mapped[bytes | None]
    # Who complains: a distributor, or a customer as they called themselves.
    complaining_id: Mapped[int | None] = mapped_column(ForeignKey("distributors.id"))
    name: Mapped[str | None] = mapped_column(Sealed("complaints.name"))
    phone: Mapped[str | None] = mapped_column(Sealed("complaints.phone"))
    disclosed: Mapped[bool] = mapped_column(default=False)
    # About whom; ``who`` as the complainant called them, before anybody has found out.
    about: Mapped[str]
    distributor_id: Mapped[int | None] = mapped_column(ForeignKey("distributors.id"))
    project_id: Mapped[int | None] = mapped_column(ForeignKey("projects.id"))
    who: Mapped[str | None] = mapped_column(Sealed("complaints.who"))
    facts: Mapped[str] = mapped_column(Sealed("complaints.facts"))
    wish: Mapped[str | None] = mapped_column(Sealed("complaints.wish"))
    gravity: Mapped[str] = mapped_column(default="ordinary")
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    accepted_at: Mapped[datetime | None]
    answer_due_at: Mapped[datetime | None]
    finding_id: Mapped[int | None] = mapped_column(ForeignKey("findings.id"))
    closed_at: Mapped[datetime | None]
    cause: Mapped[str | None]
    cause_note: Mapped[str | None] = mapped_column(Sealed("complaints.cause_note"))
    measures: Mapped[str | None] = mapped_column(Sealed("complaints.measures"))
    analysed_at: Mapped[datetime | None]
    analysed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    rounds: Mapped[list[ComplaintRound]] = relationship(
        back_populates="complaint", order_by="ComplaintRound.number", lazy="selectin"
    )
    progress: Mapped[list[ComplaintProgress]] = relationship(order_by="ComplaintProgress.id", lazy="selectin")
    complaining: Mapped[Distributor | None] = relationship(lazy="raise_on_sql", foreign_keys=[complaining_id])
    distributor: Mapped[Distributor | None] = relationship(lazy="raise_on_sql", foreign_keys=[distributor_id])
    project: Mapped[Project | None] = relationship(lazy="raise_on_sql")
    owner: Mapped[User | None] = relationship(lazy="raise_on_sql", foreign_keys=[owner_id])
    recorded_by: Mapped[User | None] = relationship(lazy="raise_on_sql", foreign_keys=[recorded_by_id])
    finding: Mapped[Finding | None] = relationship(lazy="raise_on_sql")

    @property
    def round(self) -> ComplaintRound | None:
        """The present or latest inquiry."""
        return self.rounds[-1] if self.rounds else None

    @property
    def heard_at(self) -> datetime:
        """When the complainant last heard of it: the acceptance, an answer, or how far it was."""
        answers = [one.told_at for one in self.rounds if one.told_at is not None]
        return max([self.accepted_at or self.received_at, *answers, *(one.told_at for one in self.progress)])


class ComplaintRound(Numbered, Base):
    """One inquiry: who looked into it, what was found, what was told and what was said to it. Reopening begins another."""

    __tablename__ = "complaint_rounds"
    __table_args__ = (
        UniqueConstraint("complaint_id", "number", name="uq_complaint_rounds_number"),
        CheckConstraint(f"outcome IN {OUTCOMES}", name="outcome_is_known"),
        CheckConstraint("(resolved_at IS NULL) = (outcome IS NULL)", name="outcome_has_a_time"),
        CheckConstraint("(resolved_at IS NULL) = (answer IS NULL)", name="outcome_has_an_answer"),
        CheckConstraint("told_at IS NULL OR resolved_at IS NOT NULL", name="told_after_it_is_resolved"),
        CheckConstraint("(told_at IS NULL) = (told_by IS NULL)", name="telling_has_a_way"),
        CheckConstraint(f"told_by IN {TOLD_BY}", name="way_of_telling_is_known"),
        CheckConstraint("satisfaction BETWEEN 1 AND 5", name="satisfaction_is_1_to_5"),
        CheckConstraint("satisfaction IS NULL OR told_at IS NOT NULL", name="satisfied_with_what_was_told"),
        CheckConstraint("(satisfaction IS NULL) = (satisfaction_at IS NULL)", name="satisfaction_has_a_time"),
    )

    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaints.id"))
    number: Mapped[int]
    begun_at: Mapped[datetime]
    begun_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    # The complaint handling group (DS-4.6): ids of users, the one in charge first.
    members: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    inquiry: Mapped[str | None] = mapped_column(Sealed("complaint_rounds.inquiry"))
    outcome: Mapped[str | None]
    answer: Mapped[str | None] = mapped_column(Sealed("complaint_rounds.answer"))
    # What the distributor complained about is told; never who complained.
    partner_note: Mapped[str | None] = mapped_column(Sealed("complaint_rounds.partner_note"))
    resolved_at: Mapped[datetime | None]
    resolved_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    told_at: Mapped[datetime | None]
    told_by: Mapped[str | None]
    told_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    satisfaction: Mapped[int | None]
    satisfaction_at: Mapped[datetime | None]
    opinion: Mapped[str | None] = mapped_column(Sealed("complaint_rounds.opinion"))

    complaint: Mapped[Complaint] = relationship(back_populates="rounds")


class ComplaintProgress(Numbered, Base):
    """What the complainant was told while a complex complaint was worked on (DS-4.4). Append-only."""

    __tablename__ = "complaint_progress"
    __table_args__ = (
        CheckConstraint(f"told_by IN {TOLD_BY}", name="way_of_telling_progress_is_known"),
        Index("ix_complaint_progress_of", "complaint_id", "id"),
    )

    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaints.id"))
    words: Mapped[str] = mapped_column(Sealed("complaint_progress.words"))
    told_by: Mapped[str]
    told_at: Mapped[datetime]
    told_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
