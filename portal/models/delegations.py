"""Delegations (授权): who signs in whose place, from when until when, and why (DO-Q2)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.models.base import Base, Numbered, Sealed
from portal.models.users import User
from portal.rules import delegations as rule
from portal.rules.delegations import MATTERS

#: The time in which it holds; nothing when it was taken back before it began.
SPAN = (
    "(CASE WHEN ended_at <= starts_at THEN 'empty'::tstzrange ELSE tstzrange(starts_at, LEAST(ends_at, ended_at)) END)"
)


class Delegation(Numbered, Base):
    """One person names another for one kind of decision. Bounds are UTC, the end exclusive. Rows are ended, never deleted."""

    __tablename__ = "delegations"
    __table_args__ = (
        CheckConstraint(f"matter IN {tuple(MATTERS)}", name="delegation_matter_is_known"),
        CheckConstraint("principal_id <> deputy_id", name="nobody_is_his_own_deputy"),
        CheckConstraint("starts_at >= made_at", name="delegation_never_reaches_back"),
        CheckConstraint("ends_at > starts_at", name="delegation_ends_after_it_starts"),
        CheckConstraint("(ended_at IS NULL) = (ended_by_id IS NULL)", name="delegation_is_ended_by_a_person"),
        ExcludeConstraint(
            ("principal_id", "="),
            ("matter", "="),
            (text(SPAN), "&&"),
            name="delegation_has_one_deputy_at_a_time",
            using="gist",
        ),
    )

    reference: Mapped[str] = mapped_column(unique=True)
    matter: Mapped[str]
    principal_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    deputy_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(Sealed("delegations.reason"))
    made_at: Mapped[datetime]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    principal: Mapped[User] = relationship(lazy="joined", foreign_keys=[principal_id])
    deputy: Mapped[User] = relationship(lazy="joined", foreign_keys=[deputy_id])
    made_by: Mapped[User] = relationship(lazy="joined", foreign_keys=[made_by_id])

    def facts(self) -> rule.Delegation:
        """What the rule needs."""
        return rule.Delegation(
            matter=self.matter,
            principal=person_of(self.principal),
            deputy=person_of(self.deputy),
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            ended_at=self.ended_at,
        )


def person_of(user: User) -> rule.Person:
    """The person as the rule sees one."""
    return rule.Person(user.id, user.roles, user.disabled_at is None)
