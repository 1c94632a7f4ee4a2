"""What leaves the portal by e-mail or short message: codes, links, first passwords; sealed until it is sent."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import Base, Numbered, Sealed

CHANNELS = ("email", "sms")
MESSAGE_STATES = ("waiting", "sent", "failed")


class OutgoingMessage(Numbered, Base):
    """One message to one address. ``facts`` is the JSON of what its words need; it is forgotten once it is sent.

    ``failure``: why it was given up: refused, unreachable, in_doubt, expired.
    """

    __tablename__ = "outgoing_messages"
    __table_args__ = (
        CheckConstraint(f"channel IN {CHANNELS}", name="message_channel_is_known"),
        CheckConstraint(f"state IN {MESSAGE_STATES}", name="message_state_is_known"),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_message_has_its_time"),
        CheckConstraint("(state = 'sent') = (facts IS NULL)", name="sent_message_is_forgotten"),
        CheckConstraint("(state = 'failed') = (failure IS NOT NULL)", name="failed_message_says_why"),
        CheckConstraint("NOT in_doubt OR state = 'waiting'", name="only_a_waiting_message_is_in_doubt"),
        Index("ix_outgoing_messages_waiting", "id", postgresql_where=text("state = 'waiting'")),
    )

    kind: Mapped[str]
    channel: Mapped[str]
    address: Mapped[str] = mapped_column(Sealed("outgoing_messages.address"))
    locale: Mapped[str]
    facts: Mapped[str | None] = mapped_column(Sealed("outgoing_messages.facts"))
    state: Mapped[str] = mapped_column(default="waiting", server_default="waiting")
    tries: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    # The last try has no known end: its worker was killed, or whoever took the message did not answer.
    in_doubt: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    # Tried once more although an earlier try was in doubt; there is no second time.
    repeated: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    # How often it was put on its way: once, and again each time that the administrator asks.
    runs: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    failure: Mapped[str | None]
    created_at: Mapped[datetime]
    # After this instant it is of no use any more and is not sent.
    expires_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
