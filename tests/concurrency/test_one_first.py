"""Many filers of one customer at once, over several processes whose own clocks disagree: one is first, for ever."""

from __future__ import annotations

import threading
import time
from collections import Counter

import pytest
from flask import Flask

from portal import clock
from portal.models import Distributor, Project, Registration, RoleGrant, User, db
from portal.queries import matches
from portal.rules.refusal import Refusal
from portal.services import contracts
from portal.services.customers import Customer
from portal.services.registrations import Filing, file_customer
from portal.transaction import transaction
from tests import racing
from tests.fixtures import People, password_hash

PROCESSES, RIVALS_EACH = 4, 6
PHONE = "+8613899990001"


def file_all(skew: float, logins: list[str], phone: str) -> None:
    """A process of its own: its Python clock is shifted, its people file the same customer as fast as they can."""
    real = time.time
    time.time = lambda: real() + skew
    racing.in_threads(_file, *((login, phone) for login in logins))


def _file(app: Flask, start: threading.Event, login: str, phone: str) -> None:
    with app.app_context():
        actor = db.session.scalar(db.select(User).where(User.login == login))
        project = db.session.scalar(db.select(Project).where(Project.code == "YQ"))
        customer = Customer(name="抢客", phone=phone)
        filing = Filing(customer=customer, declaration_version="1", notice_version="1")
        db.session.commit()
        start.wait()
        try:
            with transaction():
                file_customer(actor=actor, project=project, filing=filing)
            racing.say(f"accepted {login}")
        except Refusal as refusal:
            racing.say(f"refused {refusal.clause}")


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
    skews = (-3600, -1, 1, 86400)
    told = racing.race(file_all, *((skew, logins[number::PROCESSES], phone) for number, skew in enumerate(skews)))
    assert len(told) == len(logins)
    return told


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
