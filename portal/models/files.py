"""Files that people bring as evidence: kept under their hash, sealed, with what they really are."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, deferred, mapped_column

from portal.models.base import Base, Numbered, Sealed, SealedBytes

FILE_TYPES = ("image/jpeg", "image/png", "image/webp", "application/pdf")


class StoredFile(Numbered, Base):
    """One file of one distributor or of the company. ``sha256`` is over the bytes as kept, metadata already taken out.

    Of an erased one the content and the name are gone; that there was one, and its hash, stay.
    """

    __tablename__ = "stored_files"
    __table_args__ = (
        CheckConstraint(f"media_type IN {FILE_TYPES}", name="file_type_is_known"),
        CheckConstraint("size > 0", name="file_is_not_empty"),
    )

    sha256: Mapped[str] = mapped_column(index=True)
    media_type: Mapped[str]
    size: Mapped[int]
    name: Mapped[str] = mapped_column(Sealed("stored_files.name"))
    content: Mapped[bytes] = deferred(mapped_column(SealedBytes("stored_files.content"), nullable=False))
    distributor_id: Mapped[int | None] = mapped_column(ForeignKey("distributors.id"))
    stored_at: Mapped[datetime]
    stored_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    erased_at: Mapped[datetime | None]
