"""Signatures that are late, papers that end, and applications whose time is over."""

from __future__ import annotations

from portal import clock
from portal.services import application_erasure, application_notices, paper_reminders
from worker.context import in_batches, in_transaction


@in_transaction
def remind_of_signatures() -> None:
    """Tell the signers and the reviewer of an application whose signature is overdue (DO-Q2)."""
    application_notices.remind(clock.now())


@in_transaction
def remind_of_papers() -> None:
    """Tell headquarters and owners of papers that end in 30 days, in 7 days, or have ended (CM-2.4)."""
    paper_reminders.remind(clock.now())


@in_batches
def erase_expired() -> int:
    """Erase what names people in applications that came to nothing long enough ago, one application at a time."""
    return application_erasure.erase_next(now=clock.now())
