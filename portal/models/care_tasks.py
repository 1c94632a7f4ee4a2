"""What the care of distributors owes by the calendar: research every quarter (CM-2.1), a report every half year (CM-7.3)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.models.base import Base, Numbered, Sealed
from portal.models.users import User
from portal.rules.care_tasks import KINDS


class CareTask(Numbered, Base):
    """One task of one period. ``figures``: what the portal counted of the period when it was done.

    ``findings``: what the research found, or how the regime was carried out; ``measures``: what follows, who does it by when
    (CM-7.4), of a report alone.
    """

    __tablename__ = "care_tasks"
    __table_args__ = (
        UniqueConstraint("kind", "first_day", name="uq_care_tasks_one_per_period"),
        CheckConstraint(f"kind IN {KINDS}", name="care_task_is_known"),
        CheckConstraint("first_day <= last_day", name="care_task_period_has_days"),
        CheckConstraint(
            "(done_at IS NULL) = (done_by_id IS NULL) AND (done_at IS NULL) = (findings IS NULL)"
            " AND (done_at IS NULL) = (figures IS NULL)",
            name="done_care_task_is_whole",
        ),
        CheckConstraint("kind <> 'report' OR (done_at IS NULL) = (measures IS NULL)", name="report_says_what_follows"),
        Index("ix_care_tasks_open", "due_at", postgresql_where=text("done_at IS NULL")),
    )

    reference: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    # Calendar days of the group's zone, both covered.
    first_day: Mapped[date]
    last_day: Mapped[date]
    opened_at: Mapped[datetime]
    # Exclusive bound, UTC.
    due_at: Mapped[datetime]
    figures: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    findings: Mapped[str | None] = mapped_column(Sealed("care_tasks.findings"))
    measures: Mapped[str | None] = mapped_column(Sealed("care_tasks.measures"))
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    done_by: Mapped[User | None] = relationship(lazy="raise_on_sql")
