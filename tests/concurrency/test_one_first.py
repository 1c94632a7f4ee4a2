"""Many filers of one customer at once, over several processes whose own clocks disagree: one is first, for ever."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections import Counter
from pathlib import Path

import pytest
from flask import Flask

from portal import clock
from portal.models import Distributor, Registration, RoleGrant, User, db
from portal.queries import matches
from portal.services import contracts
from tests.fixtures import People, password_hash
from tests.servers import PATIENCE_SECONDS

ROOT = Path(__file__).parents[2]
PROCESSES, RIVALS_EACH = 4, 6
PHONE = "+8613899990001"

#: A process of its own: its Python clock is shifted, its people file the same customer as fast as they can.
FILER = textwrap.dedent(
    """
    import datetime, gc, os, sys, threading, time

    gc.disable()  # as long as it lives, looking for garbage would only delay it

    from portal import create_app
    from portal.models import Project, User, db
    from portal.rules.refusal import Refusal
    from portal.services.customers import Customer
    from portal.services.registrations import Filing, file_customer
    from portal.transaction import transaction

    skew, logins = float(sys.argv[1]), sys.argv[2].split(",")
    real = time.time
    time.time = lambda: real() + skew
    app = create_app()
    start = threading.Event()

    def file(login):
        with app.app_context():
            actor = db.session.scalar(db.select(User).where(User.login == login))
            project = db.session.scalar(db.select(Project).where(Project.code == "YQ"))
            customer = Customer(name="抢客", phone=sys.argv[3])
            filing = Filing(customer=customer, declaration_version="1", notice_version="1")
            db.session.commit()
            start.wait()
            try:
                with transaction():
                    file_customer(actor=actor, project=project, filing=filing)
                os.write(1, f"accepted {login}\\n".encode())  # one write: two threads must not mix their lines
            except Refusal as refusal:
                os.write(1, f"refused {refusal.clause}\\n".encode())

    threads = [threading.Thread(target=file, args=(login,)) for login in logins]
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
def rivals(app: Flask, people: People) -> list[str]:
    """Twenty-four brokers of twelve distributors: two of each company race against each other too."""
    with app.app_context():
        now = clock.now()
        logins = []
        for number in range(PROCESSES * RIVALS_EACH // 2):
            distributor = Distributor(
                reference=f"R-{number}", name=f"竞争{number}", status="active", status_since=now, created_at=now
            )
            db.session.add(distributor)
            db.session.flush()
            contracts.carry_over(actor=None, distributor=distributor, now=now, starts_at=now)
            for who in ("a", "b"):
                login = f"rival-{number}-{who}"
                person = User(
                    login=login,
                    name=login,
                    password_hash=password_hash(),
                    distributor_id=distributor.id,
                    created_at=now,
                    grants=[RoleGrant(role="broker")],
                )
                db.session.add(person)
                logins.append(login)
        db.session.commit()
    return logins


def race(logins: list[str], phone: str) -> list[str]:
    """Let every login file ``phone`` at once; what each was told."""
    shares = [logins[number::PROCESSES] for number in range(PROCESSES)]
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", FILER, str(skew), ",".join(share), phone],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for skew, share in zip((-3600, -1, 1, 86400), shares, strict=True)
    ]
    for racer in racers:
        assert racer.stdout is not None
        assert racer.stdout.readline() == "ready\n"
    for racer in racers:
        assert racer.stdin is not None
        racer.stdin.write("go\n")
        racer.stdin.flush()
    told = [racer.communicate(timeout=PATIENCE_SECONDS)[0] for racer in racers]
    assert [racer.returncode for racer in racers] == [0] * PROCESSES
    return [line for text in told for line in text.splitlines()]


def test_one_is_first_and_everybody_agrees(app: Flask, rivals: list[str]) -> None:
    answers = Counter(line.split()[0] for line in race(rivals, PHONE))
    assert answers == {"accepted": 12, "refused": 12}
    with app.app_context():
        rows = db.session.scalars(db.select(Registration).order_by(Registration.filed_at, Registration.seq)).all()
        now = clock.now()
        assert len({row.distributor_id for row in rows}) == 12
        assert [matches.rank(row, now, ("recorded",)) for row in rows] == list(range(1, 13))
        assert [row.seq for row in rows] == sorted(row.seq for row in rows)


def test_no_process_clock_reaches_the_record(app: Flask, rivals: list[str]) -> None:
    with app.app_context():
        before = clock.now()
    race(rivals, "+8613899990002")
    with app.app_context():
        after = clock.now()
        filed = db.session.scalars(db.select(Registration.filed_at)).all()
        assert all(before <= at <= after for at in filed)
