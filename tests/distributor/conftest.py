"""What the tests of the distributor's room share: a filing as it is typed, and ways to send it."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import count
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from portal.models import Registration, db
from tests.fixtures import csrf_of

NEW = "/distributor/filings/new"
_numbers = count(1)


def typed(**changes: Any) -> dict[str, Any]:
    """The fields of a good filing of a customer nobody has heard of, with ``changes``; None leaves a field out."""
    values = {
        "project": "YQ",
        "name": "黄维",
        "phone": f"139 0000 {next(_numbers):04}",
        "residence": "local",
        "buyer": "person",
        "declared": "y",
        "told": "y",
        "declaration_version": "1",
        "notice_version": "1",
        "submission_key": str(uuid4()),
    }
    return {name: value for name, value in (values | changes).items() if value is not None}


def send(client: FlaskClient, address: str = NEW, **changes: Any) -> Any:
    """Send a filing as the browser does."""
    return client.post(address, data=typed(**changes) | {"csrf_token": csrf_of(client)})


def reference_in(answer: Any) -> str:
    """The number in the address that the answer leads to."""
    assert answer.status_code == 303, words_of(answer)
    return re.search(r"/([A-Z0-9]+-[A-Z0-9]+-[A-Z0-9]+)", answer.headers["Location"])[1]  # type: ignore[index]


def words_of(answer: Any) -> str:
    """The text of a page without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)).split())


@pytest.fixture
def stored(app: Flask) -> Callable[[], int]:
    """How many registrations there are."""

    def number() -> int:
        with app.app_context():
            return int(db.session.scalar(select(func.count(Registration.id))) or 0)

    return number
