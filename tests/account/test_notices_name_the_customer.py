"""A broker reads whose registration a notice is about; a rival's customer is never named."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient

from portal import clock
from portal.models import Notice, db
from tests.fixtures import People, Stage
from tests.pages import assert_page

Browse = Callable[..., FlaskClient]


def _told(app: Flask, people: People, who: str) -> None:
    """``who`` reads of a first visit and of the filing, both of a customer that Ana filed."""
    with app.app_context(), clock.set_to(clock.now() - timedelta(hours=3)):
        stage = Stage(people)
        filed = stage.file(customer=stage.customer(name="水桂芳"))
        with clock.set_to(clock.now() + timedelta(hours=2)):
            visit = stage.arrive(filed)
        for kind, number in (("registrations", filed.id), ("visits", visit.id)):
            db.session.add(
                Notice(
                    user_id=people.users[who],
                    kind="registration.voided",
                    occasion=kind,
                    subject_type=kind,
                    subject_id=number,
                    facts={"reference": filed.reference},
                    created_at=clock.now(),
                )
            )
        db.session.commit()


def test_ones_own_customer_is_named(app: Flask, people: People, browse: Browse) -> None:
    _told(app, people, "ana")
    assert assert_page(browse("ana").get("/notices")).count("水桂芳 · ") == 2


def test_anothers_customer_is_not(app: Flask, people: People, browse: Browse) -> None:
    _told(app, people, "ben")
    assert "水桂芳" not in assert_page(browse("ben").get("/notices"))
