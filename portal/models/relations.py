"""Relations between customers (亲属关系): spouse, parent, child, sibling, with their proof (RE-8.8, RE-Q26)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.models.base import Base, Ordered, Sealed
from portal.models.files import StoredFile
from portal.models.keys import StrongKey
from portal.models.users import User

RELATION_KINDS = ("spouse", "parent", "child", "sibling")
SIDES = ("one", "other")


class Relation(Ordered, Base):
    """``one`` is the ``kind`` of ``other``. Only a proven one counts; one recorded by mistake is withdrawn, never erased."""

    __tablename__ = "relations"
    __table_args__ = (
        CheckConstraint(f"kind IN {RELATION_KINDS}", name="relation_kind_is_listed"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by_id IS NULL)", name="withdrawal_has_a_person"),
    )

    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"), index=True)
    kind: Mapped[str]
    proven: Mapped[bool]
    # What proves it: the name of the paper (household register, marriage certificate …), and its picture.
    document: Mapped[str | None]
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id"))
    one_name: Mapped[str] = mapped_column(Sealed("relations.one_name"))
    one_phone: Mapped[str | None] = mapped_column(Sealed("relations.one_phone"))
    other_name: Mapped[str] = mapped_column(Sealed("relations.other_name"))
    other_phone: Mapped[str | None] = mapped_column(Sealed("relations.other_phone"))
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    withdrawn_reason: Mapped[str | None] = mapped_column(Sealed("relations.withdrawn_reason"))
    submission_key: Mapped[str | None] = mapped_column(unique=True)

    keys: Mapped[list[RelationKey]] = relationship(back_populates="relation", lazy="selectin")
    file: Mapped[StoredFile | None] = relationship(lazy="raise_on_sql")
    recorded_by: Mapped[User] = relationship(lazy="raise_on_sql", foreign_keys=[recorded_by_id])


class RelationKey(StrongKey, Base):
    """A strong key of one of the two."""

    __tablename__ = "relation_keys"
    __table_args__ = (
        UniqueConstraint("relation_id", "side", "kind", "fingerprint", name="uq_relation_keys_once"),
        CheckConstraint(f"side IN {SIDES}", name="relation_side_is_known"),
        Index("ix_relation_keys_match", "project_id", "fingerprint"),
    )

    relation_id: Mapped[int] = mapped_column(ForeignKey("relations.id"))
    side: Mapped[str]

    relation: Mapped[Relation] = relationship(back_populates="keys")
