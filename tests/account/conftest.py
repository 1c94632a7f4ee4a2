"""Here people come in through the sign-in page itself, with their password."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.fixtures import People
from tests.send import try_to_sign_in


@pytest.fixture
def browse(app: Flask, people: People) -> Callable[..., FlaskClient]:
    """``browse("ana")`` is a browser in which Ana has signed in; ``browse()`` one in which nobody has."""

    def open_browser(name: str | None = None) -> FlaskClient:
        client = app.test_client()
        if name is not None:
            answer = try_to_sign_in(client, name)
            assert answer.status_code == 303, answer.get_data(as_text=True)[:2000]
        return client

    return open_browser
