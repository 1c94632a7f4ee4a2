"""One-time codes (验证码): six digits that prove that somebody reads an address."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import Base, Numbered


class OneTimeCode(Numbered, Base):
    """One code for one purpose, about one thing, sent to one address; only keyed hashes of code and address are kept."""

    __tablename__ = "one_time_codes"
    __table_args__ = (
        CheckConstraint("tries BETWEEN 0 AND 5", name="code_is_tried_five_times"),
        CheckConstraint("expires_at > created_at", name="code_lasts"),
        Index("ix_one_time_codes_newest", "address_fingerprint", "purpose", "about", text("id DESC")),
    )

    purpose: Mapped[str]
    # What exactly is proved: the reference of a contract, of an application; empty when the purpose says it all.
    about: Mapped[str] = mapped_column(default="", server_default="")
    channel: Mapped[str]
    address_fingerprint: Mapped[bytes]
    code_hash: Mapped[bytes]
    tries: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
