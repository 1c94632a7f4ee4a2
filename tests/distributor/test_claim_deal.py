"""A distributor claims the deal of a customer it filed: the button while the window runs, the receipt, evidence, refusals."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal import clock
from portal.models import Claim, Distributor, Registration, db
from portal.rules.claims import LATE_FLAG
from portal.services import rulings
from tests.distributor.claiming import BUYER, SAID, buy, picture, send_claim
from tests.distributor.conftest import words_of
from tests.fixtures import csrf_of


@pytest.fixture
def sold(app, stage) -> dict[str, str]:
    """The buyer paid a deposit a minute ago."""
    return sell(app, stage, timedelta(minutes=1))


def sell(app, stage, ago: timedelta) -> dict[str, str]:
    """Ana filed the buyer, who paid a deposit so long ago: the customer's page and that of the claim."""
    with app.app_context():
        now = clock.now()
        with clock.set_to(now - ago - timedelta(days=1)):
            registration = stage.file(customer=BUYER)
        with clock.set_to(now - ago):
            event = buy(stage)
        db.session.commit()
        customer = f"/distributor/customers/{registration.reference}"
        return {"customer": customer, "claim": f"{customer}/claims/{event.reference}", "event": event.reference}


def test_the_customers_page_and_the_first_page_offer_the_claim_with_its_time(browse, sold) -> None:
    ana = browse("ana")
    page = words_of(ana.get(sold["customer"]))
    offered = page.split("您可以", 1)[1].split("现在不能", 1)[0]
    assert "提出撞单申请" in offered and "还剩 3 天" in offered and "23:59" in offered and "RE-8.1" in offered
    home = words_of(ana.get("/distributor/"))
    assert "林书航" in home and "还剩 3 天" in home and "提出撞单申请" in home


def test_a_claim_leads_to_its_receipt(app, browse, sold) -> None:
    ana = browse("ana")
    answer = send_claim(ana, sold["claim"], evidence=[picture(), picture("b.png")])
    assert answer.status_code == 303
    receipt = words_of(ana.get(answer.headers["Location"]))
    assert "已收到撞单申请" in receipt and SAID in receipt and "凭证.jpg" in receipt and "RE-8.3" in receipt
    with app.app_context():
        claim = db.session.scalars(select(Claim)).one()
        assert claim.reference in receipt and (claim.state, claim.flags) == ("open", [])
        assert claim.registration_id is not None and claim.event_id is not None
    assert "查看撞单申请" in words_of(ana.get(sold["customer"]))
    assert claim.reference in words_of(ana.get("/distributor/claims"))
    assert "提出撞单申请" not in words_of(ana.get("/distributor/"))


def test_the_button_pressed_twice_makes_one_claim_of_one_statement(app, browse, sold) -> None:
    ana = browse("ana")
    answers = [send_claim(ana, sold["claim"], submission_key="twice") for _ in range(2)]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    with app.app_context():
        assert db.session.scalars(select(Claim)).one().statement == SAID


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"statement": ""}, "请写明为什么"),
        ({"statement": "长" * 1001}, "最多 1000 个字符"),
        ({"statement": "<script>"}, "网页代码"),
        ({"evidence": (picture()[0], "")}, None),
    ],
)
def test_a_bad_claim_is_answered_with_a_sentence(app, browse, sold, changes, says) -> None:
    answer = send_claim(browse("ana"), sold["claim"], **changes)
    assert answer.status_code == (303 if says is None else 422)
    if says:
        assert says in words_of(answer)
        with app.app_context():
            assert db.session.scalars(select(Claim)).all() == []


def test_a_file_that_is_none_is_refused_and_what_was_typed_is_kept(app, browse, sold) -> None:
    from io import BytesIO

    answer = send_claim(browse("ana"), sold["claim"], evidence=(BytesIO(b"MZ not a picture"), "a.jpg"))
    assert answer.status_code == 422 and "只收" in words_of(answer) and SAID in answer.get_data(as_text=True)
    with app.app_context():
        assert db.session.scalars(select(Claim)).all() == []


@pytest.mark.parametrize(("name", "status"), [("ben", 404), ("abe", 404), ("bo", 403), ("hua", 403), ("cai", 403)])
def test_only_the_filer_and_its_owner_claim(app, browse, sold, name: str, status: int) -> None:
    client = browse(name)
    assert client.get(sold["claim"]).status_code == status
    token = csrf_of(client, "/me")
    assert client.post(sold["claim"], data={"statement": SAID, "csrf_token": token}).status_code == status
    with app.app_context():
        assert db.session.scalars(select(Claim)).all() == []


def test_an_owner_claims_for_a_broker_and_reads_all_claims_a_colleague_reads_none(browse, sold) -> None:
    receipt = send_claim(browse("ana"), sold["claim"]).headers["Location"]
    assert send_claim(browse("olga"), sold["claim"]).status_code == 303
    olga = browse("olga")
    assert olga.get(receipt).status_code == 200
    assert words_of(olga.get("/distributor/claims")).count("按登记申请") == 2
    assert browse("abe").get(receipt).status_code == 404


def test_the_third_day_is_accepted_and_says_that_it_is_noted(app, browse, stage) -> None:
    sold = sell(app, stage, timedelta(days=3))
    ana = browse("ana")
    answer = send_claim(ana, sold["claim"])
    assert "从严计算已经超期" in words_of(ana.get(answer.headers["Location"]))
    with app.app_context():
        assert db.session.scalars(select(Claim)).one().flags == [LATE_FLAG]


def test_after_the_window_the_customers_page_and_the_form_say_why_not(app, browse, stage) -> None:
    sold = sell(app, stage, timedelta(days=4))
    ana = browse("ana")
    refused = words_of(ana.get(sold["customer"])).split("现在不能", 1)[1]
    assert "提出撞单申请" in refused and "RE-8.2" in refused
    assert "提出撞单申请" not in words_of(ana.get("/distributor/"))
    page = ana.get(sold["claim"])
    assert "RE-8.2" in words_of(page) and 'name="statement"' not in page.get_data(as_text=True)
    answer = send_claim(ana, sold["claim"])
    assert answer.status_code == 409 and "RE-8.2" in words_of(answer) and SAID in words_of(answer)


def test_a_distributor_that_may_not_act_reads_who_before_when(app, browse, sold) -> None:
    ana = browse("ana")
    with app.app_context():
        db.session.execute(db.update(Distributor).values(status="suspended"))
        db.session.commit()
    assert "DM-12.1" in words_of(ana.get(sold["customer"])).split("现在不能", 1)[1]
    answer = send_claim(ana, sold["claim"])
    assert answer.status_code == 409 and "DM-12.1" in words_of(answer)


def test_whoever_has_left_claims_nothing(app, browse, sold) -> None:
    ana = browse("ana")
    token = csrf_of(ana, sold["claim"])
    with app.app_context():
        db.session.execute(db.update(Distributor).values(status="exited"))
        db.session.commit()
    answer = ana.post(sold["claim"], data={"statement": SAID, "csrf_token": token})
    assert answer.status_code == 403 and "DM-12.5" in words_of(answer)
    with app.app_context():
        assert db.session.query(Claim).count() == 0


def test_who_filed_somebody_else_sees_no_sign_of_the_deal(app, browse, stage, sold) -> None:
    with app.app_context():
        other = stage.file("ben").reference
        db.session.commit()
    ben = browse("ben")
    for page in (f"/distributor/customers/{other}", "/distributor/", "/distributor/claims", "/distributor/rulings"):
        words = words_of(ben.get(page))
        assert "提出撞单申请" not in words and "认筹" not in words.replace("客户认筹、认购或签约后三天内", "")
    assert ben.get(f"/distributor/customers/{other}/claims/{sold['event']}").status_code == 404
    assert ben.get("/distributor/claims/YQ-C2611-ABCDEF").status_code == 404


def test_evidence_is_added_while_the_claim_is_open_and_not_afterwards(app, browse, stage, sold) -> None:
    ana = browse("ana")
    receipt = send_claim(ana, sold["claim"]).headers["Location"]
    add = {"evidence": picture("第二份.jpg"), "csrf_token": csrf_of(ana)}
    assert ana.post(f"{receipt}/evidence", data=add).status_code == 303
    assert "第二份.jpg" in words_of(ana.get(receipt))
    nothing = ana.post(f"{receipt}/evidence", data={"csrf_token": csrf_of(ana)})
    assert nothing.status_code == 422 and "请选择要交的" in words_of(nothing)
    with app.app_context():
        claim = db.session.scalars(select(Claim)).one()
        event = db.session.get_one(type(claim).event.property.mapper.class_, claim.event_id)
        deal = db.session.get_one(type(event).deal.property.mapper.class_, event.deal_id)
        db.session.refresh(deal, ["project", "events"])
        rulings.rule_deal(actor=stage.people.get("bo"), deal=deal, event=event)
        db.session.commit()
    late = ana.post(f"{receipt}/evidence", data={"evidence": picture(), "csrf_token": csrf_of(ana)})
    assert late.status_code == 409 and "不再收证据" in words_of(late)
    assert 'name="evidence"' not in ana.get(receipt).get_data(as_text=True)


def test_after_the_ruling_the_claim_leads_to_it(app, browse, stage, sold) -> None:
    ana = browse("ana")
    receipt = send_claim(ana, sold["claim"]).headers["Location"]
    with app.app_context():
        registration = db.session.scalars(select(Registration)).one()
        event = db.session.scalars(select(Claim)).one().event_id
        from portal.models import Deal, DealEvent

        found = db.session.get_one(DealEvent, event)
        deal = db.session.get_one(Deal, found.deal_id)
        db.session.refresh(deal, ["project", "events"])
        ruling = rulings.rule_deal(actor=stage.people.get("bo"), deal=deal, event=found)
        party = ruling.parties[0].reference
        assert ruling.parties[0].registration_id == registration.id
        db.session.commit()
    assert party in ana.get(receipt).get_data(as_text=True)
    page = words_of(ana.get(f"/distributor/rulings/{party}"))
    assert "归属裁定书正在生成" in page and "裁定书 PDF" not in page
    assert "成交不归属贵司" in page and "RE-8.3" in page and "3-1702" not in page
    assert "林书航" in words_of(ana.get("/distributor/rulings"))
    for rival in ("ben", "abe"):
        assert browse(rival).get(f"/distributor/rulings/{party}").status_code == 404
        assert party not in browse(rival).get("/distributor/rulings").get_data(as_text=True)
