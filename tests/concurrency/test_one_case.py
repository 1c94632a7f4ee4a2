"""A deal event, claims and rulings of one deal at the same moment, in processes of their own, leave one consistent case."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import joinedload

from portal import clock
from portal.models import Claim, Deal, DealEvent, Document, Registration, Ruling, User, db
from portal.queries.deals import WITH_EVENTS
from portal.rules.refusal import Refusal
from portal.services import claims, deals, rulings
from portal.services.customers import customer_of
from portal.transaction import transaction
from tests import racing
from tests.clashes import DAY, HOUR, WRONG_PHONE, Clash
from tests.fixtures import Stage

#: One process each; those of one process run in threads.
CAST = ("claim:ana,claim:ben", "rule:plain,rule:near", "event:signing,claim:ana", "rule:near,rule:plain")
ROUNDS = 3


def act_all(cast: str) -> None:
    """A process of its own, with a thread for each of its deeds."""
    racing.in_threads(_act, *((what,) for what in cast.split(",")))


def _act(app: Flask, start: threading.Event, what: str) -> None:
    verb, _, how = what.partition(":")
    start.wait()
    for _ in range(ROUNDS):
        with app.app_context():
            try:
                with transaction():
                    _DOES[verb](_the_deal(), how)
                racing.say(f"done {verb}")
            except Refusal as refusal:
                racing.say(f"refused {verb} {refusal.reason}")


def _person(login: str) -> User:
    return db.session.scalars(db.select(User).where(User.login == login)).one()


def _the_deal() -> Deal:
    query = db.select(Deal).options(joinedload(Deal.project), *WITH_EVENTS)
    return db.session.scalars(query.execution_options(populate_existing=True)).unique().one()


def _claim(deal: Deal, who: str) -> None:
    claims.claim_deal(actor=_person(who), event=deal.events[0], project=deal.project, statement=who)


def _rule(deal: Deal, how: str) -> None:
    near = db.session.scalars(db.select(Registration.id).order_by(Registration.seq)).first()
    accepted = [near] if how == "near" else []
    rulings.rule_deal(actor=_person("bo"), deal=deal, event=deal.events[0], accepted=accepted, reason=how)


def _event(deal: Deal, kind: str) -> None:
    buyers = tuple(customer_of(buyer) for buyer in deal.events[0].buyers)
    deals.add_event(actor=_person("cai"), deal=deal, event=deals.NewEvent(kind=kind, buyers=buyers))


_DOES = {"claim": _claim, "rule": _rule, "event": _event}


@pytest.fixture
def bought(app: Flask, stage: Stage) -> int:
    """A deal of an hour ago: Ana's registration is one digit off and comes in only by her claim, Ben's is right."""
    with app.app_context():
        now = clock.now()
        clash = Clash(stage, start=(now - 20 * DAY).replace(hour=1, minute=0, second=0))
        clash.bring("ana", timedelta(0), phone=WRONG_PHONE)
        clash.bring("ben", DAY)
        event = clash.buy(at=now - HOUR)
        clash.claim("ana", event, at=now - HOUR / 2)
        db.session.commit()
        return event.deal_id


def race() -> Counter[str]:
    """Everybody at once; how often each verb was done or refused."""
    return Counter(" ".join(line.split()[:2]) for line in racing.race(act_all, *((share,) for share in CAST)))


def test_they_leave_one_consistent_case(app: Flask, bought: int) -> None:
    said = race()
    assert said["done event"] == 1 and said["refused event"] == ROUNDS - 1
    assert said["done claim"] == 3 * ROUNDS
    assert said["done rule"] + said["refused rule"] == 4 * ROUNDS and said["done rule"] > 0
    with app.app_context():
        deal = db.session.get_one(Deal, bought)
        chain = list(db.session.scalars(db.select(Ruling).order_by(Ruling.seq)))
        _one_line(chain)
        _the_deal_is_its_latest_ruling(deal, chain[-1])
        _one_registration_is_frozen(deal)
        _no_claim_was_closed_unheard(chain)
        papers = db.session.scalars(db.select(Document.kind).where(Document.kind == "ruling")).all()
        assert len(papers) == sum(ruling.origin == "ruled" for ruling in chain) == said["done rule"]
        assert len(db.session.scalars(db.select(DealEvent)).all()) == 2


def _one_line(chain: list[Ruling]) -> None:
    """Each ruling supersedes the one before it, none is passed by."""
    assert [ruling.supersedes_id for ruling in chain] == [None, *(ruling.id for ruling in chain[:-1])]


def _the_deal_is_its_latest_ruling(deal: Deal, latest: Ruling) -> None:
    assert (deal.owner_id, deal.clause, deal.registration_id) == (
        latest.owner_id,
        latest.clause,
        latest.registration_id,
    )


def _one_registration_is_frozen(deal: Deal) -> None:
    frozen = db.session.scalars(db.select(Registration.id).where(Registration.frozen_at.is_not(None))).all()
    assert frozen == [deal.registration_id]


def _no_claim_was_closed_unheard(chain: list[Ruling]) -> None:
    """Who claimed stands among the claimants of a ruling that came after the claim was made."""
    for claim in db.session.scalars(db.select(Claim).where(Claim.state == "decided")):
        heard = [
            ruling for ruling in chain if ruling.seq > claim.seq and claim.distributor_id in ruling.facts["claimants"]
        ]
        assert heard, claim.reference
