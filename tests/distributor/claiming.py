"""What the tests of claims share: a buyer whom Ana and Ben filed, a deal of it, claims as they are typed and sent."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from uuid import uuid4

from flask.testing import FlaskClient
from PIL import Image

from portal.models import DealEvent
from portal.services import deals
from portal.services.customers import Customer
from portal.services.deals import NewEvent
from tests.fixtures import Stage, csrf_of

BUYER = Customer(name="林书航", phone="+8616600003391")
BY_NUMBER = "/distributor/claims/new"
SAID = "三月二日带看，前台王若楠接待"


def buy(stage: Stage, *buyers: Customer, kind: str = "deposit") -> DealEvent:
    """A deal event recorded by the consultant as it happens."""
    event = NewEvent(kind=kind, buyers=buyers or (BUYER,), unit="3-1702")
    return deals.open_deal(actor=stage.people.get("cai"), project=stage.people.project(), event=event)


def picture(name: str = "凭证.jpg") -> tuple[BytesIO, str]:
    """A small photograph as a browser sends it."""
    written = BytesIO()
    Image.new("RGB", (40, 30), "white").save(written, "JPEG")
    return BytesIO(written.getvalue()), name


def send_claim(client: FlaskClient, address: str, **changes: Any) -> Any:
    """Send a claim by registration as the browser does."""
    form = {"statement": SAID, "submission_key": str(uuid4())} | changes
    if "csrf_token" not in form:
        form["csrf_token"] = csrf_of(client)
    return client.post(address, data={name: value for name, value in form.items() if value is not None})


def send_number(client: FlaskClient, number: str = "16600003391", **changes: Any) -> Any:
    """Send a claim by number as the browser does."""
    return send_claim(client, BY_NUMBER, **({"project": "YQ", "number": number} | changes))
