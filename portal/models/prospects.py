"""Prospects (潜在分销商), what they were heard to need, and what they are worth, before they apply (CM-2.1 to 2.3)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.models.applications import Invitation
from portal.models.base import Base, Numbered, Sealed
from portal.models.outgoing_messages import CHANNELS
from portal.models.users import User
from portal.rules.prospects import CONTACT_KINDS, SOURCES, state_of


class Prospect(Numbered, Base):
    """One company or person; ``invitation``: the latest one.

    Its address is forgotten when it is dropped, and with the application that came of it (``erased_at``).
    """

    __tablename__ = "prospects"
    __table_args__ = (
        CheckConstraint(f"source IN {SOURCES}", name="prospect_source_is_known"),
        CheckConstraint(f"channel IN {CHANNELS}", name="prospect_channel_is_known"),
        CheckConstraint(
            "(contact IS NULL) = (channel IS NULL) AND (contact IS NULL) = (contact_fingerprint IS NULL)",
            name="prospect_address_is_whole",
        ),
        CheckConstraint(
            "(dropped_at IS NULL) = (dropped_by_id IS NULL) AND (dropped_at IS NULL) = (dropped_reason IS NULL)",
            name="prospect_is_dropped_by_a_person_with_a_reason",
        ),
        CheckConstraint(
            "(dropped_at IS NULL AND erased_at IS NULL) = (contact IS NOT NULL)", name="prospect_is_forgotten"
        ),
    )

    name: Mapped[str]
    source: Mapped[str]
    contact_name: Mapped[str | None] = mapped_column(Sealed("prospects.contact_name"))
    channel: Mapped[str | None]
    contact: Mapped[str | None] = mapped_column(Sealed("prospects.contact"))
    contact_fingerprint: Mapped[bytes | None] = mapped_column(unique=True)
    remark: Mapped[str | None] = mapped_column(Sealed("prospects.remark"))
    found_at: Mapped[datetime]
    found_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    invitation_id: Mapped[int | None] = mapped_column(ForeignKey("application_invitations.id"))
    erased_at: Mapped[datetime | None]
    dropped_at: Mapped[datetime | None]
    dropped_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    dropped_reason: Mapped[str | None] = mapped_column(Sealed("prospects.dropped_reason"))

    found_by: Mapped[User] = relationship(lazy="raise_on_sql", foreign_keys=[found_by_id])
    dropped_by: Mapped[User | None] = relationship(lazy="raise_on_sql", foreign_keys=[dropped_by_id])
    invitation: Mapped[Invitation | None] = relationship(lazy="joined")
    contacts: Mapped[list[ProspectContact]] = relationship(order_by="ProspectContact.id", lazy="selectin")
    evaluations: Mapped[list[ProspectEvaluation]] = relationship(order_by="ProspectEvaluation.id", lazy="selectin")

    def state_at(self, now: datetime) -> str:
        """How far it is at ``now``: open, invited while the link can be opened, applied, dropped."""
        invitation = self.invitation
        return state_of(
            dropped=self.dropped_at is not None,
            applied=invitation is not None and invitation.application_id is not None,
            invited=invitation is not None and invitation.expires_at > now,
        )


class ProspectContact(Numbered, Base):
    """One talk or letter, and what they need. Append-only."""

    __tablename__ = "prospect_contacts"
    __table_args__ = (
        CheckConstraint(f"kind IN {CONTACT_KINDS}", name="prospect_contact_kind_is_known"),
        CheckConstraint("happened_at <= recorded_at", name="prospect_contact_lies_in_the_past"),
        Index("ix_prospect_contacts_of", "prospect_id", "id"),
    )

    prospect_id: Mapped[int] = mapped_column(ForeignKey("prospects.id"))
    kind: Mapped[str]
    happened_at: Mapped[datetime]
    needs: Mapped[str] = mapped_column(Sealed("prospect_contacts.needs"))
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))

    recorded_by: Mapped[User] = relationship(lazy="joined")


def _score(name: str) -> Mapped[Decimal]:
    return mapped_column(Numeric(5, 2), CheckConstraint(f"{name} BETWEEN 0 AND 100", name=f"{name}_lies_in_0_to_100"))


class ProspectEvaluation(Numbered, Base):
    """The evaluation form (客户评估表, CM-2.3): three scores of 0 to 100 and the reasons. Append-only; the latest counts."""

    __tablename__ = "prospect_evaluations"
    __table_args__ = (Index("ix_prospect_evaluations_of", "prospect_id", "id"),)

    prospect_id: Mapped[int] = mapped_column(ForeignKey("prospects.id"))
    market: Mapped[Decimal] = _score("market")
    reputation: Mapped[Decimal] = _score("reputation")
    willingness: Mapped[Decimal] = _score("willingness")
    reasons: Mapped[str] = mapped_column(Sealed("prospect_evaluations.reasons"))
    evaluated_at: Mapped[datetime]
    evaluated_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))

    evaluated_by: Mapped[User] = relationship(lazy="joined")
