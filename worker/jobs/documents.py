"""Printing: one document by its job, the jobs of a burst of filings, and the sweep over those whose job was lost."""

from __future__ import annotations

from portal import clock, jobs
from portal.documents.pades import NoTimeStamp
from portal.services import printing
from portal.transaction import transaction
from worker.context import describe, job


@job
def print_document(document_id: int) -> None:
    """Print one document unless it has been printed. A failure is noted with the document and raised again.

    One that waits for somebody outside, for a time stamp, is put off: the sweep asks again every minute.
    """
    with transaction():
        if not printing.begin(document_id=document_id, now=clock.now()):
            return
    try:
        with transaction():
            printing.print_now(document_id=document_id, now=clock.now())
    except NoTimeStamp as missing:
        with transaction():
            printing.put_off(document_id=document_id, reason=describe(missing), now=clock.now())
    except Exception as error:
        with transaction():
            printing.note_failure(document_id=document_id, reason=describe(error), now=clock.now())
        raise


@job
def hand_out() -> None:
    """Ask for the printing of everything that was filed since the last time."""
    jobs.hand_out()


@job
def print_waiting() -> None:
    """Ask again for what still waits: the queue was away when it was written, or its worker was killed."""
    jobs.hand_out()
    with transaction():
        for document_id in printing.waiting(now=clock.now()):
            jobs.enqueue_if_lost(jobs.PRINT_DOCUMENT, document_id)
