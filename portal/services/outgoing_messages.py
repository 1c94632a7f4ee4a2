"""Messages to people outside: written with their cause, sent by the worker, shown to the administrator while they wait.

A transport that is not connected sends nothing and says so: the message stays waiting, nothing takes its place.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import func, or_, select, update

from portal import audit, clock, crypto, jobs, mail, sms
from portal.models import OutgoingMessage, User, db
from portal.rules.refusal import Refusal
from portal.wording.outgoing_messages import KINDS, compose

#: Why somebody may read a message that has not been sent. A closed list, because the reason goes into the history.
REASONS = ("pass_on", "complaint", "audit")
#: How often an address is tried before the message is given up.
MOST_TRIES = 5
SWEEP = 200


def write(
    *,
    kind: str,
    channel: str,
    address: str,
    locale: str,
    facts: Mapping[str, str],
    now: datetime,
    expires_at: datetime | None = None,
) -> OutgoingMessage:
    """Put a message on its way; it leaves after the commit. Raises ValueError when ``facts`` are not those of the kind."""
    if facts.keys() != KINDS[kind].facts:
        raise ValueError(f"{kind} says {sorted(KINDS[kind].facts)}, not {sorted(facts)}")
    message = OutgoingMessage(
        kind=kind,
        channel=channel,
        address=address,
        locale=locale,
        facts=json.dumps(dict(facts), ensure_ascii=False),
        created_at=now,
        expires_at=expires_at,
    )
    db.session.add(message)
    db.session.flush()
    if is_connected(channel):
        jobs.enqueue_after_commit(jobs.SEND_MESSAGE, message.id)
    return message


def is_connected(channel: str) -> bool:
    """Whether messages of the channel can leave: e-mails need a mail server, text messages a gateway."""
    return (sms if channel == "sms" else mail).is_configured(current_app.extensions["settings"])


def send(*, message_id: int) -> bool:
    """Send the message unless it has been sent; whether it is done with. Two workers never send it at the same time.

    That a try begins is committed before it. A worker that is killed between the server's consent and the commit, or a
    gateway that takes the message and does not answer, leaves a try in doubt: the message is tried once more then, so
    that it may arrive twice; with a second try in doubt it is given up (``in_doubt``) and a person decides.
    """
    message = db.session.get(OutgoingMessage, message_id, populate_existing=True) if _alone(message_id) else None
    if message is None or message.state != "waiting" or not is_connected(message.channel):
        return True
    now = clock.now()
    if message.expires_at is not None and message.expires_at <= now:
        return _give_up(message, "expired")
    if message.in_doubt and message.repeated:
        return _give_up(message, "in_doubt")
    _begin_try(message)
    return _try(message, now)


def waiting(*, now: datetime) -> Sequence[int]:
    """The messages that could leave and have not, for the sweep."""
    channels = [name for name in ("email", "sms") if is_connected(name)]
    query = select(OutgoingMessage.id).where(OutgoingMessage.state == "waiting", OutgoingMessage.channel.in_(channels))
    return db.session.scalars(query.order_by(OutgoingMessage.id).limit(SWEEP)).all()


def reveal(*, actor: User, message: OutgoingMessage, reason: str) -> tuple[str, str, str]:
    """Address, subject and text of a message that has not been sent, on record (GD-13). Raises Refusal without a reason."""
    if reason not in REASONS:
        raise Refusal("reveal_needs_a_reason", "GD-13")
    if message.facts is None:
        raise Refusal("message_is_sent")
    audit.record("message.revealed", message, actor=actor, now=clock.now(), clause="GD-13", reason=reason)
    return (message.address, *compose(message))


def send_again(*, actor: User, message: OutgoingMessage) -> OutgoingMessage:
    """Try a message that was given up once more. Raises Refusal when it is none."""
    changed = db.session.execute(
        update(OutgoingMessage)
        .where(OutgoingMessage.id == message.id, OutgoingMessage.state == "failed")
        .where(or_(OutgoingMessage.expires_at.is_(None), OutgoingMessage.expires_at > clock.now()))
        .values(state="waiting", failure=None, tries=0, repeated=False, runs=OutgoingMessage.runs + 1)
    )
    if not changed.rowcount:  # type: ignore[attr-defined]
        raise Refusal("message_stays")
    audit.record("message.sent_again", message, actor=actor, now=clock.now())
    jobs.enqueue_after_commit(jobs.SEND_MESSAGE, message.id)
    return message


def _alone(message_id: int) -> bool:
    """Whether nobody else is sending this message; until the transaction ends nobody else does."""
    key = func.hashtextextended(f"outgoing_message:{message_id}", 0)
    return bool(db.session.scalar(select(func.pg_try_advisory_xact_lock(key))))


def _begin_try(message: OutgoingMessage) -> None:
    """Commit, on a connection of its own, that a try begins: whoever finds it without an end knows that it was cut off."""
    begun = update(OutgoingMessage).where(OutgoingMessage.id == message.id)
    repeated = OutgoingMessage.repeated | OutgoingMessage.in_doubt
    with db.engine.begin() as connection:
        connection.execute(begun.values(tries=OutgoingMessage.tries + 1, in_doubt=True, repeated=repeated))
    db.session.refresh(message)


def _try(message: OutgoingMessage, now: datetime) -> bool:
    try:
        _hand_over(message)
    except mail.Refused:
        return _give_up(message, "refused")
    except sms.Unanswered:
        return _give_up(message, "in_doubt") if message.repeated else False
    except mail.Unreachable:
        message.in_doubt = False
        return message.tries >= MOST_TRIES and _give_up(message, "unreachable")
    message.state, message.sent_at, message.facts, message.in_doubt = "sent", now, None, False
    return True


def _hand_over(message: OutgoingMessage) -> None:
    settings: Any = current_app.extensions["settings"]
    subject, text = compose(message)
    if message.channel == "sms":
        key = crypto.fingerprint("outgoing_message", f"{message.id}:{message.runs}").hex()
        sms.send_text(settings, phone=message.address, text=text, key=key)
    else:
        mail.send_mail(settings, to=message.address, subject=subject, text=text)


def _give_up(message: OutgoingMessage, failure: str) -> bool:
    message.state, message.failure, message.in_doubt = "failed", failure, False
    return True
