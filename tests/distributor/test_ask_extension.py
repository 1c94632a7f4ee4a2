"""A distributor asks for the bulk extension: in time, once, with a reason, and whoever decides is told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal import clock
from portal.models import Extension, Notice, Registration, db
from portal.services import classification
from tests.distributor.conftest import words_of
from tests.fixtures import csrf_of

REASON = "客户集团采购流程长，已看房三次"


@pytest.fixture
def bulk(app, stage) -> str:
    """The address of the application for a bulk customer of Ana's that is protected for five more days."""
    with app.app_context():
        reference = _bulk(stage, days=40)
        db.session.commit()
    return f"/distributor/customers/{reference}/extension"


def _bulk(stage, *, days: float, bulk: bool = True) -> str:
    now = clock.now()
    with clock.set_to(now - timedelta(days=days + 1)):
        registration = stage.file()
    with clock.set_to(now - timedelta(days=days)):
        stage.complete(stage.sign(stage.arrive(registration)))
        classification.classify(actor=stage.people.get("bo"), registration=registration, bulk=bulk, reason="整层")
    return registration.reference


def ask(client, address: str, reason: str = REASON):
    return client.post(address, data={"reason": reason, "csrf_token": csrf_of(client)})


def test_the_page_says_what_follows(browse, bulk) -> None:
    words = words_of(browse("ana").get(bulk))
    assert "现在保护至" in words and "同意后保护至" in words and "RE-2.12" in words and "申请延至" in words


def test_an_application_holds_the_customer_and_tells_the_deciders(app, browse, people, bulk) -> None:
    ana = browse("ana")
    answer = ask(ana, bulk)
    assert answer.status_code == 303
    with app.app_context():
        extension = db.session.scalars(select(Extension)).one()
        registration = db.session.get_one(Registration, extension.registration_id)
        told = set(db.session.scalars(select(Notice.user_id).where(Notice.kind == "extension.asked")))
        assert (extension.state, extension.reason) == ("pending", REASON)
        assert registration.pending_until is not None and registration.visit_ends_at < registration.pending_until
        assert told == {people.users["hua"], people.users["lin"]}
    words = words_of(ana.get(answer.headers["Location"]))
    assert "待渠道部决定" in words and "RE-2.12" in words.split("现在不能", 1)[1]


def test_the_form_sent_twice_asks_once(app, browse, bulk) -> None:
    ana = browse("ana")
    assert ask(ana, bulk).status_code == ask(ana, bulk).status_code == 303
    with app.app_context():
        assert len(db.session.scalars(select(Extension)).all()) == 1
        assert len(db.session.scalars(select(Notice).where(Notice.kind == "extension.asked")).all()) == 2


def test_a_second_application_is_refused_and_nothing_typed_is_lost(browse, bulk) -> None:
    ana = browse("ana")
    ask(ana, bulk)
    answer = ask(ana, bulk, "另一个理由")
    assert answer.status_code == 409
    assert "RE-2.12" in words_of(answer) and "另一个理由" in words_of(answer)


@pytest.mark.parametrize(
    ("reason", "says"),
    [
        ("", "请写明申请延期的理由"),
        ("   ", "请写明申请延期的理由"),
        ("长" * 501, "最多 500 个字符"),
        ("<script>alert(1)</script>", "网页代码"),
        ("求求了🙏", "打印不出来"),
        ("a\x00b", "控制字符"),
    ],
)
def test_a_bad_reason_is_answered_with_a_sentence(app, browse, bulk, reason: str, says: str) -> None:
    answer = ask(browse("ana"), bulk, reason)
    assert answer.status_code == 422 and says in words_of(answer)
    with app.app_context():
        assert db.session.scalars(select(Extension)).all() == []


@pytest.mark.parametrize(("days", "bulk_class", "clause"), [(60, True, "RE-2.11"), (10, False, "RE-2.11")])
def test_an_application_that_fails_says_why_before_and_after(app, browse, stage, days, bulk_class, clause) -> None:
    with app.app_context():
        address = f"/distributor/customers/{_bulk(stage, days=days, bulk=bulk_class)}/extension"
        db.session.commit()
    ana = browse("ana")
    page = ana.get(address)
    assert clause in words_of(page) and 'name="reason"' not in page.get_data(as_text=True)
    answer = ask(ana, address)
    assert answer.status_code == 409 and clause in words_of(answer) and REASON in words_of(answer)


def test_the_last_second_counts_and_the_next_does_not(app, people, stage) -> None:
    from portal.rules.refusal import Refusal
    from portal.services.extension_requests import request_extension

    with app.app_context():
        registrations = [
            db.session.scalars(select(Registration).where(Registration.reference == _bulk(stage, days=40))).one()
            for _ in range(2)
        ]
        ana = people.get("ana")
        with clock.set_to(registrations[0].visit_ends_at - timedelta(seconds=1)):
            assert request_extension(actor=ana, registration=registrations[0], reason="最后一秒").state == "pending"
        with clock.set_to(registrations[1].visit_ends_at), pytest.raises(Refusal) as refusal:
            request_extension(actor=ana, registration=registrations[1], reason="晚了一秒")
        assert refusal.value.clause == "RE-2.11"


@pytest.mark.parametrize(("name", "status"), [("ben", 404), ("abe", 404), ("bo", 403), ("hua", 403)])
def test_only_the_filer_and_its_owner_ask(app, browse, bulk, name: str, status: int) -> None:
    client = browse(name)
    token = csrf_of(client)
    answer = client.post(bulk, data={"reason": REASON, "csrf_token": token})
    assert answer.status_code == status
    with app.app_context():
        assert db.session.scalars(select(Extension)).all() == []


def test_an_owner_asks_for_a_brokers_customer(browse, bulk) -> None:
    assert ask(browse("olga"), bulk).status_code == 303
