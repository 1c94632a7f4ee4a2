"""The visit slip (带客确认单) as the desk has it signed: on the glass one after another, or on photographed paper (RE-3.2)."""

from __future__ import annotations

from typing import Any

from portal.models import User, Visit
from portal.models.visits import PARTIES
from portal.rules.refusal import Refusal
from portal.services.editions import NO_PAGE, Seen
from portal.services.visits import SlipSignature, sign_slip


def sign_on_glass(
    *, actor: User, visit: Visit, party: str, strokes: dict[str, Any], image: bytes, seen: Seen = NO_PAGE
) -> Visit:
    """One party has signed on the glass. Raises Refusal when the slip is not open or this party has signed."""
    signer = signers(visit, actor).get(party, "")
    signature = SlipSignature(party=party, signer_name=signer, method="glass", strokes=strokes, image=image)
    return sign_slip(actor=actor, visit=visit, signatures=[signature], seen=seen)


def hand_in_paper(*, actor: User, visit: Visit, photo: bytes, seen: Seen = NO_PAGE) -> Visit:
    """The photograph of the paper slip stands for everybody who has not signed on the glass."""
    names, signed = signers(visit, actor), {signature.party for signature in visit.signatures}
    missing = [party for party in PARTIES if party not in signed]
    if not missing:
        raise Refusal("slip_already_signed", "RE-3.2")
    signatures = [
        SlipSignature(party=party, signer_name=names.get(party, ""), method="paper", image=photo) for party in missing
    ]
    return sign_slip(actor=actor, visit=visit, signatures=signatures, seen=seen)


def signers(visit: Visit, receptionist: User) -> dict[str, str]:
    """Whose name stands beside each signature."""
    registration = visit.registration
    if registration is None:
        return {"reception": receptionist.name}
    return {
        "customer": registration.customer_name,
        "broker": visit.broker_present or registration.broker.name,
        "reception": receptionist.name,
    }
