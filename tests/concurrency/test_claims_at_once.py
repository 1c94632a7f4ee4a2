"""Two brokers of one distributor claim the same deal in the same moment, each pressing twice, over several processes."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections import Counter
from pathlib import Path

from sqlalchemy import select

from portal.models import Claim, Deal, db
from portal.services import rulings
from tests.distributor.claiming import BUYER, buy
from tests.servers import PATIENCE_SECONDS

ROOT = Path(__file__).parents[2]

#: A process of its own: everybody claims by registration and by number as soon as the line comes.
CLAIMANT = textwrap.dedent(
    """
    import gc, sys, threading

    gc.disable()  # as long as it lives, looking for garbage would only delay it

    from portal import create_app
    from portal.models import DealEvent, Project, User, db
    from portal.rules.customers import StrongKey
    from portal.services.claims import claim_deal
    from portal.services.typed_claims import claim_by_number
    from portal.transaction import transaction

    app, start = create_app(), threading.Event()

    def claim(login, number):
        with app.app_context():
            actor = db.session.scalar(db.select(User).where(User.login == login))
            project = db.session.scalar(db.select(Project).where(Project.code == "YQ"))
            event = db.session.scalar(db.select(DealEvent))
            db.session.commit()
            start.wait()
            with transaction():
                if number:
                    key = StrongKey("phone", sys.argv[1])
                    claim_by_number(actor=actor, project=project, number=key, submission_key=login)
                else:
                    claim_deal(actor=actor, event=event, project=project, statement=login)
            sys.stdout.write("claimed\\n"); sys.stdout.flush()

    people = [(login, number) for login in ("ana", "abe") for number in (False, True)]
    threads = [threading.Thread(target=claim, args=who) for who in people]
    for thread in threads:
        thread.start()
    print("ready", flush=True)
    sys.stdin.readline()
    start.set()
    for thread in threads:
        thread.join()
    """
)


def test_each_broker_has_one_claim_of_each_kind_and_the_case_hears_one_claimant(app, stage) -> None:
    with app.app_context():
        buy(stage)
        db.session.commit()
    assert _claim_at_once() == ["claimed"] * 8
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


def _claim_at_once() -> list[str]:
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", CLAIMANT, str(BUYER.phone)]
    racers = [
        subprocess.Popen(command, cwd=ROOT, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    for racer in racers:
        assert racer.stdout is not None and racer.stdout.readline() == "ready\n"
    for racer in racers:
        assert racer.stdin is not None
        racer.stdin.write("go\n")
        racer.stdin.flush()
    told = [racer.communicate(timeout=PATIENCE_SECONDS)[0] for racer in racers]
    assert [racer.returncode for racer in racers] == [0, 0]
    return [line for text in told for line in text.splitlines()]
