"""Care of a distributor (CM-3, CM-6.2): its class, who looks after it, what was talked about, the half-year sheet."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.models.base import Base, Numbered, Ordered, Sealed
from portal.models.distributors import Distributor
from portal.models.users import User
from portal.rules.care import CLASSES, CONTACT_KINDS, RESULTS, STATES


class ClassChange(Numbered, Base):
    """A class given to a distributor, with the reason. Append-only; the latest is the class it has."""

    __tablename__ = "class_changes"
    __table_args__ = (
        CheckConstraint(f"letter IN {CLASSES}", name="class_is_known"),
        Index("ix_class_changes_of_distributor", "distributor_id", "id"),
    )

    distributor_id: Mapped[int] = mapped_column(ForeignKey("distributors.id"))
    letter: Mapped[str]
    clause: Mapped[str]
    reason: Mapped[str] = mapped_column(Sealed("class_changes.reason"))
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    assessment_id: Mapped[int | None] = mapped_column(ForeignKey("assessments.id"))

    changed_by: Mapped[User] = relationship(lazy="raise_on_sql")


class Appointment(Numbered, Base):
    """Who looks after a distributor from now on: account owner and deputy. Append-only; the latest counts (CM-6.2)."""

    __tablename__ = "account_appointments"
    __table_args__ = (
        CheckConstraint("owner_id <> deputy_id", name="deputy_is_somebody_else"),
        Index("ix_account_appointments_of_distributor", "distributor_id", "id"),
    )

    distributor_id: Mapped[int] = mapped_column(ForeignKey("distributors.id"))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    deputy_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    appointed_at: Mapped[datetime]
    appointed_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))

    owner: Mapped[User | None] = relationship(lazy="raise_on_sql", foreign_keys=[owner_id])
    deputy: Mapped[User | None] = relationship(lazy="raise_on_sql", foreign_keys=[deputy_id])


class CareContact(Numbered, Base):
    """A talk with a distributor, or market information sent to it. Append-only (CM-3.2 to 3.4, CM-7.5)."""

    __tablename__ = "care_contacts"
    __table_args__ = (
        CheckConstraint(f"kind IN {CONTACT_KINDS}", name="contact_kind_is_known"),
        CheckConstraint("happened_at <= recorded_at", name="contact_lies_in_the_past"),
        Index("ix_care_contacts_of_distributor", "distributor_id", "happened_at"),
    )

    distributor_id: Mapped[int] = mapped_column(ForeignKey("distributors.id"))
    kind: Mapped[str]
    happened_at: Mapped[datetime]
    # Whom of the distributor, as people call them; forgotten with its people (docs/decisions on retention).
    with_whom: Mapped[str | None] = mapped_column(Sealed("care_contacts.with_whom"))
    summary: Mapped[str] = mapped_column(Sealed("care_contacts.summary"))
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))

    recorded_by: Mapped[User] = relationship(lazy="raise_on_sql")


class Assessment(Ordered, Base):
    """The sheet of one distributor for one half year (D.12): scored, confirmed by a second person, published.

    ``sheet`` is the version it was opened with; ``facts`` what the portal knew when it was scored; ``scores`` 0 to 100, as
    decimal text. ``letter`` is the class that the confirmer gives, ``proposed`` what the total leads to.
    """

    __tablename__ = "assessments"
    __table_args__ = (
        UniqueConstraint("distributor_id", "first_day", name="uq_assessments_one_per_half_year"),
        CheckConstraint(f"state IN {STATES}", name="assessment_state_is_known"),
        CheckConstraint("first_day <= last_day", name="assessed_period_has_days"),
        CheckConstraint("total BETWEEN 0 AND 100", name="total_lies_between_0_and_100"),
        CheckConstraint(f"letter IN {CLASSES}", name="assessed_class_is_known"),
        CheckConstraint(f"proposed IN {CLASSES}", name="proposed_class_is_known"),
        CheckConstraint(f"result IN {RESULTS}", name="result_is_known"),
        CheckConstraint("(state = 'scheduled') = (scored_by_id IS NULL)", name="sheet_is_scored_by_a_person"),
        CheckConstraint(
            "(state IN ('scheduled', 'scored')) = (confirmed_by_id IS NULL)", name="sheet_is_confirmed_by_a_person"
        ),
        CheckConstraint("confirmed_by_id <> scored_by_id", name="sheet_is_confirmed_by_somebody_else"),
        CheckConstraint(
            "(state IN ('published', 'measures')) = (published_at IS NOT NULL)", name="publication_has_a_time"
        ),
        CheckConstraint("(state = 'measures') = (measures IS NOT NULL)", name="measures_are_written"),
        Index("ix_assessments_open", "due_at", postgresql_where=text("published_at IS NULL")),
    )

    reference: Mapped[str] = mapped_column(unique=True)
    distributor_id: Mapped[int] = mapped_column(ForeignKey("distributors.id"))
    # Calendar days of the group's zone, both covered.
    first_day: Mapped[date]
    last_day: Mapped[date]
    # By when it is to be published, exclusive bound, UTC.
    due_at: Mapped[datetime]
    opened_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="scheduled")
    sheet: Mapped[dict[str, Any]] = mapped_column(JSONB)
    facts: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    scores: Mapped[dict[str, str] | None] = mapped_column(JSONB)
    judgement: Mapped[str | None] = mapped_column(Sealed("assessments.judgement"))
    total: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))
    proposed: Mapped[str | None]
    result: Mapped[str | None]
    scored_at: Mapped[datetime | None]
    scored_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    letter: Mapped[str | None]
    reason: Mapped[str | None] = mapped_column(Sealed("assessments.reason"))
    confirmed_at: Mapped[datetime | None]
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    published_at: Mapped[datetime | None]
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    measures: Mapped[str | None] = mapped_column(Sealed("assessments.measures"))
    measures_at: Mapped[datetime | None]
    measures_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    distributor: Mapped[Distributor] = relationship(lazy="raise_on_sql")
    scored_by: Mapped[User | None] = relationship(lazy="raise_on_sql", foreign_keys=[scored_by_id])
    confirmed_by: Mapped[User | None] = relationship(lazy="raise_on_sql", foreign_keys=[confirmed_by_id])
    measures_by: Mapped[User | None] = relationship(lazy="raise_on_sql", foreign_keys=[measures_by_id])
