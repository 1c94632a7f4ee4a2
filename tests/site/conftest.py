"""The site's people at work: browsers that post with their token, and visits brought to where a test begins."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image, ImageDraw

from portal import clock
from portal.models import Registration, RoleGrant, Visit, db
from tests.fixtures import People, Stage
from tests.pages import mark_on

#: Filed at nine in Hangzhou; a local customer may come from ten on.
NINE = datetime(2026, 4, 7, 1, 0, tzinfo=UTC)
ELEVEN = datetime(2026, 4, 7, 3, 0, tzinfo=UTC)
STROKES = [[[10, 60, 0], [60, 30, 40], [120, 80, 90], [200, 40, 160]]]


def picture(size: tuple[int, int] = (300, 120), *, inked: bool = True) -> str:
    """What the pad sends beside its strokes: a PNG as a data address."""
    image = Image.new("RGBA", size, (0, 0, 0, 0))
    if inked:
        ImageDraw.Draw(image).line([(10, 60), (120, 80), (200, 40)], fill=(20, 35, 58, 255), width=3)
    content = BytesIO()
    image.save(content, "PNG")
    return "data:image/png;base64," + base64.b64encode(content.getvalue()).decode()


def photo(kind: str = "JPEG", size: tuple[int, int] = (900, 1200), **options: Any) -> BytesIO:
    """A photographed slip."""
    content = BytesIO()
    Image.new("RGB", size, (240, 240, 235)).save(content, kind, **options)
    content.seek(0)
    return content


def mark_of(browser: Browser, visit: str) -> str:
    """The mark of what the page of the visit shows: ``""`` where nothing can be signed any more."""
    return mark_on(browser.get(f"/site/visits/{visit}").text)


def signature(who: str, **changes: Any) -> dict[str, str]:
    """What the form of a pad posts."""
    usual = {"who": who, "strokes": json.dumps(STROKES), "width": "300", "height": "120", "image": picture()}
    return {name: str(value) for name, value in (usual | changes).items()}


class Browser:
    """A signed-in person: ``get`` and ``post`` with the token of the session."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.token = ""

    def get(self, address: str, **options: Any) -> Any:
        return self.client.get(address, **options)

    def post(self, address: str, data: dict[str, Any] | None = None, **options: Any) -> Any:
        if not self.token:
            page = self.client.get("/me").get_data(as_text=True)
            self.token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]  # type: ignore[index]
        return self.client.post(address, data={"csrf_token": self.token} | (data or {}), **options)


@pytest.fixture
def at_work(browse: Callable[..., FlaskClient]) -> Callable[[str], Browser]:
    """``at_work("rui")``: Rui's browser."""
    return lambda name: Browser(browse(name))


@pytest.fixture
def in_app(app: Flask, people: People) -> Callable[..., Any]:
    """Run ``work(stage)`` in an app context of its own, at ``at`` when given, and commit."""

    def run(work: Callable[[Stage], Any], at: datetime | None = None) -> Any:
        with app.app_context():
            if at is None:
                found = work(Stage(people))
            else:
                with clock.set_to(at):
                    found = work(Stage(people))
            db.session.commit()
            return found

    return run


@pytest.fixture
def filed(in_app: Callable[..., Any]) -> Callable[..., str]:
    """The number of a filing of Ana's (or ``who``'s), made at nine unless ``at`` says otherwise."""

    def file(who: str = "ana", at: datetime = NINE, **circumstances: Any) -> str:
        return str(in_app(lambda stage: stage.file(who, **circumstances).reference, at))

    return file


@pytest.fixture
def visited(in_app: Callable[..., Any]) -> Callable[..., str]:
    """The number of a signed visit at eleven; ``complete=True``: audited, signed off and entered too."""

    def visit(who: str = "ana", complete: bool = False, at: datetime = ELEVEN, **circumstances: Any) -> str:
        def work(stage: Stage) -> str:
            with clock.set_to(NINE):
                registration = stage.file(who, **circumstances)
            signed = stage.sign(stage.arrive(registration))
            return str((stage.complete(signed) if complete else signed).reference)

        return str(in_app(work, at))

    return visit


@pytest.fixture
def next_door(in_app: Callable[..., Any]) -> None:
    """Sid holds every role of a site, but in the other project."""

    def work(stage: Stage) -> None:
        roles = ("reception", "consultant", "site_leader")
        grants = [RoleGrant(role=role, project_id=stage.people.other_project_id) for role in roles]
        sid = stage.people.get("sid")
        sid.grants.extend(grants)

    in_app(work)


@pytest.fixture
def at_eleven() -> Any:
    """It is eleven o'clock for everybody, the browsers included."""
    with clock.set_to(ELEVEN):
        yield ELEVEN


def the_visit(reference: str) -> Visit:
    """The visit with this number, read afresh; inside an app context."""
    return db.session.scalars(db.select(Visit).where(Visit.reference == reference)).one()


def the_registration(reference: str) -> Registration:
    """The registration with this number, read afresh; inside an app context."""
    return db.session.scalars(db.select(Registration).where(Registration.reference == reference)).one()


@pytest.fixture
def late(in_app: Any) -> Callable[..., str]:
    """The number of a visit twenty minutes after its filing, signed unless ``signed`` is False."""

    def make(signed: bool = True) -> str:
        def work(stage: Stage) -> str:
            with clock.set_to(ELEVEN - timedelta(minutes=20)):
                registration = stage.file()
            visit = stage.arrive(registration)
            return str((stage.sign(visit) if signed else visit).reference)

        return str(in_app(work, ELEVEN))

    return make
