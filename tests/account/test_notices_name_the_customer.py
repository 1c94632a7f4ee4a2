"""A broker reads whose registration a notice is about, headquarters which distributor; a rival's customer is never named."""

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


def test_headquarters_reads_which_distributor(app: Flask, people: People, browse: Browse) -> None:
    with app.app_context():
        for who in ("hua", "olga"):
            told = {"kind": "care.contact_missed", "facts": {"reference": "FX-1"}, "created_at": clock.now()}
            about = {"subject_type": "distributors", "subject_id": people.distributors["甲渠道"], "occasion": "x"}
            db.session.add(Notice(user_id=people.users[who], **told, **about))
        db.session.commit()
    assert "甲渠道 · FX-1" in assert_page(browse("hua").get("/notices"))
    assert "甲渠道 · " not in assert_page(browse("olga").get("/notices"))
