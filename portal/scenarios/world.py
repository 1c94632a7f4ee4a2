"""The world of one story: its project, its distributors with a broker each, the people at site and headquarters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from portal import clock
from portal.models import Distributor, Extension, Policy, Project, Registration, User, Visit, db
from portal.rules import policies as policy_rules
from portal.scenarios.stories import Step, Story, StoryError
from portal.services import policies

STAFF = ("reception", "back_office", "leader", "consultant", "hq")


@dataclass(slots=True)
class World:
    """What the steps of a story act on. Objects are known by the id of the step that made them."""

    story: Story
    project: Project
    staff: Mapping[str, User]
    brokers: dict[str, User] = field(default_factory=dict)
    distributors: dict[str, Distributor] = field(default_factory=dict)
    filings: dict[str, Registration | None] = field(default_factory=dict)
    filers: dict[str, tuple[str, Mapping[str, Any]]] = field(default_factory=dict)
    visits: dict[str, Visit] = field(default_factory=dict)
    requests: dict[str, Extension | None] = field(default_factory=dict)

    def distributor(self, name: str) -> Distributor:
        """A distributor by name; one the story has not listed is active and under contract."""
        if name not in self.distributors:
            self._found(name, self.story.distributors.get(name, "active"))
        return self.distributors[name]

    def broker(self, name: str) -> User:
        """The broker of a distributor."""
        self.distributor(name)
        return self.brokers[name]

    def known(self, table: Mapping[str, Any], step: Step, name: str) -> Any:
        """The object that an earlier step made. Raises StoryError when there is none."""
        key = step.fields.get(name)
        if key not in table:
            raise StoryError(f"{self.story.path}: step {step.id}: {name}: {key!r} is not an earlier step of that kind")
        return table[key]

    def local(self, instant: datetime) -> str:
        """An instant as stories write it."""
        return instant.astimezone(self.story.zone).strftime("%Y-%m-%d %H:%M:%S")

    def _found(self, name: str, status: str) -> None:
        now = clock.now()
        number = len(self.distributors) + 1
        distributor = Distributor(
            reference=f"S{self.project.id}-{number}", name=name, status=status, status_since=now, created_at=now
        )
        db.session.add(distributor)
        db.session.flush()
        broker = person(f"s{self.project.id}-broker-{number}", now)
        broker.distributor_id = distributor.id
        db.session.add(broker)
        db.session.flush()
        self.distributors[name], self.brokers[name] = distributor, broker


def person(login: str, now: datetime) -> User:
    """An account that nobody can sign in with."""
    return User(login=login, name=login, password_hash="!", created_at=now, grants=[])


def build_world(story: Story, staff: Mapping[str, User], policy: Policy | None) -> World:
    """Set the stage. ``policy`` is the draft to be rehearsed instead of the one the story names."""
    now = story.steps[0].at
    with clock.set_to(now):
        project = _project(story, now)
        rules = policy if policy is not None and not story.parameters else _policy(story, policy)
        policies.bind(actor=None, project=project, policy=rules, effective_from=now)
        world = World(story, project, staff)
        for name in story.distributors:
            world.distributor(name)
    return world


def _policy(story: Story, draft: Policy | None) -> Policy:
    try:
        document = draft.document if draft is not None else policy_rules.preset(story.policy)
        changed = policy_rules.with_parameters(document, story.parameters)
        return policies.publish(actor=None, document=changed)
    except policy_rules.PolicyError as error:
        raise StoryError(f"{story.path}: policy: {error}") from None


def _project(story: Story, now: datetime) -> Project:
    site = story.project.get("site") or {}
    project = Project(
        code="STORY",
        name=str(story.project.get("name", "云栖府")),
        timezone=story.zone.key,
        city_code=str(story.project.get("city", "330100")),
        latitude=Decimal(str(site.get("lat", 30.2741))),
        longitude=Decimal(str(site.get("lng", 120.1551))),
        created_at=now,
    )
    db.session.add(project)
    db.session.flush()
    return project
