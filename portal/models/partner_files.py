"""Partner files (分销商档案): who a distributor is, with its papers; begun by its application, kept as long as it is one."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.models.base import Base, Numbered, Sealed
from portal.models.distributors import Distributor
from portal.models.files import StoredFile
from portal.models.users import User
from portal.rules.applications import COOPERATIONS, PAPERS, PARTNER_TYPES

PAPER_STATES = ("waiting", "accepted", "refused")


class PartnerFile(Numbered, Base):
    """The particulars of an applicant or a distributor. What is not yet filled in is None.

    Numbers are sealed; their fingerprints find the same person or account in another file (RE-5.4).
    """

    __tablename__ = "partner_files"
    __table_args__ = (
        CheckConstraint(f"partner_type IN {PARTNER_TYPES}", name="partner_type_is_known"),
        CheckConstraint(f"cooperation IN {COOPERATIONS}", name="cooperation_is_known"),
        CheckConstraint("expected_volume >= 0", name="expected_volume_is_no_debt"),
        UniqueConstraint("distributor_id"),
        Index("ix_partner_files_code", "registration_code"),
        Index("ix_partner_files_legal_id", "legal_id_fingerprint"),
        Index("ix_partner_files_account", "bank_account_fingerprint"),
        Index("ix_partner_files_contact_phone", "contact_phone_fingerprint"),
        Index("ix_partner_files_beneficial_phone", "beneficial_phone_fingerprint"),
    )

    distributor_id: Mapped[int | None] = mapped_column(ForeignKey("distributors.id"))
    partner_type: Mapped[str] = mapped_column(default="company", server_default="company")
    name: Mapped[str | None]
    registration_code: Mapped[str | None]
    legal_name: Mapped[str | None] = mapped_column(Sealed("partner_files.legal_name"))
    legal_id_number: Mapped[str | None] = mapped_column(Sealed("partner_files.legal_id_number"))
    legal_id_fingerprint: Mapped[bytes | None]
    contact_name: Mapped[str | None] = mapped_column(Sealed("partner_files.contact_name"))
    contact_phone: Mapped[str | None] = mapped_column(Sealed("partner_files.contact_phone"))
    contact_phone_fingerprint: Mapped[bytes | None]
    contact_email: Mapped[str | None] = mapped_column(Sealed("partner_files.contact_email"))
    # Whose phone receives the benefit of the cooperation, when it is not the contact's.
    beneficial_phone: Mapped[str | None] = mapped_column(Sealed("partner_files.beneficial_phone"))
    beneficial_phone_fingerprint: Mapped[bytes | None]
    bank_name: Mapped[str | None]
    bank_account: Mapped[str | None] = mapped_column(Sealed("partner_files.bank_account"))
    bank_account_fingerprint: Mapped[bytes | None]
    invoice_title: Mapped[str | None]
    invoice_tax_number: Mapped[str | None]
    invoice_address: Mapped[str | None] = mapped_column(Sealed("partner_files.invoice_address"))
    invoice_phone: Mapped[str | None] = mapped_column(Sealed("partner_files.invoice_phone"))
    cooperation: Mapped[str | None]
    # The last day of a temporary cooperation (CH-4.1).
    cooperation_ends_on: Mapped[date | None]
    territory: Mapped[str | None]
    areas: Mapped[str | None]
    products: Mapped[str | None]
    # Customers a year, as the applicant expects.
    expected_volume: Mapped[int | None]
    experience: Mapped[str | None]
    introduced_by: Mapped[str | None] = mapped_column(Sealed("partner_files.introduced_by"))
    # Where the paper lies (DO-2.6).
    folder_location: Mapped[str | None]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    distributor: Mapped[Distributor | None] = relationship(lazy="joined")
    papers: Mapped[list[PartnerPaper]] = relationship(
        back_populates="partner_file", order_by="PartnerPaper.id", lazy="selectin"
    )

    @property
    def current_papers(self) -> list[PartnerPaper]:
        """The papers that no newer one has replaced."""
        return [paper for paper in self.papers if paper.replaced_at is None]


class PartnerPaper(Numbered, Base):
    """One paper of the file; an older one of its kind stays when it is replaced."""

    __tablename__ = "partner_papers"
    __table_args__ = (
        CheckConstraint(f"kind IN {PAPERS}", name="paper_kind_is_known"),
        CheckConstraint(f"state IN {PAPER_STATES}", name="paper_state_is_known"),
        CheckConstraint("(state = 'waiting') = (checked_at IS NULL)", name="checked_paper_has_its_time"),
        CheckConstraint("(checked_at IS NULL) = (checked_by_id IS NULL)", name="paper_is_checked_by_a_person"),
        CheckConstraint("state <> 'accepted' OR kind <> 'licence' OR sealed", name="accepted_licence_bears_a_seal"),
        Index(
            "uq_partner_papers_current",
            "partner_file_id",
            "kind",
            unique=True,
            postgresql_where=text("replaced_at IS NULL AND kind <> 'other'"),
        ),
        Index("ix_partner_papers_ending", "valid_until", postgresql_where=text("replaced_at IS NULL")),
    )

    partner_file_id: Mapped[int] = mapped_column(ForeignKey("partner_files.id"), index=True)
    kind: Mapped[str]
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_files.id"))
    # The last day on which it is valid; None: without an end.
    valid_until: Mapped[date | None]
    brought_at: Mapped[datetime]
    # None: by the applicant, who has no account yet.
    brought_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    state: Mapped[str] = mapped_column(default="waiting", server_default="waiting")
    # Whether the copy bears the company's seal (DO-1.1).
    sealed: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    remark: Mapped[str | None]
    checked_at: Mapped[datetime | None]
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    replaced_at: Mapped[datetime | None]

    partner_file: Mapped[PartnerFile] = relationship(back_populates="papers", lazy="raise_on_sql")
    file: Mapped[StoredFile] = relationship(lazy="joined")
    checked_by: Mapped[User | None] = relationship(lazy="raise_on_sql", foreign_keys=[checked_by_id])
