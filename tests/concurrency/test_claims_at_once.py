"""Two brokers of one distributor claim the same deal in the same moment, each pressing twice, over several processes."""

from __future__ import annotations

import threading
from collections import Counter

from flask import Flask
from sqlalchemy import select

from portal.models import Claim, Deal, DealEvent, Project, User, db
from portal.rules.customers import StrongKey
from portal.services import rulings
from portal.services.claims import claim_deal
from portal.services.typed_claims import claim_by_number
from portal.transaction import transaction
from tests import racing
from tests.distributor.claiming import BUYER, buy


def claim_all() -> None:
    """A process of its own: everybody claims by registration and by number in the same moment."""
    racing.in_threads(_claim, *((login, number) for login in ("ana", "abe") for number in (False, True)))


def _claim(app: Flask, start: threading.Event, login: str, by_number: bool) -> None:
    with app.app_context():
        actor = db.session.scalars(select(User).where(User.login == login)).one()
        project = db.session.scalars(select(Project).where(Project.code == "YQ")).one()
        event = db.session.scalars(select(DealEvent)).one()
        db.session.commit()
        start.wait()
        with transaction():
            if by_number:
                key = StrongKey("phone", str(BUYER.phone))
                claim_by_number(actor=actor, project=project, number=key, submission_key=login)
            else:
                claim_deal(actor=actor, event=event, project=project, statement=login)
        racing.say("claimed")


def test_each_broker_has_one_claim_of_each_kind_and_the_case_hears_one_claimant(app, stage) -> None:
    with app.app_context():
        buy(stage)
        db.session.commit()
    assert racing.race(claim_all, (), ()) == ["claimed"] * 8
    with app.app_context():
        made = db.session.scalars(select(Claim)).all()
        brokers = Counter((claim.broker_id, claim.typed is not None) for claim in made)
        assert len(brokers) == 4 and set(brokers.values()) == {1}
        assert {claim.event_id for claim in made} == {made[0].event_id} and made[0].event_id is not None
        deal = db.session.scalars(select(Deal)).one()
        db.session.refresh(deal, ["project", "events"])
        ruling = rulings.rule_deal(actor=stage.people.get("bo"), deal=deal, event=deal.events[0])
        assert ruling.facts["claimants"] == [stage.people.distributors["甲渠道"]]
        assert {claim.state for claim in db.session.scalars(select(Claim))} == {"decided"}
