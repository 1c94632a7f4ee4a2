"""The text message gateway of this installation: whether there is one, and handing it a message.

Any gateway that takes one HTTPS POST with the number and the text in two fields will do; redirects are not followed, so
that a number goes nowhere but to the address that is set. Nothing that leaves here names a number or a text.
"""

from __future__ import annotations

import http.client
import json
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import SplitResult, urlencode, urlsplit

from portal.config import Settings
from portal.mail import Refused, Unreachable
from portal.rules.customers import national_phone

#: Seconds for the gateway to connect, and to answer.
TIMEOUT = 20
#: Answers that are about the message itself; every other failure is the gateway's or its settings', and is tried again.
_ABOUT_THE_MESSAGE = frozenset({400, 413, 422})
_MOST_ANSWER = 65_536


class Unanswered(Unreachable):
    """The gateway was given the message and has not said what became of it."""


def is_configured(settings: Settings) -> bool:
    """Whether a gateway is set."""
    return settings.sms_url is not None


def send_text(settings: Settings, *, phone: str, text: str, key: str) -> None:
    """Hand one text for ``phone`` (E.164) to the gateway. Raises Refused, Unreachable, or Unanswered.

    ``key`` is the same for every try of one message: a gateway that knows Idempotency-Key sends it once.
    """
    body, headers = _request(settings, phone, text, key)
    with _connected(settings) as (connection, address):
        status, answer = _exchange(connection, _target(address), body, headers)
    if status in _ABOUT_THE_MESSAGE:
        raise Refused(f"answer {status}")
    if not 200 <= status < 300:
        raise Unreachable(f"answer {status}")
    _check_answer(settings, answer)


def knock(settings: Settings) -> str:
    """Connect, TLS included, and hang up; the gateway's host. Nothing is sent. Raises Unreachable."""
    with _connected(settings) as (_connection, address):
        return str(address.hostname)


def _request(settings: Settings, phone: str, text: str, key: str) -> tuple[bytes, dict[str, str]]:
    number = national_phone(phone) if settings.sms_phone_format == "national" else phone
    fixed = {name: value.get_secret_value() for name, value in settings.sms_fields.items()}
    signed = f"【{settings.sms_signature}】{text}" if settings.sms_signature else text
    fields = fixed | {settings.sms_phone_field: number, settings.sms_text_field: signed}
    headers = {"Accept": "application/json", "Idempotency-Key": key}
    if settings.sms_authorization is not None:
        headers["Authorization"] = settings.sms_authorization.get_secret_value()
    if settings.sms_encoding == "form":
        return urlencode(fields).encode(), headers | {
            "Content-Type": "application/x-www-form-urlencoded; charset=utf-8"
        }
    return json.dumps(fields, ensure_ascii=False).encode(), headers | {
        "Content-Type": "application/json; charset=utf-8"
    }


@contextmanager
def _connected(settings: Settings) -> Iterator[tuple[http.client.HTTPConnection, SplitResult]]:
    address = urlsplit(str(settings.sms_url))
    connection = _connection(address)
    try:
        connection.connect()
    except OSError as error:
        raise Unreachable(type(error).__name__) from None
    try:
        yield connection, address
    finally:
        connection.close()


def _connection(address: SplitResult) -> http.client.HTTPConnection:
    host = str(address.hostname)
    if address.scheme == "http":
        return http.client.HTTPConnection(host, address.port, timeout=TIMEOUT)
    return http.client.HTTPSConnection(host, address.port, timeout=TIMEOUT, context=ssl.create_default_context())


def _target(address: SplitResult) -> str:
    return (address.path or "/") + (f"?{address.query}" if address.query else "")


def _exchange(
    connection: http.client.HTTPConnection, target: str, body: bytes, headers: dict[str, str]
) -> tuple[int, bytes]:
    try:
        connection.request("POST", target, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read(_MOST_ANSWER)
    except (http.client.HTTPException, OSError) as error:
        raise Unanswered(type(error).__name__) from None


def _check_answer(settings: Settings, answer: bytes) -> None:
    """Many gateways answer 200 and say in the body whether they took the message."""
    if settings.sms_accepted is None:
        return
    field, _, wanted = settings.sms_accepted.partition("=")
    try:
        said: Any = json.loads(answer)
    except ValueError:
        raise Unanswered("unreadable answer") from None
    found = said.get(field) if isinstance(said, dict) else None
    if (found if isinstance(found, str) else json.dumps(found)) != wanted:
        raise Refused("not accepted")
