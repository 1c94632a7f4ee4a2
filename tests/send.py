"""Sending a form as a browser does: with the token of a page that the person has open."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.fixtures import ANY_PAGE, PASSWORD, csrf_of
from tests.pages import form_values


def send(client: FlaskClient, address: str, page: str = ANY_PAGE[0], /, **fields: Any) -> TestResponse:
    """POST ``fields`` to ``address``; another ``page`` than ANY_PAGE is opened first, for its form's token."""
    return client.post(address, data={**fields, "csrf_token": csrf_of(client, page)})


def send_read(client: FlaskClient, page: str, end: str = "", /, **fields: Any) -> TestResponse:
    """POST ``fields`` to ``page + end`` as its form on ``page`` does: with the mark of what the person has read there."""
    read = form_values(client.get(page).get_data(as_text=True), "seen", end)
    return send(client, page + end, seen=read["seen"], **fields)


def try_to_sign_in(
    client: FlaskClient, login: str, password: str = PASSWORD, address: str = "/sign-in"
) -> TestResponse:
    """One try at the sign-in page."""
    return send(client, address, "/sign-in", login=login, password=password)
