"""Messages on their way out, for tests of every way that they take."""

from __future__ import annotations

from typing import Any

from portal import clock
from portal.models import OutgoingMessage, db
from portal.services import outgoing_messages


def write(channel: str, address: str, link: str, **more: Any) -> OutgoingMessage:
    """A message to an applicant, waiting to be sent."""
    message = outgoing_messages.write(
        kind="application_received",
        channel=channel,
        address=address,
        locale="zh_Hans_CN",
        facts={"reference": "A-2604-1", "link": link},
        now=clock.now(),
        **more,
    )
    db.session.commit()
    return message


def send(message: OutgoingMessage) -> bool:
    """One try; whether nothing is left to be tried."""
    done = outgoing_messages.send(message_id=message.id)
    db.session.commit()
    return done
