"""A throwaway installation to measure: a PostgreSQL that keeps what it promised, a Redis, migrations, brokers."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from flask import Flask

from launcher import keys
from launcher.places import ROOT, Places
from launcher.postgres import OWNER, PostgresServer
from launcher.processes import Child, leashed
from launcher.redis import RedisServer

PASSWORD = "bench-Jieding-2026"
PROJECT = "YQ"


@dataclass(frozen=True)
class Installation:
    """Its places and servers, and the environment that its processes start with."""

    places: Places
    postgres: PostgresServer
    env: dict[str, str]

    def python(self, name: str, *arguments: str) -> Child:
        """A Python process of the project, not started."""
        child = Child(name, [], self.env, self.places.log(name), cwd=ROOT)
        child.argv = leashed([sys.executable, *arguments], child.stop_signal)
        return child


@contextmanager
def installation(*, settings: Sequence[str] = ()) -> Iterator[Installation]:
    """Up and migrated inside, gone afterwards. ``settings`` are further lines of postgresql.conf."""
    folder = Path(tempfile.mkdtemp(prefix="jieding-bench-"))
    places = Places(ROOT, folder)
    places.prepare()
    postgres, redis = PostgresServer(places, os.environ, settings=settings), RedisServer(places, os.environ)
    try:
        for server in (postgres, redis):
            server.start()
        for server in (postgres, redis):
            server.wait()
        postgres.ensure_database()
        made = Installation(places, postgres, _environment(places, postgres, redis))
        subprocess.run(
            [sys.executable, "-m", "flask", "db", "upgrade"], cwd=ROOT, env=made.env, check=True, capture_output=True
        )
        yield made
    finally:
        redis.stop()
        postgres.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _environment(places: Places, postgres: PostgresServer, redis: RedisServer) -> dict[str, str]:
    settings = {
        "DATABASE_URL": postgres.url(),
        "DATABASE_OWNER_URL": postgres.url(role=OWNER),
        "REDIS_URL": redis.url(),
        "COOKIE_SECURE": "false",
        "RATE_LIMITS": "false",
        "FLASK_APP": "wsgi",
        "PYTHONPATH": str(ROOT),
    }
    return {**os.environ, **settings, **keys.make()}


def application(place: Installation) -> Flask:
    """The application in this process, on the installation's database."""
    os.environ.update(place.env)
    from portal import create_app

    return create_app()


def found_brokers(app: Flask, number: int) -> list[str]:
    """One project and ``number`` brokers of rival distributors; their logins."""
    from portal import clock
    from portal.models import Distributor, Project, db
    from portal.passwords import hash_password
    from portal.rules.policies import preset
    from portal.services import contracts, policies
    from portal.transaction import transaction

    with app.app_context(), transaction():
        now, hashed = clock.now(), hash_password(PASSWORD)
        project = Project(
            code=PROJECT,
            name="云栖府",
            group_name="云栖集团",
            city_code="330100",
            city_name="杭州",
            latitude=Decimal("30.274100"),
            longitude=Decimal("120.155100"),
            created_at=now,
        )
        db.session.add(project)
        db.session.flush()
        policy = policies.publish(actor=None, document=preset("RE"))
        policies.bind(actor=None, project=project, policy=policy, effective_from=datetime(2020, 1, 1, tzinfo=UTC))
        companies = [
            Distributor(reference=f"D-{turn:04}", name=f"渠道{turn}", status="active", status_since=now, created_at=now)
            for turn in range(number)
        ]
        db.session.add_all(companies)
        db.session.flush()
        for company in companies:
            contracts.carry_over(actor=None, distributor=company, now=now, starts_at=now)
        return [_broker(turn, company.id, hashed, now) for turn, company in enumerate(companies)]


def _broker(turn: int, distributor_id: int, hashed: str, now: datetime) -> str:
    from portal.models import RoleGrant, User, db

    login = f"broker{turn}"
    db.session.add(
        User(
            login=login,
            name=f"经纪人{turn}",
            password_hash=hashed,
            distributor_id=distributor_id,
            created_at=now,
            grants=[RoleGrant(role="broker")],
        )
    )
    return login


def file_one(app: Flask, login: str) -> None:
    """One customer of the broker's, filed by the command itself."""
    from sqlalchemy import select

    from portal.models import Project, User, db
    from portal.services import registrations
    from portal.services.customers import Customer
    from portal.transaction import transaction

    with app.app_context(), transaction():
        broker = db.session.scalars(select(User).where(User.login == login)).unique().one()
        project = db.session.scalars(select(Project)).one()
        filing = registrations.Filing(
            customer=Customer(name="黄维", phone="+8613900001234"),
            declared_local=True,
            declaration_version="1",
            notice_version="1",
            typed={"name": "黄维", "phone": "139 0000 1234"},
        )
        registrations.file_customer(actor=broker, project=project, filing=filing)
