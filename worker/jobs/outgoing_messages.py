"""Messages on their way out: one by its job, and the sweep over those whose job was lost."""

from __future__ import annotations

from portal import clock, jobs
from portal.services import outgoing_messages
from portal.transaction import transaction
from worker.context import job


class NotSentYet(Exception):
    """The mail server or the gateway is away: the queue tries again later."""


@job
def send_message(message_id: int) -> None:
    """Send one message unless it was sent. Raises NotSentYet while mail server or gateway is away."""
    with transaction():
        done = outgoing_messages.send(message_id=message_id)
    if not done:
        raise NotSentYet


@job
def send_waiting() -> None:
    """Ask again for what still waits and could leave."""
    with transaction():
        for message_id in outgoing_messages.waiting(now=clock.now()):
            jobs.enqueue_if_lost(jobs.SEND_MESSAGE, message_id)
