"""Files of the developer's sales system (成交导入): each row one deal event, each answered on its own."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.models.base import Base, Numbered, Ordered, Sealed
from portal.models.projects import Project
from portal.models.users import User

ROW_STATES = ("waiting", "imported", "present", "refused")


class ImportBatch(Ordered, Base):
    """One file. It is finished when no row waits any more; whoever goes on with it begins at the rows that wait."""

    __tablename__ = "import_batches"
    __table_args__ = (Index("ix_import_batches_unfinished", "id", postgresql_where=text("finished_at IS NULL")),)

    reference: Mapped[str] = mapped_column(unique=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"), index=True)
    name: Mapped[str] = mapped_column(Sealed("import_batches.name"))
    submission_key: Mapped[str | None] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    created_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    total: Mapped[int]
    finished_at: Mapped[datetime | None]

    project: Mapped[Project] = relationship(lazy="raise_on_sql")
    created_by: Mapped[User] = relationship(lazy="raise_on_sql")


class ImportRow(Numbered, Base):
    """One row as it stood in the file (sealed JSON by column), and its answer: ``problem`` is a reason, ``column`` its place.

    ``present``: the deal had this event already, so nothing was done; ``problem`` says when the two differ.
    """

    __tablename__ = "import_rows"
    __table_args__ = (
        CheckConstraint(f"state IN {ROW_STATES}", name="import_row_state_is_known"),
        CheckConstraint("(state = 'waiting') = (answered_at IS NULL)", name="answered_row_has_a_time"),
        CheckConstraint("state <> 'imported' OR event_id IS NOT NULL", name="imported_row_names_its_event"),
        CheckConstraint("state <> 'refused' OR problem IS NOT NULL", name="refused_row_has_a_reason"),
        UniqueConstraint("batch_id", "number", name="uq_import_rows_number"),
        Index("ix_import_rows_waiting", "batch_id", "number", postgresql_where=text("state = 'waiting'")),
    )

    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batches.id"))
    number: Mapped[int]
    cells: Mapped[str] = mapped_column(Sealed("import_rows.cells"))
    state: Mapped[str] = mapped_column(default="waiting", server_default=text("'waiting'"))
    problem: Mapped[str | None]
    column: Mapped[str | None]
    clause: Mapped[str | None]
    event_id: Mapped[int | None] = mapped_column(ForeignKey("deal_events.id"))
    answered_at: Mapped[datetime | None]

    batch: Mapped[ImportBatch] = relationship(lazy="raise_on_sql")
