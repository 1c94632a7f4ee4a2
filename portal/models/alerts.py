"""Alerts (预警): what looks like customers thrown to a distributor, found by the worker, looked into by a person (RE-7.2)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.models.base import Base, Numbered, Sealed
from portal.models.findings import Finding
from portal.models.projects import Project
from portal.models.registrations import Registration
from portal.models.users import User

ALERT_KINDS = ("remarked", "after_lookup", "changed_after_entry", "after_arrival")


class Alert(Numbered, Base):
    """One coincidence of two facts about a registration; by itself it proves nothing and moves nothing.

    ``before_at`` and ``happened_at`` are the two instants of its pattern: the natural visit and its re-marking, the look-up
    and the filing, the entry and the change, the arrival on record and the filing. ``staff_id``: whose act it was, where one
    of them was somebody's. ``occasion`` names the rows that it comes from, so that it is found once.
    """

    __tablename__ = "alerts"
    __table_args__ = (
        UniqueConstraint("kind", "occasion", name="uq_alerts_once"),
        CheckConstraint(f"kind IN {ALERT_KINDS}", name="alert_kind_is_known"),
        CheckConstraint("state IN ('open', 'case', 'set_aside')", name="alert_state_is_known"),
        CheckConstraint("(state = 'open') = (decided_by_id IS NULL)", name="alert_is_decided_by_a_person"),
        CheckConstraint("(state = 'case') = (finding_id IS NOT NULL)", name="opened_case_is_named"),
        CheckConstraint("(state = 'set_aside') = (reason IS NOT NULL)", name="setting_aside_has_a_reason"),
        Index("ix_alerts_open", "id", postgresql_where=text("state = 'open'")),
    )

    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"))
    kind: Mapped[str]
    occasion: Mapped[str]
    registration_id: Mapped[int] = mapped_column(ForeignKey("registrations.id"))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    before_at: Mapped[datetime]
    happened_at: Mapped[datetime]
    found_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="open")
    finding_id: Mapped[int | None] = mapped_column(ForeignKey("findings.id"))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    reason: Mapped[str | None] = mapped_column(Sealed("alerts.reason"))

    project: Mapped[Project] = relationship(lazy="raise_on_sql")
    registration: Mapped[Registration] = relationship(lazy="raise_on_sql")
    staff: Mapped[User | None] = relationship(lazy="raise_on_sql", foreign_keys=[staff_id])
    decided_by: Mapped[User | None] = relationship(lazy="raise_on_sql", foreign_keys=[decided_by_id])
    finding: Mapped[Finding | None] = relationship(lazy="raise_on_sql")
