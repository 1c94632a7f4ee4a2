"""Claims by those who know of the deal: the window to the second, who may claim, what a second claim is (RE-8.1, RE-8.2)."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from portal import clock
from portal.models import Claim, Distributor, db
from portal.rules.claims import LATE_FLAG
from portal.rules.refusal import Refusal
from portal.services import claims, deals, partnership, relations, rulings
from portal.services.claim_offers import claim_offers, claims_to_make
from portal.services.customers import Customer
from portal.services.deals import NewEvent

ZONE = ZoneInfo("Asia/Shanghai")
BUYER = Customer(name="林书航", phone="+8616600003391")


def at(text: str) -> datetime:
    """The project's wall clock as an instant."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def buy(stage, *buyers: Customer, kind: str = "deposit", deal=None):
    """A deal event recorded by the consultant as it happens."""
    event = NewEvent(kind=kind, buyers=buyers or (BUYER,), unit="3-1702")
    actor = stage.people.get("cai")
    if deal is not None:
        return deals.add_event(actor=actor, deal=deal, event=event)
    return deals.open_deal(actor=actor, project=stage.people.project(), event=event)


@pytest.fixture
def filed(session, stage):
    """Ana filed the buyer on 2 March."""
    with clock.set_to(at("2026-03-02 10:00:00")):
        return stage.file(customer=BUYER)


def claim(stage, event, who: str = "ana", **values):
    return claims.claim_deal(actor=stage.people.get(who), event=event, project=stage.people.project(), **values)


@pytest.mark.parametrize(
    ("moment", "flags"),
    [
        ("2026-03-20 11:00:00", []),
        ("2026-03-22 23:59:59", []),
        ("2026-03-23 00:00:00", [LATE_FLAG]),
        ("2026-03-23 23:59:59", [LATE_FLAG]),
        ("2026-03-24 00:00:00", None),
        ("2026-03-30 09:00:00", None),
    ],
)
def test_the_window_ends_with_the_third_day_and_the_third_day_is_flagged(stage, filed, moment, flags) -> None:
    with clock.set_to(at("2026-03-20 10:59:59")):
        event = buy(stage)
    with clock.set_to(at(moment)):
        offer = claim_offers(filed, stage.people.get("ana"), clock.now())[0]
        assert offer.ends_at == at("2026-03-24 00:00:00") and (offer.refusal is None) == (flags is not None)
        if flags is None:
            with pytest.raises(Refusal) as refusal:
                claim(stage, event)
            assert refusal.value.clause == offer.refusal.clause == "RE-8.2"
        else:
            assert claim(stage, event).flags == flags


def test_a_window_runs_over_the_end_of_a_month(stage, filed) -> None:
    with clock.set_to(at("2026-03-30 23:59:59")):
        event = buy(stage)
    with clock.set_to(at("2026-04-02 23:59:59")):
        assert claim(stage, event).flags == [LATE_FLAG]
    with clock.set_to(at("2026-04-03 00:00:00")), pytest.raises(Refusal):
        claim(stage, event)


def test_each_event_opens_its_own_window_and_the_online_signing_none(stage, filed) -> None:
    ana = stage.people.get("ana")
    with clock.set_to(at("2026-03-20 10:00:00")):
        deposit = buy(stage)
    with clock.set_to(at("2026-03-26 10:00:00")):
        assert claim_offers(filed, ana, clock.now())[0].refusal.clause == "RE-8.2"
        signing = buy(stage, kind="signing", deal=deposit.deal)
        offers = claim_offers(filed, ana, clock.now())
        assert [(offer.event.id, offer.refusal) for offer in offers] == [(signing.id, None)]
        online = buy(stage, kind="online_signing", deal=deposit.deal)
        assert [offer.event.id for offer in claim_offers(filed, ana, clock.now())] == [signing.id]
        with pytest.raises(Refusal) as refusal:
            claim(stage, online)
        assert refusal.value.clause == "RE-8.2"


def test_who_asks_comes_before_the_time(stage, filed) -> None:
    with clock.set_to(at("2026-03-20 10:00:00")):
        event = buy(stage)
    for status, clause in (("suspended", "DM-12.1"), ("blacklisted", "RE-5.4"), ("exited", "DM-12.6")):
        db.session.execute(db.update(Distributor).values(status=status))
        db.session.expire_all()
        for moment in ("2026-03-21 10:00:00", "2026-04-21 10:00:00"):
            with clock.set_to(at(moment)):
                with pytest.raises(Refusal) as refusal:
                    claim(stage, event)
                offer = claim_offers(filed, stage.people.get("ana"), clock.now())
                assert refusal.value.clause == offer[0].refusal.clause == clause


def test_an_ended_registration_still_has_standing(stage, filed) -> None:
    with clock.set_to(at("2026-07-20 10:00:00")):
        buy(stage)
        assert [offer.registration.id for offer in claims_to_make(stage.people.get("ana"), clock.now())] == [filed.id]


def test_filing_after_the_purchase_tells_nothing(stage, session) -> None:
    with clock.set_to(at("2026-03-20 10:00:00")):
        buy(stage)
    with clock.set_to(at("2026-03-20 10:00:01")):
        late = stage.file("ben", BUYER)
        assert claim_offers(late, stage.people.get("ben"), clock.now()) == []
        assert claims_to_make(stage.people.get("ben"), clock.now()) == []


def test_a_proven_relative_and_a_co_buyer_give_standing_and_an_unproven_one_none(stage, session) -> None:
    wife, husband, brother = (Customer(name=f"亲属{n}", phone=f"+861660000000{n}") for n in range(3))
    co_buyer = Customer(name="同购", phone="+8616600000009")
    with clock.set_to(at("2026-03-02 10:00:00")):
        of_husband, of_brother = stage.file(customer=husband), stage.file(customer=brother)
        of_co_buyer = stage.file("ben", co_buyer)
        bo, project = stage.people.get("bo"), stage.people.project()
        for relative, proven in ((husband, True), (brother, False)):
            relations.record_relation(actor=bo, project=project, one=relative, other=wife, kind="spouse", proven=proven)
    with clock.set_to(at("2026-03-20 10:00:00")):
        buy(stage, wife, co_buyer)
        ana, ben, now = stage.people.get("ana"), stage.people.get("ben"), clock.now()
        assert [len(claim_offers(one, ana, now)) for one in (of_husband, of_brother)] == [1, 0]
        assert len(claim_offers(of_co_buyer, ben, now)) == 1


def test_a_deal_of_ones_own_needs_no_claim(stage, session) -> None:
    with clock.set_to(at("2026-03-02 10:00:00")):
        registration = stage.file(customer=BUYER)
    with clock.set_to(at("2026-03-03 10:00:00")):
        stage.complete(stage.sign(stage.arrive(registration)))
    with clock.set_to(at("2026-03-20 10:00:00")):
        assert buy(stage).deal.owner_id == registration.distributor_id
        assert claim_offers(registration, stage.people.get("ana"), clock.now()) == []


def test_a_second_claim_joins_the_first_and_a_colleagues_is_heard_with_it(stage, filed) -> None:
    with clock.set_to(at("2026-03-20 10:00:00")):
        event = buy(stage)
        first = claim(stage, event, registration=filed, statement="我们先报备")
        again = claim(stage, event, registration=filed, statement="有聊天记录")
        assert again.id == first.id and again.statement == "我们先报备\n有聊天记录"
        assert claim(stage, event, "abe").id != first.id
        ruling = rulings.rule_deal(actor=stage.people.get("bo"), deal=event.deal, event=event)
        assert {one.state for one in db.session.scalars(select(Claim))} == {"decided"}
        assert [party.distributor_id for party in ruling.parties] == [first.distributor_id]


def test_a_form_sent_twice_is_one_claim(stage, filed) -> None:
    with clock.set_to(at("2026-03-20 10:00:00")):
        event = buy(stage)
        for _ in range(2):
            made = claim(stage, event, registration=filed, statement="一次", submission_key="key")
    assert db.session.scalar(select(func.count(Claim.id))) == 1 and made.statement == "一次"


def test_a_claim_after_the_ruling_opens_the_case_again(stage, filed) -> None:
    with clock.set_to(at("2026-03-20 10:00:00")):
        event = buy(stage)
        made = claim(stage, event, registration=filed)
        rulings.rule_deal(actor=stage.people.get("bo"), deal=event.deal, event=event)
        assert made.state == "decided"
    with clock.set_to(at("2026-03-21 10:00:00")):
        offer = claim_offers(filed, stage.people.get("ana"), clock.now())[0]
        assert offer.refusal is None and offer.claim.id == made.id and not offer.is_waiting
        assert claim(stage, event, registration=filed).state == "open"


def test_a_stopped_distributor_keeps_the_claims_it_made(stage, filed) -> None:
    with clock.set_to(at("2026-03-20 10:00:00")):
        event = buy(stage)
        made = claim(stage, event, registration=filed)
        partnership.suspend(actor=stage.people.get("hua"), distributor=stage.people.distributor(), reason="核查")
    with clock.set_to(at("2026-03-20 10:00:00") + timedelta(days=1)):
        rulings.rule_deal(actor=stage.people.get("bo"), deal=event.deal, event=event)
    assert made.state == "decided"


def test_what_fits_no_deal_is_closed_when_its_answer_is_due_and_nothing_else(stage, filed) -> None:
    with clock.set_to(at("2026-03-20 09:00:00")):
        known = claim(stage, buy(stage))
        ana, project = stage.people.get("ana"), stage.people.project()
        typed = claims.write_claim(
            actor=ana, project=project, now=clock.now(), event_id=None, registration=None, flags=(), typed="YQ-CJ-9"
        )
    due = typed.answer_at
    assert due == at("2026-03-24 00:00:00")
    assert [claims.close_unfounded(now) for now in (due - timedelta(seconds=1), due, due)] == [0, 1, 0]
    db.session.expire_all()
    assert (known.state, typed.state) == ("open", "unfounded")
