"""A claim by a typed number is answered the same whether the number bought, whether in time, whoever else claims (RE-8.1)."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import select

from portal import clock
from portal.models import Claim, Deal, DealEvent, Notice, db
from portal.services import claim_notices, claims, rulings
from portal.services.customers import Customer
from tests.distributor.claiming import BUYER, BY_NUMBER, SAID, buy, picture, send_number
from tests.distributor.conftest import words_of
from tests.fixtures import csrf_of
from tests.likeness import assert_as_long, statements_of

_numbers = count(1)
ROUNDS = 20
ROOT = Path(__file__).parents[2]


@pytest.fixture
def numbers(app, stage) -> dict[str, str]:
    """One that bought just now, one whose window is over, one that Ben claims too, one that nobody has ever heard of."""
    found = {name: f"1666000{number:04}" for number, name in enumerate(("new", "old", "claimed", "unknown"), start=1)}
    with app.app_context():
        now = clock.now()
        with clock.set_to(now - timedelta(days=5)):
            filed = stage.file("ben", Customer(name="丙", phone=f"+86{found['claimed']}"))
            buy(stage, Customer(name="乙", phone=f"+86{found['old']}"))
        with clock.set_to(now - timedelta(minutes=1)):
            buy(stage, Customer(name="甲", phone=f"+86{found['new']}"))
            event = buy(stage, Customer(name="丙", phone=f"+86{found['claimed']}"))
            claims.claim_deal(
                actor=stage.people.get("ben"), event=event, project=stage.people.project(), registration=filed
            )
        db.session.commit()
    return found


def plain(page: str) -> str:
    """The page without number, reference, times and token."""
    for pattern in (
        r"YQ-C\d{4}-[0-9A-Z]{6}",
        r"166\*{4}\d{4}",
        r'name="csrf_token" value="[^"]*"',
        r'hx-headers="[^"]*"',
        r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(\+\d\d:\d\d)?",
        r"(\d\d-\d\d )?\d\d:\d\d",
        r"/files/[0-9a-f]{8}",
    ):
        page = re.sub(pattern, "·", page)
    return page


def test_a_number_that_fits_becomes_a_claim_on_its_latest_event_and_no_other_does(app, browse, numbers) -> None:
    ana = browse("ana")
    for number in numbers.values():
        assert send_number(ana, number).status_code == 303
    with app.app_context():
        made = db.session.scalars(select(Claim).where(Claim.typed.is_not(None)).order_by(Claim.id)).all()
        assert [claim.event_id is not None for claim in made] == [True, False, True, False]
        assert {claim.state for claim in made} == {"open"} and {claim.statement for claim in made} == {SAID}


def test_receipts_lists_and_redirects_are_the_same_before_and_after_the_answer(app, browse, stage, numbers) -> None:
    ana = browse("ana")
    answers = [send_number(ana, number, evidence=picture()) for number in numbers.values()]
    assert len({(answer.status_code, answer.data, plain(answer.headers["Location"])) for answer in answers}) == 1
    receipts = [answer.headers["Location"] for answer in answers]
    ana.get("/distributor/claims")  # the notices of all four are shown once
    assert len({plain(ana.get(receipt).get_data(as_text=True)) for receipt in receipts}) == 1
    with app.app_context():
        _rule_everything(stage)
        db.session.commit()
    pages = {plain(ana.get(receipt).get_data(as_text=True)) for receipt in receipts}
    assert len(pages) == 1 and "经核对" not in pages.pop()
    _come_due(app)
    for _ in range(2):
        pages = {plain(ana.get(receipt).get_data(as_text=True)) for receipt in receipts}
        assert len(pages) == 1 and "经核对，贵司在本项目没有这位客户的有效登记" in pages.pop()
        with app.app_context():
            claims.close_unfounded(clock.now())
            db.session.commit()
    rows = re.findall(r"<tr role=\"row\"><td.*?</tr>", ana.get("/distributor/claims").get_data(as_text=True), re.S)
    assert len(rows) == len(numbers) and len({plain(row) for row in rows}) == 1
    assert "裁定 YQ" not in words_of(ana.get("/distributor/rulings"))


def _come_due(app) -> None:
    """Let the answers to all claims by number be due."""
    with app.app_context():
        db.session.execute(db.update(Claim).values(answer_at=clock.now() - timedelta(seconds=1)))
        db.session.commit()


def _rule_everything(stage) -> None:
    for event in db.session.scalars(select(DealEvent)).all():
        deal = db.session.get_one(Deal, event.deal_id)
        db.session.refresh(deal, ["project", "events"])
        rulings.rule_deal(actor=stage.people.get("bo"), deal=deal, event=event)


def test_evidence_closes_for_all_at_the_same_time(app, browse, stage, numbers) -> None:
    ana = browse("ana")
    receipts = [send_number(ana, number).headers["Location"] for number in numbers.values()]
    with app.app_context():
        _rule_everything(stage)
        db.session.commit()
    for status in (303, 409):
        form = {"csrf_token": csrf_of(ana)}
        told = [ana.post(f"{one}/evidence", data=form | {"evidence": picture()}) for one in receipts]
        assert {answer.status_code for answer in told} == {status}
        _come_due(app)


def test_typing_the_same_customer_again_tells_nothing(app, browse, stage) -> None:
    with app.app_context():
        buy(stage, Customer(name="甲", phone=BUYER.phone, id_number="11010519491231002X"))
        db.session.commit()
    ana = browse("ana")
    typed = ("16600003391", "11010519491231002X", "16600003391", "16600009999", "16600009999")
    assert len({send_number(ana, number).headers["Location"] for number in typed}) == len(typed)


def test_the_same_statements_run_whether_it_fits_or_not(app, browse, numbers) -> None:
    ana = browse("ana")
    token = csrf_of(ana)
    ana.get(send_number(ana, "16677770000").headers["Location"])
    asked = []
    for number in numbers.values():
        with statements_of(app) as statements:
            receipt = send_number(ana, number, csrf_token=token).headers["Location"]
            ana.get(receipt)
        asked.append(statements)
    assert asked[0] == asked[1] == asked[2] == asked[3]


def test_a_number_that_fits_takes_as_long_as_one_that_does_not(app, browse, stage) -> None:
    ana = browse("ana")
    token = csrf_of(ana)

    def measure() -> tuple[list[float], list[float]]:
        fitting, others = [], []
        for _ in range(ROUNDS):
            number = f"1665500{next(_numbers):04}"
            with app.app_context():
                buy(stage, Customer(name="甲", phone=f"+86{number}"))
                db.session.commit()
            fitting.append(_timed(ana, number, token))
            others.append(_timed(ana, f"1665600{next(_numbers):04}", token))
        return fitting, others

    assert_as_long(measure, within=1.35)


def _timed(client, number: str, token: str) -> float:
    begun = time.perf_counter()
    answer = send_number(client, number, csrf_token=token)
    taken = time.perf_counter() - begun
    assert answer.status_code == 303
    return taken


def test_the_button_pressed_twice_makes_one_claim(app, browse, numbers) -> None:
    ana = browse("ana")
    for number in (numbers["new"], numbers["unknown"]):
        sent = [send_number(ana, number, submission_key="twice") for _ in range(2)]
        assert sent[0].headers["Location"] == sent[1].headers["Location"]


@pytest.mark.parametrize(
    ("number", "says"),
    [
        ("", "请填写完整的手机号或证件号"),
        ("166****3391", "号码有遮挡"),
        ("1660000339", "请核对位数"),
        ("110105194912310020", "校验位不对"),
        ("110105********002X", "号码有遮挡"),
        ("你好", "这不像手机号或证件号"),
    ],
)
def test_a_number_that_is_none_is_answered_with_a_sentence(app, browse, number, says) -> None:
    answer = send_number(browse("ana"), number)
    assert answer.status_code == 422 and says in words_of(answer) and SAID in answer.get_data(as_text=True)
    with app.app_context():
        assert db.session.scalars(select(Claim)).all() == []


def test_a_project_that_is_none_is_refused(browse) -> None:
    assert "没有这个项目" in words_of(send_number(browse("ana"), project="XX"))


@pytest.mark.parametrize("name", ["bo", "hua", "cai", "aud"])
def test_only_distributors_type_numbers(browse, name) -> None:
    client = browse(name)
    assert client.get(BY_NUMBER).status_code == 403
    assert client.post(BY_NUMBER, data={"csrf_token": csrf_of(client, "/me")}).status_code == 403


def test_a_rival_finds_no_claim_of_another(browse, numbers) -> None:
    receipt = send_number(browse("ana"), numbers["new"]).headers["Location"]
    for name in ("ben", "abe"):
        assert browse(name).get(receipt).status_code == 404
        assert words_of(browse(name).get("/distributor/claims")).count("号码 166") == 0


_SIX = """
from portal import create_app
from tests.distributor.claiming import BY_NUMBER, SAID, send_claim, send_number
from tests.fixtures import PASSWORD, csrf_of
app = create_app()
def signed_in(name):
    client = app.test_client()
    client.post("/sign-in", data={"login": name, "password": PASSWORD, "csrf_token": csrf_of(client)})
    return client
ana, ben = signed_in("ana"), signed_in("ben")
print(send_number(ana, "1").status_code)
told = [send_number(ana, f"1667700{number:04}") for number in range(6)]
page = told[-1].get_data(as_text=True)
print(*[answer.status_code for answer in told], "按号码提出的申请太多" in page, SAID in page)
print(send_number(ben, "16677009999").status_code)
"""


def test_the_sixth_number_of_an_hour_is_refused_in_words_and_nothing_typed_is_lost(people) -> None:
    """In a process of its own: the limiter is one for all applications of a process."""
    env = {**os.environ, "RATE_LIMITS": "true"}
    done = subprocess.run([sys.executable, "-c", _SIX], cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["422", *["303"] * 5, "429", "True", "True", "303"], done.stderr


def test_everybody_of_the_company_hears_that_there_is_an_answer_and_hears_it_once(app, browse, people, numbers) -> None:
    ana = browse("ana")
    for number in numbers.values():
        send_number(ana, number)
    _come_due(app)
    with app.app_context():
        assert claim_notices.tell_answers(clock.now()) == 8
        assert claim_notices.tell_answers(clock.now()) == 0
        db.session.commit()
        told = db.session.scalars(select(Notice).where(Notice.kind == "claim.answered")).all()
        assert {notice.user_id for notice in told} == {people.users["ana"], people.users["olga"]}
        assert {notice.clause for notice in told} == {"RE-8.4"}
    assert "已有答复" in words_of(ana.get("/notices"))


def test_one_that_was_filed_is_pointed_to_its_registration(app, browse, stage) -> None:
    with app.app_context():
        filed = stage.file(customer=BUYER).reference
        db.session.commit()
    ana = browse("ana")
    receipt = send_number(ana).headers["Location"]
    assert filed not in ana.get(receipt).get_data(as_text=True)
    _come_due(app)
    assert filed in ana.get(receipt).get_data(as_text=True) and "经核对" not in words_of(ana.get(receipt))


def test_a_stopped_distributor_types_in_vain(app, browse, people) -> None:
    ana = browse("ana")
    with app.app_context():
        people.distributor().status = "suspended"
        db.session.commit()
    answer = send_number(ana)
    assert answer.status_code == 409 and "DM-12.1" in words_of(answer) and SAID in answer.get_data(as_text=True)
