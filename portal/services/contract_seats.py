"""Where the one-time code for a partner's signature goes: the contacts in its file, never an address typed just now."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from portal.models import PartnerFile, User, db
from portal.rules.masking import mask_contact
from portal.rules.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Seat:
    """An address that the portal has on file: how it is reached, and how it is shown."""

    channel: str
    address: str

    @property
    def masked(self) -> str:
        return mask_contact(self.address, self.channel)


def seats_of(distributor_id: int, owner: User) -> list[Seat]:
    """The contacts of the partner's file; without a file, the owner's own number."""
    file = db.session.scalar(select(PartnerFile).where(PartnerFile.distributor_id == distributor_id))
    phone = file.contact_phone if file else owner.phone
    email = file.contact_email if file else None
    found = [Seat("sms", phone)] if phone else []
    return found + ([Seat("email", email)] if email else [])


def seat_of(distributor_id: int, owner: User, channel: str) -> Seat:
    """The contact of this channel. Raises Refusal when there is none: sign on paper, or complete the file."""
    found = next((seat for seat in seats_of(distributor_id, owner) if seat.channel == channel), None)
    if found is None:
        raise Refusal("no_contact_for_code", "CH-5.5")
    return found
