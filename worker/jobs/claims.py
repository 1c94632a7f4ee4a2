"""Claims whose answer has come due."""

from __future__ import annotations

from portal import clock
from portal.services import claim_notices, claims
from worker.context import in_batches, in_transaction


@in_batches
def close_unfounded() -> int:
    """Close the claims by number that fit no deal (RE-8.4)."""
    return claims.close_unfounded(clock.now())


@in_transaction
def tell_answers() -> None:
    """Tell those who claimed by number that there is an answer: all alike, whether or not it fitted (RE-8.4)."""
    claim_notices.tell_answers(clock.now())
