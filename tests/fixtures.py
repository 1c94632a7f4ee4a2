"""The application on the run's real servers, an empty database for each test, and the people of our stories.

Ana and Ben are brokers of rival distributors, Olga owns Ana's; Rui is at reception, Bo in the back office, Cai is a
consultant, Lin leads the site, Hua decides at headquarters, Ada administers, Aud audits, Sid is a stranger to the site.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask import session as flask_session
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from jinja2 import FileSystemBytecodeCache

from launcher.postgres import PostgresServer
from portal import clock, create_app, passwords, sessions
from portal.models import Distributor, Project, Registration, RoleGrant, User, Visit, db
from portal.models.visits import PARTIES
from portal.rules.policies import preset
from portal.services import contracts, policies, registrations, visit_flow, visits
from portal.services.customers import Customer
from tests.emptying import Slate, T, Worlds

PASSWORD = "柳岸-Jieding-2026"
SUPERUSER = "postgres"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="session", autouse=True)
def light_passwords() -> Iterator[None]:
    """Passwords hashed with the least that argon2 knows; tests/account proves what the real ones cost."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        patch.setattr(passwords, "NOBODYS_HASH", passwords.hash_password(secrets.token_hex(16)))
        yield


@pytest.fixture(scope="session")
def app(settings_env: dict[str, str], run_folder: Path, light_passwords: None) -> Iterator[Flask]:
    """The application as wsgi.py makes it, with its errors let through; each template is compiled once per run."""
    application = create_app()
    application.testing = True
    compiled = run_folder / "templates"
    compiled.mkdir(exist_ok=True)
    application.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(compiled))
    yield application
    with application.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def slate(postgres_server: PostgresServer, database_name: str) -> Iterator[Slate]:
    """What empties this process's database between tests, and fills it with the cast."""
    with psycopg.connect(postgres_server.url(role=SUPERUSER, database=database_name), autocommit=True) as connection:
        slate = Slate(connection)
        slate.prepare()
        yield slate


@pytest.fixture(scope="session")
def worlds(slate: Slate) -> Worlds:
    """What this process has brought about in the midst of the cast, kept."""
    return Worlds(slate)


@pytest.fixture
def empty_database(slate: Slate) -> None:
    """No row of an earlier test."""
    slate.empty()


@pytest.fixture
def session(app: Flask, empty_database: None) -> Iterator[Any]:
    """A session for tests of services. Never open around client calls: Flask-Login's user would leak into them."""
    with app.app_context():
        yield db.session
        db.session.rollback()


@dataclass
class People:
    """Who is who, with what they work on. Ids rather than objects: a test opens its own session."""

    project_id: int
    other_project_id: int
    distributors: dict[str, int] = field(default_factory=dict)
    users: dict[str, int] = field(default_factory=dict)
    worlds: Worlds | None = None

    def bring(self, what: Any, make: Callable[[], T]) -> T:
        """What ``make()`` returns and commits: walked to once, from then on put into the same world at the same time."""
        db.session.commit()
        if self.worlds is None:
            return make()
        made, users = self.worlds.bring((what, clock.story_time()), lambda: (make(), dict(self.users)))
        self.users.update(users)
        return made

    def get(self, name: str) -> User:
        """The person by first name, in the present session."""
        person = db.session.get(User, self.users[name])
        assert person is not None
        return person

    def project(self) -> Project:
        project = db.session.get(Project, self.project_id)
        assert project is not None
        return project

    def distributor(self, name: str = "甲渠道") -> Distributor:
        distributor = db.session.get(Distributor, self.distributors[name])
        assert distributor is not None
        return distributor


_CAST: tuple[tuple[str, str, str | None, tuple[str, ...]], ...] = (
    ("ana", "安娜", "甲渠道", ("broker",)),
    ("olga", "欧佳", "甲渠道", ("owner",)),
    ("abe", "安贝", "甲渠道", ("broker",)),
    ("ben", "本恩", "乙渠道", ("broker",)),
    ("rui", "王若楠", None, ("reception",)),
    ("bo", "何佳", None, ("back_office",)),
    ("cai", "郭旭", None, ("consultant",)),
    ("lin", "林建国", None, ("site_leader",)),
    ("hua", "华敏", None, ("hq_channel",)),
    ("kit", "康洁", None, ("customer_service",)),
    ("fin", "方宁", None, ("finance",)),
    ("ada", "阿达", None, ("administrator",)),
    ("aud", "欧迪", None, ("auditor",)),
    ("sid", "席德", None, ("back_office",)),
    ("dan", "丁楠", None, ("department_manager",)),
    ("gia", "葛嘉", None, ("general_manager",)),
    ("leo", "雷欧", None, ("legal",)),
)


_casts: dict[str, People] = {}


@pytest.fixture
def people(request: pytest.FixtureRequest, app: Flask, slate: Slate, worlds: Worlds, empty_database: None) -> People:
    """Two distributors, the project 云栖府 with its site, and 江畔里 where only Sid works."""
    story = clock.story_time()
    name = f"cast of {story.isoformat() if story else 'today'}"
    if name in _casts:
        slate.restore(name)
    else:
        with app.app_context():
            _casts[name] = _build_cast()
            db.session.commit()
        slate.keep(name)
        worlds.know()
    # What came about where a test had put something in the place of what the portal does is not for others, and under
    # pages that are open no world is put in the place of another.
    alone = {"monkeypatch", "address"} & set(request.fixturenames)
    return replace(deepcopy(_casts[name]), worlds=None if alone else worlds)


def _build_cast() -> People:
    now = clock.now()
    here, there = _project("YQ", "云栖府", now), _project("JP", "江畔里", now)
    cast = People(here.id, there.id)
    for number, name in enumerate(("甲渠道", "乙渠道"), start=1):
        distributor = Distributor(
            reference=f"D-{number:04}", name=name, status="active", status_since=now, created_at=now
        )
        db.session.add(distributor)
        db.session.flush()
        cast.distributors[name] = distributor.id
        contracts.carry_over(actor=None, distributor=distributor, now=now, starts_at=LONG_AGO)
    for login, name, distributor_name, roles in _CAST:
        site = there.id if login == "sid" else here.id
        cast.users[login] = _person(login, name, cast.distributors.get(distributor_name or ""), roles, site, now).id
    return cast


def _project(code: str, name: str, now: datetime) -> Project:
    project = Project(
        code=code,
        name=name,
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
    policies.bind(actor=None, project=project, policy=policy, effective_from=datetime(2020, 1, 1, tzinfo=now.tzinfo))
    return project


def _person(
    login: str, name: str, distributor_id: int | None, roles: tuple[str, ...], project_id: int, now: datetime
) -> User:
    site = {"reception", "back_office", "consultant", "site_leader"}
    grants = [RoleGrant(role=role, project_id=project_id if role in site else None) for role in roles]
    person = User(
        login=login,
        name=name,
        password_hash=password_hash(),
        distributor_id=distributor_id,
        created_at=now,
        grants=grants,
    )
    db.session.add(person)
    db.session.flush()
    return person


_hash: list[str] = []


def password_hash() -> str:
    """PASSWORD hashed, once per process."""
    if not _hash:
        _hash.append(passwords.hash_password(PASSWORD))
    return _hash[0]


@pytest.fixture
def browse(app: Flask, people: People) -> Callable[..., FlaskClient]:
    """``browse("ana")`` is a browser in which Ana is signed in; ``browse()`` one in which nobody is."""

    def open_browser(name: str | None = None) -> FlaskClient:
        client = app.test_client()
        if name is not None:
            begin_session(client, name)
        return client

    return open_browser


def begin_session(client: FlaskClient, login: str) -> None:
    """Give ``client`` the session that the sign-in page would begin, without the work of checking a password."""
    with client.application.test_request_context("/sign-in"):
        user = db.session.scalars(db.select(User).where(User.login == login)).one()
        assert user.is_active, f"{login} may not come in"
        sessions.begin(user, clock.now())
        begun = dict(flask_session)
    with client.session_transaction() as cookie:
        cookie.update(begun)


#: Any form does for a token: these pages are named where it matters to nobody which one.
ANY_PAGE = ("/me", "/sign-in")
#: The pages that each browser has had open: what their forms hold is known.
_had_open: WeakKeyDictionary[FlaskClient, set[str]] = WeakKeyDictionary()


def csrf_of(client: FlaskClient, page: str = ANY_PAGE[0]) -> str:
    """The CSRF token of a form that ``client`` has open; another page than ANY_PAGE is really opened for it, once.

    The token is kept in the session and signed as Flask-WTF does it: rendering a page to read it costs fifty times that.
    """
    had_open = _had_open.setdefault(client, set(ANY_PAGE))
    if page not in had_open:
        had_open.add(page)
        text = client.get(page).get_data(as_text=True)
        return text.split('name="csrf_token"', 1)[1].split('value="', 1)[1].split('"', 1)[0]
    with client.session_transaction() as cookie:
        secret = cookie.setdefault("csrf_token", secrets.token_hex(20))
    key = client.application.secret_key
    assert key is not None
    return str(URLSafeTimedSerializer(key, salt="wtf-csrf-token").dumps(secret))


def search(client: FlaskClient, page: str, words: str, **filters: str) -> Any:
    """What ``page`` shows after ``words`` were typed into its search field and sent."""
    form = {"csrf_token": csrf_of(client), "to": page, "q": words} | filters
    answer = client.post("/search", data=form)
    assert answer.status_code == 303, answer.get_data(as_text=True)[:2000]
    return client.get(answer.headers["Location"])


_numbers = count(1)
STROKES = {"width": 300, "height": 120, "strokes": [[[10, 60, 0], [120, 30, 80], [240, 80, 160]]]}


@dataclass
class Stage:
    """Short ways to bring a registration where a test needs it, through the services themselves."""

    people: People

    def customer(self, **values: Any) -> Customer:
        """A customer nobody has heard of, unless values say otherwise."""
        number = next(_numbers)
        return Customer(**({"name": "张三", "phone": f"+86138{number:08}"} | values))

    def file(self, who: str = "ana", customer: Customer | None = None, **circumstances: Any) -> Registration:
        filing = registrations.Filing(
            customer=customer or self.customer(), declaration_version="1", notice_version="1", **circumstances
        )
        actor, project = self.people.get(who), self.people.project()
        return registrations.file_customer(actor=actor, project=project, filing=filing).registration

    def arrive(self, registration: Registration) -> Visit:
        return visits.register_arrival(actor=self.people.get("rui"), registration=registration)

    def sign(self, visit: Visit) -> Visit:
        signatures = [visits.SlipSignature(party=party, signer_name=party, strokes=dict(STROKES)) for party in PARTIES]
        return visits.sign_slip(actor=self.people.get("rui"), visit=visit, signatures=signatures)

    def complete(self, visit: Visit) -> Visit:
        """Audit, signature and entry."""
        visit_flow.audit_visit(actor=self.people.get("bo"), visit=visit, passed=True)
        visit_flow.sign_off_visit(actor=self.people.get("lin"), visit=visit)
        return visit_flow.enter_customer(actor=self.people.get("cai"), visit=visit)


@pytest.fixture
def stage(people: People) -> Stage:
    """See Stage; use it inside an app context or with the ``session`` fixture."""
    return Stage(people)
