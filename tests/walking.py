"""The walk over every route: the application, a world in it, and browsers for everybody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from portal import clock, sessions
from portal.access import PERMISSIONS
from portal.models import Distributor, RoleGrant, User, db
from tests.fixtures import People, Stage, password_hash
from tests.house.sample_arguments import SAMPLES, Sample, World, build_world

METHODS = ("GET", "POST")
#: Ours alone; the gallery of components exists only in tests.
NOT_WALKED = {"static", "components.show_components"}


@dataclass
class Walk:
    """The application, its routes, the world in them and browsers for everybody."""

    app: Flask
    world: World
    people: dict[str, int]
    roles: dict[str, frozenset[str]]
    browsers: dict[str | None, FlaskClient] = field(default_factory=dict)

    @property
    def rules(self) -> list[Rule]:
        return [rule for rule in self.app.url_map.iter_rules() if rule.endpoint not in NOT_WALKED]

    def permission(self, rule: Rule) -> Any:
        return getattr(self.app.view_functions[rule.endpoint], "required_permission", "none named")

    def address(self, rule: Rule) -> str:
        values = {name: sample.value(self.world) for name, sample in samples_of(rule).items()}
        with self.app.test_request_context():
            return str(self.app.url_map.bind("localhost").build(rule.endpoint, values))

    def browser(self, who: str | None) -> FlaskClient:
        """A browser with a session as the sign-in page would have begun it; the same one while nothing ends it."""
        if who not in self.browsers:
            self.browsers[who] = self.app.test_client()
            if who is not None:
                self._begin(self.browsers[who], self.people[who])
        return self.browsers[who]

    def _begin(self, client: FlaskClient, user_id: int) -> None:
        with self.app.app_context():
            user = db.session.get_one(User, user_id, populate_existing=True)
            user.disabled_at, user.must_change_password = None, False
            db.session.commit()
            epoch, until = user.session_epoch, int(clock.now().timestamp()) + 3600
        with client.session_transaction() as cookie:
            cookie.update({"_user_id": str(user_id), "_fresh": True, sessions.EPOCH: epoch, sessions.UNTIL: until})

    def ask(self, who: str | None, rule: Rule, method: str, **headers: str) -> TestResponse:
        return self.browser(who).open(self.address(rule), method=method, headers=headers, buffered=True)

    def forget(self) -> None:
        """Begin every session anew: something may have ended them."""
        self.browsers.clear()

    def holders(self, permission: Any) -> list[str]:
        """Everybody with the permission."""
        return [who for who, roles in self.roles.items() if any(permission in PERMISSIONS[role] for role in roles)]

    def owners(self, permission: Any) -> list[str]:
        """One person of each kind with the permission: the one whose the objects are, not a rival or a stranger."""
        kinds: dict[frozenset[str], str] = {}
        for who in self.holders(permission):
            kinds.setdefault(self.roles[who], who)
        return list(kinds.values())

    def others(self, permission: Any) -> list[str]:
        """One person of each kind without the permission."""
        kinds = {roles: who for who, roles in self.roles.items()}
        holders = self.holders(permission)
        return [who for who in kinds.values() if who not in holders]


def samples_of(rule: Rule) -> dict[str, Sample | None]:
    """The sample of each argument of a route: the one with the longest key that ends its part of the address."""
    found: dict[str, Sample | None] = {}
    for argument in re.finditer(r"<(?:[^<>:]+:)?(\w+)>", rule.rule):
        parts = rule.rule[: argument.start()].strip("/").split("/")
        keys = ["/".join([*parts[start:], argument[1]]) for start in range(len(parts))]
        found[argument[1]] = next((SAMPLES[key] for key in [*keys, argument[1]] if key in SAMPLES), None)
    return found


def guarded(walk: Walk) -> list[Rule]:
    return [rule for rule in walk.rules if walk.permission(rule) is not None]


def methods_of(rule: Rule) -> list[str]:
    return [method for method in METHODS if method in (rule.methods or ())]


@pytest.fixture
def walk(app: Flask, stage: Stage, people: People) -> Iterator[Walk]:
    """The walk without form tokens: what is tried here is the guard behind them. Failures become answers, as for people."""
    with app.app_context():
        world = people.bring("walk", lambda: _build(people, stage))
        roles = {who: db.session.get_one(User, number).roles for who, number in people.users.items()}
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(app.config, "WTF_CSRF_ENABLED", False)
        patch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
        patch.setattr(app, "testing", False)
        yield Walk(app, replace(world, people=people), people.users, roles)


def _build(people: People, stage: Stage) -> World:
    """The world, without the people, who are others in each test."""
    _add_rival_owner(people)
    return replace(build_world(stage), people=People(0, 0))


def _add_rival_owner(people: People) -> None:
    """Oda owns the rival distributor: she may do to hers what Olga may do to Ana's."""
    rival = db.session.get_one(Distributor, people.distributors["乙渠道"])
    oda = User(login="oda", name="欧达", password_hash=password_hash(), distributor_id=rival.id, created_at=clock.now())
    oda.grants = [RoleGrant(role="owner")]
    db.session.add(oda)
    db.session.commit()
    people.users["oda"] = oda.id
