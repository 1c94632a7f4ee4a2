"""Spot checks (抽查) of past deals: the sample, who was asked how and when, the first answer in its words (RE-4.6)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.models.base import Base, Numbered, Ordered, Sealed
from portal.models.deals import Deal
from portal.models.distributors import Distributor
from portal.models.findings import Finding
from portal.models.projects import Project
from portal.models.users import User
from portal.rules.spot_checks import ANSWERS, METHODS, RESULTS


class SpotCheck(Ordered, Base):
    """One sample of the deals that distributors had from ``first_day`` to ``last_day`` (portal's zone, both counted).

    ``population`` deals were there when it was drawn; ``seed`` repeats the draw. Closed with a conclusion.
    """

    __tablename__ = "spot_checks"
    __table_args__ = (
        CheckConstraint("first_day <= last_day", name="checked_days_go_forward"),
        CheckConstraint("number BETWEEN 1 AND population", name="sample_is_of_its_population"),
        CheckConstraint("(closed_at IS NULL) = (closed_by_id IS NULL)", name="check_is_closed_by_a_person"),
        CheckConstraint("(closed_at IS NULL) = (conclusion IS NULL)", name="closed_check_has_a_conclusion"),
    )

    reference: Mapped[str] = mapped_column(unique=True)
    submission_key: Mapped[str] = mapped_column(unique=True)
    project_id: Mapped[int | None] = mapped_column(ForeignKey("projects.id"))
    distributor_id: Mapped[int | None] = mapped_column(ForeignKey("distributors.id"))
    first_day: Mapped[date]
    last_day: Mapped[date]
    population: Mapped[int]
    number: Mapped[int]
    seed: Mapped[str]
    reason: Mapped[str] = mapped_column(Sealed("spot_checks.reason"))
    drawn_at: Mapped[datetime]
    drawn_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    conclusion: Mapped[str | None] = mapped_column(Sealed("spot_checks.conclusion"))

    lines: Mapped[list[CheckedDeal]] = relationship(
        back_populates="check", order_by="CheckedDeal.position", lazy="raise_on_sql"
    )
    project: Mapped[Project | None] = relationship(lazy="raise_on_sql")
    distributor: Mapped[Distributor | None] = relationship(lazy="raise_on_sql")
    drawn_by: Mapped[User] = relationship(lazy="raise_on_sql", foreign_keys=[drawn_by_id])
    closed_by: Mapped[User | None] = relationship(lazy="raise_on_sql", foreign_keys=[closed_by_id])


class CheckedDeal(Numbered, Base):
    """One deal of a sample, in the order of the draw, with whose it was then; given up after three tries in vain (RE-Q16)."""

    __tablename__ = "checked_deals"
    __table_args__ = (
        UniqueConstraint("check_id", "deal_id", name="uq_checked_deals_once"),
        UniqueConstraint("check_id", "position", name="uq_checked_deals_position"),
        Index("ix_checked_deals_of_finding", "finding_id"),
    )

    check_id: Mapped[int] = mapped_column(ForeignKey("spot_checks.id"))
    position: Mapped[int]
    deal_id: Mapped[int] = mapped_column(ForeignKey("deals.id"))
    distributor_id: Mapped[int] = mapped_column(ForeignKey("distributors.id"))
    given_up_at: Mapped[datetime | None]
    finding_id: Mapped[int | None] = mapped_column(ForeignKey("findings.id"))

    check: Mapped[SpotCheck] = relationship(back_populates="lines", lazy="raise_on_sql")
    deal: Mapped[Deal] = relationship(lazy="raise_on_sql")
    distributor: Mapped[Distributor] = relationship(lazy="raise_on_sql")
    finding: Mapped[Finding | None] = relationship(lazy="raise_on_sql")
    tries: Mapped[list[CheckTry]] = relationship(back_populates="line", order_by="CheckTry.id", lazy="selectin")


class CheckTry(Numbered, Base):
    """One time that a customer was asked, never changed; ``is_first`` marks the one answer that counts (RE-4.7)."""

    __tablename__ = "check_tries"
    __table_args__ = (
        CheckConstraint(f"method IN {METHODS}", name="way_of_asking_is_known"),
        CheckConstraint(f"result IN {RESULTS}", name="result_of_asking_is_known"),
        CheckConstraint(f"NOT is_first OR result IN {ANSWERS}", name="only_an_answer_is_the_first"),
        CheckConstraint(f"result NOT IN {ANSWERS} OR words IS NOT NULL", name="answer_is_kept_in_its_words"),
        CheckConstraint("asked_at <= recorded_at", name="asked_before_it_is_recorded"),
        Index("uq_check_tries_first", "line_id", unique=True, postgresql_where=text("is_first")),
        Index("ix_check_tries_of_line", "line_id", "id"),
    )

    line_id: Mapped[int] = mapped_column(ForeignKey("checked_deals.id"))
    method: Mapped[str]
    result: Mapped[str]
    is_first: Mapped[bool]
    words: Mapped[str | None] = mapped_column(Sealed("check_tries.words"))
    asked_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))

    line: Mapped[CheckedDeal] = relationship(back_populates="tries", lazy="raise_on_sql")
    asked_by: Mapped[User] = relationship(lazy="joined")
