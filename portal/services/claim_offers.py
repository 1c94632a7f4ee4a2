"""Which deals a distributor may claim now by its own registrations, and until when: asked in advance of the command."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.models import Claim, DealEvent, Registration, User
from portal.queries import claims
from portal.queries.claims import Standing
from portal.rules.claims import check_claim, window_end
from portal.rules.disclosure import Seen, seen_by
from portal.rules.partnership import check_may_act
from portal.rules.refusal import Refusal
from portal.services import policies


@dataclass(frozen=True, slots=True)
class ClaimOffer:
    """A deal in which the registration stands. ``ends_at`` is the exclusive end of the window, UTC.

    ``refusal`` None: a claim would succeed now. ``claim`` is the person's own earlier one on the same event.
    """

    registration: Registration
    event: DealEvent
    ends_at: datetime
    refusal: Refusal | None
    claim: Claim | None

    @property
    def is_waiting(self) -> bool:
        """Whether there is something to do: it may be claimed and is not."""
        return self.refusal is None and self.claim is None


def claim_offers(registration: Registration, user: User, now: datetime) -> list[ClaimOffer]:
    """What a claim on this registration's deals would meet now; one for each deal, its latest event. None for one's own."""
    return _offers(claims.standings_of(registration), user, now)


def claims_to_make(user: User, now: datetime) -> list[ClaimOffer]:
    """The deals that the person may claim and has not, the window that ends first at the head."""
    waiting = [offer for offer in _offers(claims.recent_standings(user, now), user, now) if offer.is_waiting]
    return sorted(waiting, key=lambda offer: offer.ends_at)


def offer_for(registration: Registration, event_reference: str, user: User, now: datetime) -> ClaimOffer | None:
    """The offer on this very event; None when the registration has no part in it."""
    found = [one for one in claims.standings_of(registration) if one.event.reference == event_reference]
    return next(iter(_offers(found, user, now)), None)


def _offers(standings: Iterable[Standing], user: User, now: datetime) -> list[ClaimOffer]:
    if seen_by(user.roles, "deal_event") is Seen.NO:
        return []
    latest = _latest_of_each_deal(standings)
    mine = claims.of_event(user, [one.event.id for one in latest])
    return [_offer(one, mine.get(one.event.id), now) for one in latest]


def _latest_of_each_deal(standings: Iterable[Standing]) -> Sequence[Standing]:
    """Of a registration and a deal the latest event; a deal that is the distributor's already needs no claim."""
    found: dict[tuple[int, int], Standing] = {}
    for one in standings:
        if one.event.deal.owner_id != one.registration.distributor_id:
            found.setdefault((one.registration.id, one.event.deal_id), one)
    return list(found.values())


def _offer(standing: Standing, claim: Claim | None, now: datetime) -> ClaimOffer:
    registration, event = standing.registration, standing.event
    window = policies.in_force(registration.project_id, event.happened_at).terms.claim_window
    ends_at = window_end(event.happened_at, window, registration.project.zone)
    try:
        check_may_act(registration.distributor.status_at(now))
        check_claim(event.kind, event.happened_at, now, window, registration.project.zone)
    except Refusal as refusal:
        return ClaimOffer(registration, event, ends_at, refusal, claim)
    return ClaimOffer(registration, event, ends_at, None, claim)
