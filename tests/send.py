"""Sending a form as a browser does: with the token of a page that the person has open."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.fixtures import ANY_PAGE, PASSWORD, csrf_of


def send(client: FlaskClient, address: str, page: str = ANY_PAGE[0], /, **fields: Any) -> TestResponse:
    """POST ``fields`` to ``address``; another ``page`` than ANY_PAGE is opened first, for its form's token."""
    return client.post(address, data={**fields, "csrf_token": csrf_of(client, page)})


def try_to_sign_in(
    client: FlaskClient, login: str, password: str = PASSWORD, address: str = "/sign-in"
) -> TestResponse:
    """One try at the sign-in page."""
    return send(client, address, "/sign-in", login=login, password=password)
