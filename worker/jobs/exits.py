"""Exits whose instant has come, and personal data whose time is over."""

from __future__ import annotations

from functools import partial

from portal import clock
from portal.models import Exit, db
from portal.one_by_one import attempt
from portal.queries import exits as found
from portal.services import exits, retention
from portal.transaction import transaction
from worker.context import in_batches, in_transaction, job


@job
def take_effect() -> None:
    """Carry out approved exits, each in its own transaction; put down those that something stronger overtook (DM-12.6)."""
    with transaction():
        exits.overtake_stale(now=clock.now())
        coming = found.coming(clock.now())
    for number in coming:
        with transaction():
            attempt(Exit.__tablename__, number, partial(_take_effect, number), False)


def _take_effect(number: int) -> bool:
    return exits.take_effect(ending=db.session.get_one(Exit, number))


@in_batches
def erase_expired() -> int:
    """Erase what names people of partners whose files were closed long enough ago, one partner at a time."""
    return retention.erase_next(now=clock.now())


@in_transaction
def remind_of_appraisals() -> None:
    """Tell the channel department of papers whose time is over: people appraise them, the worker destroys none."""
    retention.remind_of_appraisals(clock.now())
