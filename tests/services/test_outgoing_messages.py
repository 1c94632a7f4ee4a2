"""Messages that leave the portal: by a real mail server, or not at all and said so."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from flask import Flask

from portal import clock
from portal.models import HistoryEntry, OutgoingMessage, db
from portal.rules.refusal import Refusal
from portal.services import outgoing_messages
from tests import leaving
from tests.fixtures import People
from tests.leaving import send
from tests.servers import PATIENCE_SECONDS


class Box:
    """What a mail server took, or how it answers instead."""

    def __init__(self) -> None:
        self.taken: list[Any] = []
        self.says: str | None = None

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if self.says is None:
            envelope.rcpt_tos.append(address)
        return self.says or "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.taken.append(envelope)
        return "250 OK"


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def connect(app: Flask, monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    settings = app.extensions["settings"]
    there = {"mail_host": "127.0.0.1", "mail_port": port, "mail_security": "none", "mail_from": "portal@example.cn"}
    monkeypatch.setitem(app.extensions, "settings", settings.model_copy(update=there))


@pytest.fixture
def box(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Box]:
    """A mail server on a port of its own, and the portal connected to it."""
    box = Box()
    server = Controller(box, hostname="127.0.0.1", port=free_port(), ready_timeout=PATIENCE_SECONDS)
    server.start()
    connect(app, monkeypatch, server.port)
    yield box
    server.stop()


def write(channel: str = "email", address: str = "chen@example.cn", **more: Any) -> OutgoingMessage:
    return leaving.write(channel, address, "https://example.cn/apply/status", **more)


def test_it_is_sent_once_and_then_forgotten(session: Any, box: Box) -> None:
    message = write()
    assert send(message) and send(message)
    assert (message.state, message.facts) == ("sent", None)
    assert [envelope.rcpt_tos for envelope in box.taken] == [["chen@example.cn"]]
    assert "A-2604-1" in str(box.taken[0].content) or b"A-2604-1" in box.taken[0].content


def test_without_a_mail_server_it_waits(session: Any) -> None:
    message = write()
    assert send(message)
    assert (message.state, message.tries) == ("waiting", 0)
    assert outgoing_messages.waiting(now=clock.now()) == []


def test_a_text_message_waits_even_with_a_mail_server(session: Any, box: Box) -> None:
    message = write(channel="sms", address="+8613800001234")
    send(message)
    assert message.state == "waiting" and box.taken == []


def test_an_address_that_is_refused_is_given_up(session: Any, box: Box) -> None:
    box.says = "550 no such user"
    message = write()
    assert send(message)
    assert (message.state, message.failure) == ("failed", "refused")


def test_a_mail_server_that_is_away_is_tried_five_times(
    session: Any, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect(app, monkeypatch, free_port())
    message = write()
    assert [send(message) for _ in range(5)] == [False, False, False, False, True]
    assert (message.state, message.failure) == ("failed", "unreachable")


def test_what_is_of_no_use_any_more_is_not_sent(session: Any, box: Box) -> None:
    message = write(expires_at=clock.now() - timedelta(seconds=1))
    send(message)
    assert (message.state, message.failure, box.taken) == ("failed", "expired", [])


def test_what_was_given_up_can_be_sent_again(session: Any, people: People, box: Box) -> None:
    box.says = "550 no such user"
    message = write()
    send(message)
    box.says = None
    outgoing_messages.send_again(actor=people.get("ada"), message=message)
    db.session.commit()
    db.session.refresh(message)
    assert send(message) and message.state == "sent"
    with pytest.raises(Refusal, match="message_stays"):
        outgoing_messages.send_again(actor=people.get("ada"), message=message)


def test_reading_one_that_waits_is_on_record(session: Any, people: People) -> None:
    message = write()
    with pytest.raises(Refusal, match="reveal_needs_a_reason"):
        outgoing_messages.reveal(actor=people.get("ada"), message=message, reason="")
    address, subject, text = outgoing_messages.reveal(actor=people.get("ada"), message=message, reason="pass_on")
    assert address == "chen@example.cn" and "A-2604-1" in subject and "https://example.cn/apply/status" in text
    entry = db.session.query(HistoryEntry).filter_by(verb="message.revealed").one()
    assert entry.facts == {"reason": "pass_on"}


def test_words_have_the_facts_that_they_need(session: Any) -> None:
    with pytest.raises(ValueError, match="code_apply"):
        outgoing_messages.write(
            kind="code_apply", channel="email", address="x@example.cn", locale="en", facts={}, now=clock.now()
        )
