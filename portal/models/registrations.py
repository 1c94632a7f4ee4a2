"""Registrations (报备): a customer filed by a distributor, the facts of its protection, and the keys it is matched by."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Computed, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, TSTZRANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.models.base import Base, Numbered, Ordered, Sealed
from portal.models.distributors import Distributor
from portal.models.policies import Policy
from portal.models.projects import Project
from portal.models.users import User
from portal.rules.standing import RegistrationFacts

OUTCOMES = ("late", "company_record", "audit_failed", "void")
_COUNTED = ["outcome", "frozen_at", "visited_at", "pending_until"]
_END = "coalesce(extension_ends_at, pending_until, visit_ends_at, hold_ends_at)"


class IdentityLock(Base):
    """One row per project and strong key. Writing it first makes everybody else who touches this customer wait.

    ``last_at`` never goes back, so a clock that is set back cannot put a later filing before an earlier one.
    """

    __tablename__ = "identity_locks"

    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[bytes] = mapped_column(primary_key=True)
    last_at: Mapped[datetime]


class PastedMessage(Numbered, Base):
    """The message that a filing was read from, as it was pasted."""

    __tablename__ = "pasted_messages"

    broker_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    text: Mapped[str] = mapped_column(Sealed("pasted_messages.text"))
    pasted_at: Mapped[datetime]


class Registration(Ordered, Base):
    """A filing and what became of it.

    All ends are exclusive bounds in UTC. Whether it runs is ``outcome IS NULL AND now < ends_at``: no job flips it.
    ``pending_until`` holds the customer while an extension asked for in time is undecided (RE-Q10).
    """

    __tablename__ = "registrations"
    __table_args__ = (
        CheckConstraint(f"outcome IN {OUTCOMES}", name="outcome_is_known"),
        CheckConstraint(
            "(outcome IS NULL) = (outcome_at IS NULL) AND (outcome IS NULL) = (outcome_clause IS NULL)",
            name="outcome_has_time_and_clause",
        ),
        CheckConstraint("hold_ends_at > filed_at", name="hold_ends_after_filing"),
        CheckConstraint("(visited_at IS NULL) = (visit_ends_at IS NULL)", name="visit_has_an_end"),
        CheckConstraint("visited_at >= filed_at AND visited_at < hold_ends_at", name="first_visit_lies_in_the_hold"),
        CheckConstraint("extension_ends_at IS NULL OR visit_ends_at IS NOT NULL", name="extension_follows_a_visit"),
        CheckConstraint("extension_ends_at > visit_ends_at", name="extension_prolongs"),
        CheckConstraint("pending_until IS NULL OR extension_ends_at IS NULL", name="pending_or_granted"),
        CheckConstraint("entered_at IS NULL OR visited_at IS NOT NULL", name="entry_follows_a_visit"),
        Index("ix_registrations_running", "project_id", "ends_at", postgresql_where=text("outcome IS NULL")),
        Index("ix_registrations_of_project", "project_id", "ends_at", "id"),
        Index(
            "ix_registrations_planned",
            "project_id",
            "planned_visit_at",
            postgresql_where=text("outcome IS NULL AND planned_visit_at IS NOT NULL"),
        ),
        # What the pills over a list count stands in its index: a count reads no row.
        Index("ix_registrations_of_distributor", "distributor_id", "ends_at", "id", postgresql_include=_COUNTED),
        Index("ix_registrations_of_broker", "broker_id", "ends_at", "id", postgresql_include=_COUNTED),
        Index("ix_registrations_by_end", "ends_at", "id"),
        # Rows lie in the order of filing: a block range index finds a month and costs a filing nothing.
        Index("ix_registrations_filed", "filed_at", postgresql_using="brin"),
        Index("ix_registrations_search", "search_tokens", postgresql_using="gin"),
        # The ends that the worker has not noted yet (portal/services/protections.py states the same condition).
        Index(
            "ix_registrations_end_due",
            "ends_at",
            postgresql_where=text(
                "outcome IS NULL AND frozen_at IS NULL AND (end_noted_at IS NULL OR end_noted_at < ends_at)"
            ),
        ),
    )

    reference: Mapped[str] = mapped_column(unique=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"))
    distributor_id: Mapped[int] = mapped_column(ForeignKey("distributors.id"))
    broker_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    policy_id: Mapped[int] = mapped_column(ForeignKey("policies.id"))
    submission_key: Mapped[UUID | None] = mapped_column(unique=True)
    pasted_message_id: Mapped[int | None] = mapped_column(ForeignKey("pasted_messages.id"))

    customer_name: Mapped[str] = mapped_column(Sealed("registrations.customer_name"))
    phone: Mapped[str] = mapped_column(Sealed("registrations.phone"))
    id_number: Mapped[str | None] = mapped_column(Sealed("registrations.id_number"))
    company: Mapped[str | None] = mapped_column(Sealed("registrations.company"))
    company_code: Mapped[str | None] = mapped_column(Sealed("registrations.company_code"))
    note: Mapped[str | None] = mapped_column(Sealed("registrations.note"))
    typed: Mapped[str] = mapped_column(Sealed("registrations.typed"))
    residence: Mapped[str | None]
    is_local: Mapped[bool]
    bulk_expected: Mapped[bool] = mapped_column(default=False)
    party_size: Mapped[int | None]
    planned_visit_at: Mapped[datetime | None]
    declaration_version: Mapped[str]
    notice_version: Mapped[str]
    search_tokens: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), default=list)

    filed_at: Mapped[datetime]
    hold_ends_at: Mapped[datetime]
    visited_at: Mapped[datetime | None]
    visit_ends_at: Mapped[datetime | None]
    pending_until: Mapped[datetime | None]
    extension_ends_at: Mapped[datetime | None]
    ends_at: Mapped[datetime] = mapped_column(Computed(_END, persisted=True))
    entered_at: Mapped[datetime | None]
    frozen_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    outcome_at: Mapped[datetime | None]
    outcome_clause: Mapped[str | None]
    is_bulk: Mapped[bool | None]
    end_noted_at: Mapped[datetime | None]
    # Set by a trigger from the order of recording: when the first visit counted, when the outcome came (RE-F1).
    visited_seq: Mapped[int | None]
    outcome_seq: Mapped[int | None]

    project: Mapped[Project] = relationship(lazy="raise_on_sql")
    distributor: Mapped[Distributor] = relationship(lazy="raise_on_sql")
    broker: Mapped[User] = relationship(lazy="raise_on_sql")
    policy: Mapped[Policy] = relationship(lazy="raise_on_sql")
    keys: Mapped[list[RegistrationKey]] = relationship(back_populates="registration", lazy="select")

    def facts(self) -> RegistrationFacts:
        """The registration as the rules see it."""
        return RegistrationFacts(
            seq=self.seq,
            filed_at=self.filed_at,
            hold_ends_at=self.hold_ends_at,
            visited_at=self.visited_at,
            visit_ends_at=self.visit_ends_at,
            pending_until=self.pending_until,
            extension_ends_at=self.extension_ends_at,
            entered_at=self.entered_at,
            frozen_at=self.frozen_at,
            outcome=self.outcome,
            outcome_at=self.outcome_at,
            outcome_clause=self.outcome_clause,
            visited_seq=self.visited_seq,
            outcome_seq=self.outcome_seq,
        )


class RegistrationKey(Numbered, Base):
    """A strong key (phone, ID number, registration code) of a registration, and the time it covers.

    The exclusion constraint is RE-Q33 in the database: one distributor never holds the same customer twice at once.
    A trigger keeps ``covers`` true to the registration. ``guarded`` is lifted where a leader's excuse or a correction
    may make two registrations of one distributor meet.
    """

    __tablename__ = "registration_keys"
    __table_args__ = (
        UniqueConstraint("registration_id", "kind", "fingerprint", name="uq_registration_keys_once"),
        Index("ix_registration_keys_match", "project_id", "fingerprint"),
        ExcludeConstraint(
            ("project_id", "="),
            ("distributor_id", "="),
            ("kind", "="),
            ("fingerprint", "="),
            ("covers", "&&"),
            name="one_running_registration_per_distributor",
            where=text("guarded"),
        ),
    )

    registration_id: Mapped[int] = mapped_column(ForeignKey("registrations.id"))
    project_id: Mapped[int]
    distributor_id: Mapped[int]
    kind: Mapped[str]
    fingerprint: Mapped[bytes]
    covers: Mapped[Range[datetime]] = mapped_column(TSTZRANGE)
    guarded: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    # From which place in the order of recording it counts: 0 from the filing on, else from the correction (RE-F18).
    since_seq: Mapped[int] = mapped_column(default=0, server_default=text("0"))

    registration: Mapped[Registration] = relationship(back_populates="keys")


class FormerKey(Numbered, Base):
    """A strong key that a correction took from a registration; for deals before ``until_seq`` it still counts (RE-F18)."""

    __tablename__ = "former_keys"
    __table_args__ = (Index("ix_former_keys_match", "project_id", "fingerprint"),)

    registration_id: Mapped[int] = mapped_column(ForeignKey("registrations.id"), index=True)
    project_id: Mapped[int]
    kind: Mapped[str]
    fingerprint: Mapped[bytes]
    since_seq: Mapped[int]
    until_seq: Mapped[int]


class Correction(Ordered, Base):
    """Customer data corrected by the site (RE-Q43): what it was and what it became, side by side for ever."""

    __tablename__ = "corrections"

    registration_id: Mapped[int] = mapped_column(ForeignKey("registrations.id"), index=True)
    corrected_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    corrected_at: Mapped[datetime]
    reason: Mapped[str]
    before: Mapped[str] = mapped_column(Sealed("corrections.before"))
    after: Mapped[str] = mapped_column(Sealed("corrections.after"))
    after_deal: Mapped[bool] = mapped_column(default=False)


class Classification(Numbered, Base):
    """The site's decision bulk / non-bulk (RE-2.7), each time it was taken."""

    __tablename__ = "classifications"

    registration_id: Mapped[int] = mapped_column(ForeignKey("registrations.id"), index=True)
    is_bulk: Mapped[bool]
    reason: Mapped[str]
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime]
    late: Mapped[bool] = mapped_column(default=False)
