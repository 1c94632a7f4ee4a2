"""Text messages that leave the portal: by a real gateway, once, and without a number or a text where it does not belong."""

from __future__ import annotations

import json
import logging
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import pytest
from flask import Flask
from pydantic import SecretStr

from portal import doctor
from portal.models import OutgoingMessage, db
from portal.services import outgoing_messages
from tests import leaving
from tests.fixtures import People
from tests.leaving import send
from worker.jobs.outgoing_messages import send_message

PHONE = "+8613800001234"
LINK = "https://example.cn/apply/status"


class Gateway:
    """What a gateway took, and how it answers."""

    def __init__(self) -> None:
        self.taken: list[tuple[dict[str, str], dict[str, Any]]] = []
        self.status = 200
        self.answer = b'{"code": 0}'
        self.hangs_up = False

    def handler(self) -> type[BaseHTTPRequestHandler]:
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                is_form = "form" in self.headers["Content-Type"]
                fields = {name: values[0] for name, values in parse_qs(body).items()} if is_form else json.loads(body)
                gateway.taken.append((dict(self.headers), fields))
                if gateway.hangs_up:
                    self.connection.shutdown(socket.SHUT_RDWR)
                    return
                self.send_response(gateway.status)
                self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", str(len(gateway.answer)))
                self.end_headers()
                self.wfile.write(gateway.answer)

            def log_message(self, format: str, *args: Any) -> None:
                """The test's server keeps its peace."""

        return Handler


def change(app: Flask, monkeypatch: pytest.MonkeyPatch, **values: Any) -> None:
    settings = app.extensions["settings"]
    monkeypatch.setitem(app.extensions, "settings", settings.model_copy(update=values))


@pytest.fixture
def gateway(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gateway]:
    """A gateway on a port of its own, and the portal connected to it."""
    gateway = Gateway()
    with ThreadingHTTPServer(("127.0.0.1", 0), gateway.handler()) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        change(app, monkeypatch, sms_url=f"http://127.0.0.1:{server.server_address[1]}/v1/send?app=7")
        yield gateway
        server.shutdown()
        thread.join()


write = partial(leaving.write, "sms", PHONE, LINK)


def test_it_is_sent_once_and_then_forgotten(session: Any, gateway: Gateway) -> None:
    message = write()
    assert send(message) and send(message)
    assert (message.state, message.facts, message.in_doubt) == ("sent", None, False)
    [(headers, fields)] = gateway.taken
    assert fields["phone"] == PHONE and "A-2604-1" in fields["text"] and LINK in fields["text"]
    assert "Authorization" not in headers and len(headers["Idempotency-Key"]) >= 32


def test_it_speaks_as_the_gateway_wants(
    session: Any, app: Flask, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(
        app,
        monkeypatch,
        sms_authorization=SecretStr("Bearer a-secret"),
        sms_encoding="form",
        sms_phone_field="mobile",
        sms_text_field="content",
        sms_phone_format="national",
        sms_fields={"account": SecretStr("jd")},
        sms_signature="界定",
        sms_accepted="code=0",
    )
    message = write()
    send(message)
    [(headers, fields)] = gateway.taken
    assert message.state == "sent" and headers["Authorization"] == "Bearer a-secret"
    assert (fields["mobile"], fields["account"]) == ("13800001234", "jd") and fields["content"].startswith("【界定】")


@pytest.mark.parametrize(("status", "answer"), [(400, b""), (422, b"{}"), (200, b'{"code": 17}'), (200, b"[]")])
def test_what_the_gateway_will_not_take_is_given_up(
    session: Any, app: Flask, gateway: Gateway, monkeypatch: pytest.MonkeyPatch, status: int, answer: bytes
) -> None:
    change(app, monkeypatch, sms_accepted="code=0")
    gateway.status, gateway.answer = status, answer
    message = write()
    assert send(message)
    assert (message.state, message.failure, len(gateway.taken)) == ("failed", "refused", 1)


@pytest.mark.parametrize("status", [302, 401, 404, 429, 503])
def test_a_gateway_that_is_out_of_order_is_tried_five_times(session: Any, gateway: Gateway, status: int) -> None:
    gateway.status = status
    message = write()
    assert [send(message) for _ in range(5)] == [False, False, False, False, True]
    assert (message.state, message.failure, len(gateway.taken)) == ("failed", "unreachable", 5)


def test_a_gateway_that_is_away_is_tried_again(session: Any, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as unheard:
        unheard.bind(("127.0.0.1", 0))
        change(app, monkeypatch, sms_url=f"http://127.0.0.1:{unheard.getsockname()[1]}/")
        message = write()
        assert not send(message)
    assert (message.state, message.tries, message.in_doubt) == ("waiting", 1, False)


@pytest.mark.parametrize("answer", ["hangs up", "speaks in riddles"])
def test_without_an_answer_it_is_tried_once_more_and_no_more(
    session: Any, app: Flask, gateway: Gateway, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    change(app, monkeypatch, sms_accepted="code=0")
    gateway.hangs_up, gateway.answer = answer == "hangs up", b"<html>"
    message = write()
    assert [send(message), send(message)] == [False, True]
    assert (message.state, message.failure, len(gateway.taken)) == ("failed", "in_doubt", 2)
    first, second = (headers["Idempotency-Key"] for headers, _fields in gateway.taken)
    assert first == second


def test_a_worker_killed_before_it_noted_the_end_sends_once_more_at_most(session: Any, gateway: Gateway) -> None:
    message = write()
    for _ in range(2):
        outgoing_messages.send(message_id=message.id)
        db.session.rollback()
    assert send(message)
    assert (message.state, message.failure, len(gateway.taken)) == ("failed", "in_doubt", 2)


def test_killed_once_it_is_sent_after_all(session: Any, gateway: Gateway) -> None:
    message = write()
    outgoing_messages.send(message_id=message.id)
    db.session.rollback()
    assert send(message)
    assert (message.state, message.tries, len(gateway.taken)) == ("sent", 2, 2)


def test_sent_again_by_a_person_it_is_a_new_message_for_the_gateway(
    session: Any, people: People, gateway: Gateway
) -> None:
    gateway.status = 400
    message = write()
    send(message)
    gateway.status = 200
    outgoing_messages.send_again(actor=people.get("ada"), message=message)
    db.session.commit()
    assert send(message) and message.state == "sent"
    first, second = (headers["Idempotency-Key"] for headers, _fields in gateway.taken)
    assert first != second


def test_four_workers_send_it_once(session: Any, app: Flask, gateway: Gateway) -> None:
    number = write().id

    def work(_place: int) -> None:
        with app.app_context():
            send_message(number)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    assert len(gateway.taken) == 1
    assert db.session.get_one(OutgoingMessage, number, populate_existing=True).state == "sent"


def test_no_number_and_no_text_in_logs_and_failures(
    session: Any, gateway: Gateway, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    gateway.status = 503
    message = write()
    with pytest.raises(Exception) as failure:
        send_message(message.id)
    told = caplog.text + repr(failure.value) + str(failure.value.__cause__)
    assert not [word for word in ("13800001234", "A-2604-1", "example.cn") if word in told]


def test_the_doctor_knocks_without_sending(app: Flask, session: Any, gateway: Gateway) -> None:
    assert doctor.text_gateway() == "127.0.0.1 can be reached"
    assert gateway.taken == []


def test_the_doctor_says_that_the_gateway_is_away(app: Flask, session: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "待发消息" in doctor.text_gateway()
    with socket.socket() as unheard:
        unheard.bind(("127.0.0.1", 0))
        change(app, monkeypatch, sms_url=f"http://127.0.0.1:{unheard.getsockname()[1]}/")
        assert not doctor.make("text messages", doctor.text_gateway).is_well
