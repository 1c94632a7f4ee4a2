"""A form that is sent after the session has ended: nothing of what was typed is lost."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient

from portal.models import Registration, User, db
from tests.distributor.conftest import NEW, typed
from tests.fixtures import People, begin_session, csrf_of
from tests.pages import assert_page, form_values
from tests.send import send


def test_what_was_typed_is_given_back_and_can_be_sent_after_signing_in(
    app: Flask, browse: Callable[..., FlaskClient], people: People
) -> None:
    ana, form = browse("ana"), typed(name="黄维", phone="13900007711")
    token = csrf_of(ana)
    with app.app_context():
        db.session.get_one(User, people.users["ana"]).session_epoch += 1
        db.session.commit()
    html = assert_page(ana.post(NEW, data=form | {"csrf_token": token}), 401)
    kept = form_values(html, "phone")
    assert kept.items() >= form.items()
    assert 'href="/sign-in"' in html
    # In the other window.
    begin_session(ana, "ana")
    again = form_values(assert_page(ana.post(NEW, data=kept | {"csrf_token": "of the old session"}), 419), "phone")
    assert send(ana, NEW, **again).status_code == 303
    with app.app_context():
        assert db.session.query(Registration).count() == 1


def test_who_signed_out_meanwhile_is_asked_to_sign_in_and_keeps_the_form(browse: Callable[..., FlaskClient]) -> None:
    nobody = browse()
    kept = form_values(assert_page(send(nobody, NEW, "/sign-in", **typed(name="黄维")), 401), "phone")
    assert kept["name"] == "黄维"


def test_a_button_alone_leads_to_the_sign_in_page(browse: Callable[..., FlaskClient]) -> None:
    answer = send(browse(), "/sign-out", "/sign-in")
    assert (answer.status_code, answer.location) == (303, "/sign-in")
