"""A ruling as one party reads it."""

from __future__ import annotations

from portal.models import RulingParty
from portal.wording.rulings import for_party


def reason_of(party: RulingParty) -> str:
    """Why the deal is, or is not, the company's: one or two sentences that name nobody else."""
    return for_party(party.clause, wins=party.wins, accepted=_was_accepted(party))


def _was_accepted(party: RulingParty) -> bool:
    """Whether a named person took the near match of the party's own registration for right (RE-Q25)."""
    own = party.registration.seq if party.registration else None
    return any(one["accepted"] for one in party.ruling.facts["candidates"] if one["registration"]["seq"] == own)
