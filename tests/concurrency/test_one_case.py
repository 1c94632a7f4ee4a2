"""A deal event, claims and rulings of one deal at the same moment, in processes of their own, leave one consistent case."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from portal import clock
from portal.models import Claim, Deal, DealEvent, Document, Registration, Ruling, db
from tests.clashes import DAY, HOUR, WRONG_PHONE, Clash
from tests.fixtures import Stage
from tests.servers import PATIENCE_SECONDS

ROOT = Path(__file__).parents[2]
#: One process each; those of one process run in threads.
CAST = ("claim:ana,claim:ben", "rule:plain,rule:near", "event:signing,claim:ana", "rule:near,rule:plain")
ROUNDS = 3

ACTOR = textwrap.dedent(
    """
    import gc, sys, threading

    gc.disable()  # as long as it lives, looking for garbage would only delay it

    from sqlalchemy.orm import joinedload

    from portal import create_app
    from portal.models import Deal, DealEvent, Registration, User, db
    from portal.queries.deals import WITH_EVENTS
    from portal.rules.refusal import Refusal
    from portal.services import claims, deals, rulings
    from portal.services.customers import customer_of
    from portal.transaction import transaction

    app = create_app()
    start = threading.Event()

    def person(login):
        return db.session.scalar(db.select(User).where(User.login == login))

    def the_deal():
        query = db.select(Deal).options(joinedload(Deal.project), *WITH_EVENTS)
        return db.session.scalars(query.execution_options(populate_existing=True)).unique().one()

    def claim(deal, who):
        claims.claim_deal(actor=person(who), event=deal.events[0], project=deal.project, statement=who)

    def rule(deal, how):
        near = db.session.scalars(db.select(Registration.id).order_by(Registration.seq)).first()
        accepted = [near] if how == "near" else []
        rulings.rule_deal(actor=person("bo"), deal=deal, event=deal.events[0], accepted=accepted, reason=how)

    def event(deal, kind):
        buyers = tuple(customer_of(buyer) for buyer in deal.events[0].buyers)
        deals.add_event(actor=person("cai"), deal=deal, event=deals.NewEvent(kind=kind, buyers=buyers))

    DOES = {"claim": claim, "rule": rule, "event": event}

    def act(what):
        verb, _, how = what.partition(":")
        start.wait()
        for _ in range(int(sys.argv[2])):
            with app.app_context():
                try:
                    with transaction():
                        DOES[verb](the_deal(), how)
                    sys.stdout.write(f"done {verb}\\n"); sys.stdout.flush()
                except Refusal as refusal:
                    sys.stdout.write(f"refused {verb} {refusal.reason}\\n"); sys.stdout.flush()

    threads = [threading.Thread(target=act, args=(what,)) for what in sys.argv[1].split(",")]
    for thread in threads:
        thread.start()
    print("ready", flush=True)
    sys.stdin.readline()
    start.set()
    for thread in threads:
        thread.join()
    """
)


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
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", ACTOR, share, str(ROUNDS)],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for share in CAST
    ]
    for racer in racers:
        assert racer.stdout is not None and racer.stdout.readline() == "ready\n"
    for racer in racers:
        assert racer.stdin is not None
        racer.stdin.write("go\n")
        racer.stdin.flush()
    told = [racer.communicate(timeout=PATIENCE_SECONDS) for racer in racers]
    assert [(racer.returncode, errors) for racer, (_, errors) in zip(racers, told, strict=True)] == [(0, "")] * len(
        CAST
    )
    return Counter(" ".join(line.split()[:2]) for text, _ in told for line in text.splitlines())


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
