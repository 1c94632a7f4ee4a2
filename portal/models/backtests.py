"""Back-tests (规则试算): a draft policy tried on what really happened in a project, by the worker; it changes nothing there."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.models.base import Base, Ordered
from portal.models.projects import Project
from portal.models.users import User

BACKTEST_STATES = ("waiting", "running", "done", "failed", "stopped")
OPEN_STATES = ("waiting", "running")


class Backtest(Ordered, Base):
    """One run, from ``starts_at`` to ``ends_at`` (exclusive). Begun anew from the start when its worker died.

    ``document`` is the draft as it was then, ``name`` what the asker calls it (may be empty). ``result`` is a Report in JSON:
    references and names of distributors, no customer. ``failure`` is a type and a place, never a value.
    """

    __tablename__ = "backtests"
    __table_args__ = (
        CheckConstraint(f"state IN {BACKTEST_STATES}", name="backtest_state_is_known"),
        CheckConstraint("starts_at < ends_at", name="backtest_covers_some_time"),
        CheckConstraint("(state = 'done') = (result IS NOT NULL)", name="finished_backtest_has_a_result"),
        CheckConstraint(
            "(state IN ('done', 'failed', 'stopped')) = (finished_at IS NOT NULL)", name="ended_backtest_has_an_end"
        ),
        CheckConstraint("state <> 'running' OR started_at IS NOT NULL", name="running_backtest_has_begun"),
        CheckConstraint("state <> 'failed' OR failure IS NOT NULL", name="failed_backtest_says_why"),
        CheckConstraint("done >= 0 AND (total IS NULL OR done <= total)", name="backtest_does_no_more_than_all"),
        UniqueConstraint("asked_by_id", "submission_key", name="uq_backtests_sent_once"),
        Index("ix_backtests_unfinished", "id", postgresql_where=text("finished_at IS NULL")),
        Index("ix_backtests_of_asker", "asked_by_id", "id"),
    )

    reference: Mapped[str] = mapped_column(unique=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"))
    document: Mapped[dict[str, Any]] = mapped_column(JSONB)
    name: Mapped[str] = mapped_column(default="", server_default=text("''"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    submission_key: Mapped[str]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    asked_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="waiting", server_default=text("'waiting'"))
    attempts: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    done: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    total: Mapped[int | None]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    result: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    failure: Mapped[str | None]

    project: Mapped[Project] = relationship(lazy="raise_on_sql")
    asked_by: Mapped[User] = relationship(lazy="raise_on_sql")

    @property
    def is_open(self) -> bool:
        """Whether it still waits or runs."""
        return self.state in OPEN_STATES
