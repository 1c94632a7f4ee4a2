"""Deals (成交): the events deposit, subscription, signing, online signing of one unit, and who bought (RE-8.1, D.7)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Numeric, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.models.base import Base, Numbered, Ordered, Sealed
from portal.models.distributors import Distributor
from portal.models.keys import StrongKey
from portal.models.projects import Project
from portal.models.registrations import Registration
from portal.models.users import User

DEAL_EVENTS = ("deposit", "subscription", "signing", "online_signing")
EVENT_SOURCES = ("consultant", "import")


class Deal(Ordered, Base):
    """One purchase of one unit. Owner and clause repeat its latest ruling, so that lists need not read rulings.

    ``owner_id`` None is the company. ``frozen_at`` is the time of the event that froze the attribution (RE-Q27).
    ``settled``: frozen once or moved by a ruling; later events repeat the ruled owner (RE-F17).
    """

    __tablename__ = "deals"
    __table_args__ = (
        UniqueConstraint("project_id", "source_number", name="uq_deals_source_number"),
        CheckConstraint("(frozen_at IS NULL) = (registration_id IS NULL)", name="freezing_names_a_registration"),
        CheckConstraint("registration_id IS NULL OR owner_id IS NOT NULL", name="frozen_deal_has_an_owner"),
        Index("ix_deals_of_project", "project_id", "id"),
        Index("ix_deals_of_registration", "registration_id"),
        Index("ix_deals_search", "search_tokens", postgresql_using="gin"),
    )

    reference: Mapped[str] = mapped_column(unique=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"))
    unit: Mapped[str | None]
    source_number: Mapped[str | None]
    opened_at: Mapped[datetime]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("distributors.id"))
    clause: Mapped[str]
    registration_id: Mapped[int | None] = mapped_column(ForeignKey("registrations.id"))
    frozen_at: Mapped[datetime | None]
    settled: Mapped[bool] = mapped_column(default=False)
    # The unit of a staff offence is not put forward for commission (RE-7.3).
    excluded_at: Mapped[datetime | None]
    # Keyed tokens of the unit and of everybody who ever bought in it.
    search_tokens: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), default=list, server_default=text("'{}'"))

    project: Mapped[Project] = relationship(lazy="raise_on_sql")
    owner: Mapped[Distributor | None] = relationship(lazy="raise_on_sql")
    registration: Mapped[Registration | None] = relationship(lazy="raise_on_sql")
    events: Mapped[list[DealEvent]] = relationship(back_populates="deal", order_by="DealEvent.seq", lazy="raise_on_sql")


class DealEvent(Ordered, Base):
    """One step of a deal, with the buyers as they stood in it. Never changed; a later event says what changed.

    ``happened_at`` is when the buyer paid or signed, ``recorded_at`` when the portal was told; both UTC.
    """

    __tablename__ = "deal_events"
    __table_args__ = (
        CheckConstraint(f"kind IN {DEAL_EVENTS}", name="deal_event_is_known"),
        CheckConstraint(f"source IN {EVENT_SOURCES}", name="deal_event_source_is_known"),
        CheckConstraint("happened_at <= recorded_at", name="deal_event_lies_in_the_past"),
        CheckConstraint("amount >= 0", name="amount_is_not_negative"),
        UniqueConstraint("deal_id", "kind", name="uq_deal_events_once"),
        Index("ix_deal_events_happened", "happened_at"),
        Index("ix_deal_events_recorded", "project_id", "recorded_at"),
    )

    reference: Mapped[str] = mapped_column(unique=True)
    deal_id: Mapped[int] = mapped_column(ForeignKey("deals.id"))
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"))
    kind: Mapped[str]
    happened_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    source: Mapped[str] = mapped_column(default="consultant")
    submission_key: Mapped[str | None] = mapped_column(unique=True)
    unit: Mapped[str | None]
    # CNY (GD-10).
    amount: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))

    deal: Mapped[Deal] = relationship(back_populates="events", lazy="raise_on_sql")
    recorded_by: Mapped[User | None] = relationship(lazy="raise_on_sql")
    buyers: Mapped[list[DealBuyer]] = relationship(
        back_populates="event", order_by="DealBuyer.position", lazy="selectin"
    )


class DealBuyer(Numbered, Base):
    """A buyer named in a deal event, with verified identity."""

    __tablename__ = "deal_buyers"
    __table_args__ = (UniqueConstraint("event_id", "position", name="uq_deal_buyers_position"),)

    event_id: Mapped[int] = mapped_column(ForeignKey("deal_events.id"))
    position: Mapped[int]
    customer_name: Mapped[str] = mapped_column(Sealed("deal_buyers.customer_name"))
    phone: Mapped[str | None] = mapped_column(Sealed("deal_buyers.phone"))
    id_number: Mapped[str | None] = mapped_column(Sealed("deal_buyers.id_number"))
    company: Mapped[str | None] = mapped_column(Sealed("deal_buyers.company"))
    company_code: Mapped[str | None] = mapped_column(Sealed("deal_buyers.company_code"))

    event: Mapped[DealEvent] = relationship(back_populates="buyers")
    keys: Mapped[list[BuyerKey]] = relationship(back_populates="buyer", lazy="selectin")


class BuyerKey(StrongKey, Base):
    """A strong key of a buyer."""

    __tablename__ = "buyer_keys"
    __table_args__ = (
        UniqueConstraint("buyer_id", "kind", "fingerprint", name="uq_buyer_keys_once"),
        Index("ix_buyer_keys_match", "project_id", "fingerprint"),
    )

    buyer_id: Mapped[int] = mapped_column(ForeignKey("deal_buyers.id"))

    buyer: Mapped[DealBuyer] = relationship(back_populates="keys")
