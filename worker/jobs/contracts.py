"""Contracts whose end comes near or has come, and texts that nobody reviews."""

from __future__ import annotations

from portal import clock
from portal.services import contract_notices, legal_reviews
from worker.context import in_transaction


@in_transaction
def remind_of_ends() -> None:
    """Remind both sides 60, 30 and 7 days before the end and tell of the end, once each (DM-10.4)."""
    contract_notices.remind(clock.now())


@in_transaction
def tell_what_nobody_reviews() -> None:
    """Tell the administrators, once a day, of texts in review while nobody with the legal role may review them (CH-5.4)."""
    legal_reviews.tell_what_nobody_reviews(clock.now())
