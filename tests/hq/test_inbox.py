"""What waits at headquarters: everybody sees what is theirs to decide, soonest due first, page behind page."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal import clock
from portal.models import Application, Complaint, Extension, db
from portal.queries import inbox
from portal.queries.applications import waits_for
from portal.services import application_decisions, application_reviews, complaints, contract_reviews, exits
from portal.services.complaints import Statement
from tests.applying import examine, reach
from tests.contracting import draft, drafted, open_to_sign, template
from tests.fixtures import People
from tests.pages import assert_page

Browse = Callable[..., FlaskClient]
Asked = Callable[..., str]


def sees(people: People, who: str, shown: str = "all") -> list[tuple[str, str, int]]:
    """What the inbox of a person holds, in its order."""
    page = inbox.page_of(people.get(who), shown, clock.now())
    return [(item.kind, item.step, item.number) for item in page.items]


def complain(people: People) -> int:
    said = Statement(about="staff", facts="前台让我等了一个小时", name="周女士", phone="+8613800000001")
    made = complaints.receive(
        actor=people.get("kit"), channel="phone", statement=said, submission_key="00000000-0000-4000-8000-000000000001"
    )
    return made.complaint.id


def test_an_application_waits_for_whoever_does_its_next_step(session: object, people: People) -> None:
    """Step by step; the reviewer of an application signs nothing of it."""
    steps = {"applied": "take_up", "in_review": "review", "surveyed": "confirm"}
    for state, step in steps.items():
        number = reach(people, state).id
        assert ("application", step, number) in sees(people, "hua"), state
    examined = reach(people, "examined")
    assert sees(people, "dan") == [("application", "sign", examined.id)] and sees(people, "gia") == []
    application_decisions.sign(actor=people.get("dan"), application=examined, approved=True, reason="同意")
    db.session.commit()
    assert sees(people, "dan") == [] and sees(people, "gia") == [("application", "sign", examined.id)]


def test_a_member_scores_and_a_department_speaks_once(session: object, people: People) -> None:
    application = reach(people, "surveyed")
    assert sees(people, "fin") == [("application", "opinion", application.id)]
    application_reviews.name_group(
        actor=people.get("hua"), application=application, members=[people.get("kit"), people.get("fin")]
    )
    db.session.commit()
    assert sees(people, "fin") == [("application", "score", application.id)]
    examine(people, application)
    db.session.commit()
    assert sees(people, "fin") == sees(people, "kit") == []


def test_the_list_of_applications_marks_what_the_inbox_holds(session: object, people: People) -> None:
    """The mark "waits for you" and the inbox agree for everybody about every state."""
    for state in ("applied", "in_review", "surveyed", "examined"):
        reach(people, state)
    db.session.commit()
    for who in ("hua", "kit", "fin", "dan", "gia", "leo", "ada"):
        user = people.get(who)
        marked = {one.id for one in db.session.query(Application) if waits_for(one, user)}
        assert {number for kind, _step, number in sees(people, who) if kind == "application"} == marked, who


def test_a_contract_waits_for_legal_and_then_for_whoever_signs(session: object, people: People) -> None:
    template(people)
    contract = drafted(people)
    contract_reviews.submit_contract(actor=people.get("hua"), contract=contract)
    db.session.commit()
    assert sees(people, "leo") == [("contract", "review", contract.id)]
    assert sees(people, "hua") == sees(people, "gia") == []
    contract_reviews.review_contract(actor=people.get("leo"), contract=contract, passed=True, remarks="")
    db.session.commit()
    assert sees(people, "leo") == []
    assert sees(people, "hua") == sees(people, "gia") == [("contract", "sign", contract.id)]


def test_exits_and_complaints_wait_too(session: object, people: People) -> None:
    last = (clock.now() + timedelta(days=40)).date()
    ending = exits.ask_exit(actor=people.get("olga"), reason="转做其他业务", last_day=last).id
    number = complain(people)
    complaints.accept(
        actor=people.get("kit"),
        complaint=db.session.get_one(Complaint, number),
        gravity="ordinary",
    )
    db.session.commit()
    assert sees(people, "hua") == [("exit", "asked", ending)]
    assert sees(people, "kit") == [("complaint", "accepted", number)]


def test_nobody_confirms_the_termination_that_they_proposed(session: object, people: People) -> None:
    exits.propose_termination(
        actor=people.get("hua"), distributor=people.distributor(), clause="DM-12.2", reason="长期没有业务"
    )
    db.session.commit()
    assert sees(people, "hua") == []


def test_the_soonest_due_leads_whatever_it_is(app: Flask, people: People, asked: Asked) -> None:
    overdue, later = asked(days=50, name="超期"), asked(days=20, name="后到")
    with app.app_context():
        application = reach(people, "applied").id
        numbers = {one.reference: one.id for one in db.session.query(Extension)}
        found = [(kind, number) for kind, _step, number in sees(people, "hua")]
        assert found == [
            ("extension", numbers[overdue]),
            ("application", application),
            ("extension", numbers[later]),
        ]
        assert sees(people, "hua", "overdue") == [("extension", "without_opinion", numbers[overdue])]
        assert [kind for kind, _step, _number in sees(people, "hua", "application")] == ["application"]
        assert len(sees(people, "hua", "without_opinion")) == 2 and sees(people, "hua", "with_opinion") == []


def test_pages_follow_each_other_without_a_gap_or_a_repetition(
    session: object, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Things that began to wait at the same instant are told apart by kind and number."""
    monkeypatch.setattr(inbox, "PAGE", 2)
    with clock.set_to(clock.now()):
        for _ in range(3):
            reach(people, "applied")
        open_to_sign(people, drafted(people, "甲渠道", draft()))
        open_to_sign(people, drafted(people, "乙渠道", draft()))
        db.session.commit()
        user, seen, after = people.get("hua"), [], None
        while True:
            page = inbox.page_of(user, "all", clock.now(), after)
            seen += [(item.kind, item.number) for item in page.items]
            after = page.next_key
            if after is None:
                break
    assert len(seen) == len(set(seen)) == 5
    assert {kind for kind, _number in seen} == {"application", "contract"}


def test_the_page_leads_to_where_each_thing_is_decided(app: Flask, people: People, browse: Browse) -> None:
    with app.app_context():
        application = reach(people, "examined").reference
        contract = drafted(people)
        contract_reviews.submit_contract(actor=people.get("hua"), contract=contract)
        db.session.commit()
        paper = contract.reference
    dan, leo = assert_page(browse("dan").get("/hq/inbox")), assert_page(browse("leo").get("/hq/inbox"))
    assert f'href="/hq/applications/{application}"' in dan and paper not in dan
    assert f'href="/hq/contracts/{paper}"' in leo and application not in leo
    assert browse("dan").get(f"/hq/applications/{application}").status_code == 200
    assert browse("leo").get(f"/hq/contracts/{paper}").status_code == 200


def test_the_pager_carries_a_key_that_tells_nothing(
    app: Flask, people: People, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "PAGE", 1)
    with app.app_context():
        first, second = (reach(people, "applied").reference for _ in range(2))
    html = assert_page(browse("hua").get("/hq/inbox"))
    key = re.search(r"after=([^\"&]+)", html)
    assert key is not None and first in html and second not in html
    html = assert_page(browse("hua").get(f"/hq/inbox?after={key.group(1)}"))
    assert second in html and first not in html


@pytest.mark.parametrize("who", ["ana", "olga", "rui", "bo", "cai", "lin", "ada", "aud", "sid"])
def test_who_decides_nothing_at_headquarters_has_no_inbox_there(browse: Browse, people: People, who: str) -> None:
    assert browse(who).get("/hq/inbox").status_code == 403


def test_numbers_stop_at_a_hundred(session: object, people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "MOST", 2)
    for _ in range(3):
        reach(people, "applied")
    assert sum(one.number for one in inbox.waiting(people.get("hua"), clock.now())) == 2
