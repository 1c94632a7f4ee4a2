"""Documents (单据): what the worker prints, waiting or ready, with its hash and its public check."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, deferred, mapped_column

from portal.models.base import Base, Numbered

DOCUMENT_KINDS = (
    "filing_slip",
    "visit_slip",
    "extension_approval",
    "ruling",
    "ruling_extract",
    "penalty_notice",
    "explanation_request",
    "staff_letter",
    "evidence_package",
    "exit_approval",
    "termination_letter",
    "settlement",
    "contract",
    "contract_signed",
)


class Document(Numbered, Base):
    """A document of one subject: a registration, visit, extension, ruling, party to a ruling, explanation, sanction or ending.

    Written ``waiting`` with the change, printed later.
    """

    __tablename__ = "documents"
    __table_args__ = (
        UniqueConstraint("kind", "subject_id", name="uq_documents_once"),
        CheckConstraint(f"kind IN {DOCUMENT_KINDS}", name="document_kind_is_known"),
        CheckConstraint("state IN ('waiting', 'ready', 'failed')", name="document_state_is_known"),
        CheckConstraint(
            "(state = 'ready') = (content IS NOT NULL) AND (state = 'ready') = (sha256 IS NOT NULL)",
            name="ready_document_has_content_and_hash",
        ),
        Index("ix_documents_waiting", "created_at", postgresql_where=text("state = 'waiting'")),
    )

    reference: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    subject_id: Mapped[int]
    # None: of the whole group, such as an ending.
    project_id: Mapped[int | None] = mapped_column(ForeignKey("projects.id"))
    distributor_id: Mapped[int | None] = mapped_column(ForeignKey("distributors.id"))
    check_code: Mapped[str] = mapped_column(unique=True)
    state: Mapped[str] = mapped_column(default="waiting")
    attempts: Mapped[int] = mapped_column(default=0)
    failure: Mapped[str | None]
    fact_digest: Mapped[str | None]
    sha256: Mapped[str | None]
    content: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    created_at: Mapped[datetime]
    ready_at: Mapped[datetime | None]
