"""Findings (违规认定): a complaint or a breach that was reported, looked into, and confirmed or not (RE-8.5, D.9)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.models.base import Base, Numbered, Ordered, Sealed
from portal.models.deals import Deal
from portal.models.distributors import Distributor
from portal.models.files import StoredFile
from portal.models.projects import Project
from portal.models.registrations import Registration
from portal.models.users import User
from portal.rules.finding_states import CASE_STATES, SANCTION_STATES
from portal.rules.findings import MEANS

FINDING_KINDS = ("complaint", "malicious_grab", "interception", "poaching", "false_filing", "staff_dumping")
#: In the order in which they are listed (RE-4.8, 5.3, 5.4, 7.2 to 7.6).
SANCTIONS = (
    "fine",
    "stop",
    "blacklist",
    "refuse_commission",
    "return_commission",
    "damages",
    "terminate",
    "dismissal",
    "exclude_unit",
    "warning",
    "transfer",
    "authorities",
)


class Finding(Ordered, Base):
    """One case. Whoever confirms it is named; only a confirmed one lets a deal be decided anew (RE-8.5)."""

    __tablename__ = "findings"
    __table_args__ = (
        CheckConstraint(f"kind IN {FINDING_KINDS}", name="finding_kind_is_known"),
        CheckConstraint(f"state IN {CASE_STATES}", name="finding_state_is_known"),
        CheckConstraint(
            "(state IN ('confirmed', 'unfounded')) = (decided_by_id IS NOT NULL)", name="finding_is_decided_by_a_person"
        ),
        CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="place_has_both_coordinates"),
        CheckConstraint("distance_m IS NULL OR latitude IS NOT NULL", name="distance_needs_a_place"),
        CheckConstraint("offence IS NULL OR state = 'confirmed'", name="only_a_confirmed_finding_is_an_offence"),
        CheckConstraint("(decided_by_id IS NULL) = (decided_at IS NULL)", name="finding_decision_has_a_time"),
        CheckConstraint("(taken_up_at IS NULL) = (taken_up_by_id IS NULL)", name="case_is_taken_up_by_a_person"),
        CheckConstraint(f"means IN {MEANS}", name="means_of_checking_is_known"),
        CheckConstraint("code IS NULL OR reported_by_id IS NULL", name="whistle_blower_leaves_no_name"),
        CheckConstraint("contact IS NULL OR code IS NOT NULL", name="contact_comes_with_a_code"),
        Index("ix_findings_of_deal", "deal_id"),
        Index("ix_findings_of_distributor", "distributor_id", "id"),
    )

    reference: Mapped[str] = mapped_column(unique=True)
    submission_key: Mapped[str | None] = mapped_column(unique=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"))
    kind: Mapped[str]
    state: Mapped[str] = mapped_column(default="reported")
    distributor_id: Mapped[int | None] = mapped_column(ForeignKey("distributors.id"))
    deal_id: Mapped[int | None] = mapped_column(ForeignKey("deals.id"))
    registration_id: Mapped[int | None] = mapped_column(ForeignKey("registrations.id"), index=True)
    # The project team whose management answers for its staff (RE-7.4); they are no distributor.
    team: Mapped[str | None]
    # Of that team, those who did it (RE-7.2).
    persons: Mapped[str | None] = mapped_column(Sealed("findings.persons"))
    # Whom a report from outside means, in its own words, until somebody at headquarters has found out who that is.
    about: Mapped[str | None] = mapped_column(Sealed("findings.about"))
    # How it was found out (RE-4.3); none where nobody said.
    means: Mapped[str | None]
    # Where it happened, degrees; metres from the sales office on the ellipsoid (RE-5.1).
    latitude: Mapped[Decimal | None] = mapped_column(Numeric(9, 6))
    longitude: Mapped[Decimal | None] = mapped_column(Numeric(9, 6))
    distance_m: Mapped[Decimal | None] = mapped_column(Numeric(10, 1))
    happened_at: Mapped[datetime | None]
    policy_id: Mapped[int | None] = mapped_column(ForeignKey("policies.id"))
    clause: Mapped[str | None]
    offence: Mapped[int | None]
    summary: Mapped[str] = mapped_column(Sealed("findings.summary"))
    reported_at: Mapped[datetime]
    reported_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    # A whistle-blower without a name: the fingerprint of the code by which it asks again, and what it chose to leave.
    code: Mapped[bytes | None] = mapped_column(unique=True)
    contact: Mapped[str | None] = mapped_column(Sealed("findings.contact"))
    taken_up_at: Mapped[datetime | None]
    taken_up_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decision_reason: Mapped[str | None] = mapped_column(Sealed("findings.decision_reason"))

    sanctions: Mapped[list[Sanction]] = relationship(back_populates="finding", order_by="Sanction.id", lazy="selectin")
    explanation: Mapped[Explanation | None] = relationship(back_populates="finding", lazy="selectin")
    files: Mapped[list[FindingFile]] = relationship(order_by="FindingFile.id", lazy="selectin")
    project: Mapped[Project] = relationship(lazy="raise_on_sql")
    registration: Mapped[Registration | None] = relationship(lazy="raise_on_sql")
    deal: Mapped[Deal | None] = relationship(lazy="raise_on_sql")
    distributor: Mapped[Distributor | None] = relationship(lazy="raise_on_sql")
    reported_by: Mapped[User | None] = relationship(lazy="raise_on_sql", foreign_keys=[reported_by_id])
    taken_up_by: Mapped[User | None] = relationship(lazy="raise_on_sql", foreign_keys=[taken_up_by_id])
    decided_by: Mapped[User | None] = relationship(lazy="raise_on_sql", foreign_keys=[decided_by_id])


class Explanation(Numbered, Base):
    """What the distributor is asked to explain and prove, by when, and what it answered (RE-4.4, RE-Q15)."""

    __tablename__ = "explanations"
    __table_args__ = (
        UniqueConstraint("finding_id", name="uq_explanations_once"),
        CheckConstraint("(answered_at IS NULL) = (answer IS NULL)", name="answer_has_a_time"),
        CheckConstraint("due_at > asked_at", name="explanation_has_time"),
    )

    finding_id: Mapped[int] = mapped_column(ForeignKey("findings.id"))
    # Of the letter that asks; none where it was asked before there were letters.
    reference: Mapped[str | None] = mapped_column(unique=True)
    question: Mapped[str] = mapped_column(Sealed("explanations.question"))
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    # Exclusive bound, UTC; prolonged once at most.
    due_at: Mapped[datetime]
    prolonged_at: Mapped[datetime | None]
    answer: Mapped[str | None] = mapped_column(Sealed("explanations.answer"))
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    finding: Mapped[Finding] = relationship(back_populates="explanation")


class FindingFile(Numbered, Base):
    """Evidence of a finding; only those who decide it may open it (RE-4.3, GD-13)."""

    __tablename__ = "finding_files"

    finding_id: Mapped[int] = mapped_column(ForeignKey("findings.id"), index=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_files.id"))
    by_distributor: Mapped[bool] = mapped_column(default=False)

    file: Mapped[StoredFile] = relationship(lazy="joined")


class Sanction(Numbered, Base):
    """One consequence, proposed by the policy and confirmed or waived by a named person; an appeal is decided by another."""

    __tablename__ = "sanctions"
    __table_args__ = (
        UniqueConstraint("finding_id", "kind", name="uq_sanctions_once"),
        CheckConstraint(f"kind IN {SANCTIONS}", name="sanction_kind_is_known"),
        CheckConstraint(f"state IN {SANCTION_STATES}", name="sanction_state_is_known"),
        CheckConstraint("(state = 'proposed') = (decided_by_id IS NULL)", name="sanction_is_decided_by_a_person"),
        CheckConstraint(
            "(state IN ('upheld', 'lifted')) = (appeal_decided_by_id IS NOT NULL)", name="appeal_is_decided_by_a_person"
        ),
        CheckConstraint("appeal_decided_by_id <> decided_by_id", name="appeal_is_decided_by_somebody_else"),
        CheckConstraint("amount > 0", name="sanction_amount_is_positive"),
        CheckConstraint("proposed_by_id <> decided_by_id", name="proposal_is_confirmed_by_somebody_else"),
        CheckConstraint("(settled_at IS NULL) = (settled_by_id IS NULL)", name="settlement_is_recorded_by_a_person"),
        CheckConstraint("settled_at IS NULL OR state IN ('confirmed', 'upheld')", name="only_what_stands_is_settled"),
    )

    finding_id: Mapped[int] = mapped_column(ForeignKey("findings.id"))
    # Of its letter, from the confirmation on; none for those confirmed before there were letters.
    reference: Mapped[str | None] = mapped_column(unique=True)
    kind: Mapped[str]
    clause: Mapped[str]
    # CNY (GD-10).
    amount: Mapped[int | None]
    state: Mapped[str] = mapped_column(default="proposed")
    # Proposed by a person rather than by the policy (RE-7.6), and on which grounds; another one confirms it.
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    proposal: Mapped[str | None] = mapped_column(Sealed("sanctions.proposal"))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    reason: Mapped[str | None] = mapped_column(Sealed("sanctions.reason"))
    received_at: Mapped[datetime | None]
    # When what is owed is due, exclusive bound, UTC.
    due_at: Mapped[datetime | None]
    # What was owed has come in, or the commission was taken off the list (RE-4.8).
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    appealed_at: Mapped[datetime | None]
    appeal: Mapped[str | None] = mapped_column(Sealed("sanctions.appeal"))
    appeal_decided_at: Mapped[datetime | None]
    appeal_decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    appeal_reason: Mapped[str | None] = mapped_column(Sealed("sanctions.appeal_reason"))

    finding: Mapped[Finding] = relationship(back_populates="sanctions")
