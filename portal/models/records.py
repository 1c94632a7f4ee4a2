"""Company-source records (RE-4.1): natural visits, calls, own development, referrals, customers of other partners."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.models.base import Base, Ordered, Sealed
from portal.models.keys import StrongKey

RECORD_SOURCES = ("natural", "call", "own", "referral", "partner")


class CompanyRecord(Ordered, Base):
    """A customer on the company's own record. It blocks filings made after it until it is lifted (RE-Q42)."""

    __tablename__ = "company_records"
    __table_args__ = (
        CheckConstraint(f"source IN {RECORD_SOURCES}", name="record_source_is_known"),
        Index("ix_company_records_day", "project_id", "recorded_at"),
    )

    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"), index=True)
    submission_key: Mapped[str | None] = mapped_column(unique=True)
    source: Mapped[str]
    customer_name: Mapped[str] = mapped_column(Sealed("company_records.customer_name"))
    phone: Mapped[str | None] = mapped_column(Sealed("company_records.phone"))
    id_number: Mapped[str | None] = mapped_column(Sealed("company_records.id_number"))
    company: Mapped[str | None] = mapped_column(Sealed("company_records.company"))
    company_code: Mapped[str | None] = mapped_column(Sealed("company_records.company_code"))
    party_size: Mapped[int | None]
    note: Mapped[str | None] = mapped_column(Sealed("company_records.note"))
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    visit_id: Mapped[int | None] = mapped_column(ForeignKey("visits.id"), index=True)
    lifted_at: Mapped[datetime | None]

    keys: Mapped[list[RecordKey]] = relationship(back_populates="record")


class RecordKey(StrongKey, Base):
    """A strong key of a company-source record."""

    __tablename__ = "record_keys"
    __table_args__ = (
        UniqueConstraint("record_id", "kind", "fingerprint", name="uq_record_keys_once"),
        Index("ix_record_keys_match", "project_id", "fingerprint"),
    )

    record_id: Mapped[int] = mapped_column(ForeignKey("company_records.id"))

    record: Mapped[CompanyRecord] = relationship(back_populates="keys")
