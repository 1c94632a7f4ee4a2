"""The world of one story: its project, its distributors with a broker each, the people at site and headquarters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import count
from typing import Any

from portal import clock
from portal.models import (
    Claim,
    DealEvent,
    Distributor,
    Extension,
    Policy,
    Project,
    Registration,
    RoleGrant,
    User,
    Visit,
    db,
)
from portal.rules import policies as policy_rules
from portal.scenarios.stories import Step, Story, StoryError
from portal.services import contracts, policies

#: Stories share a scratch database; what must be unique in it carries the story's number.
_numbers = count(1)
STAFF = ("reception", "back_office", "leader", "consultant", "hq", "hq_reporter")


@dataclass(slots=True)
class World:
    """What the steps of a story act on. Objects are known by the id of the step that made them."""

    story: Story
    project: Project
    policy: Policy
    staff: Mapping[str, User]
    brokers: dict[str, User] = field(default_factory=dict)
    distributors: dict[str, Distributor] = field(default_factory=dict)
    filings: dict[str, Registration | None] = field(default_factory=dict)
    filers: dict[str, tuple[str, Mapping[str, Any]]] = field(default_factory=dict)
    visits: dict[str, Visit] = field(default_factory=dict)
    requests: dict[str, Extension | None] = field(default_factory=dict)
    deals: dict[str, DealEvent] = field(default_factory=dict)
    claims: dict[str, Claim | None] = field(default_factory=dict)

    def distributor(self, name: str) -> Distributor:
        """A distributor by name. Raises KeyError for a name that no step and no list has mentioned."""
        return self.distributors[name]

    def broker(self, name: str) -> User:
        """The broker of a distributor."""
        return self.brokers[name]

    def known(self, table: Mapping[str, Any], step: Step, name: str) -> Any:
        """The object that an earlier step made. Raises StoryError when there is none."""
        key = str(step.fields.get(name))
        if key not in table:
            raise StoryError(f"{self.story.path}: step {step.id}: {name}: {key!r} is not an earlier step of that kind")
        return table[key]

    def local(self, instant: datetime) -> str:
        """An instant as stories write it."""
        return instant.astimezone(self.story.zone).strftime("%Y-%m-%d %H:%M:%S")


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
        world = World(story, project, rules, staff)
        _found_distributors(world, now)
    return world


def _found_distributors(world: World, now: datetime) -> None:
    """Every distributor the story names, one broker each; one it has not listed is active and under contract."""
    names = {*world.story.distributors, *_named(world.story)}
    for number, name in enumerate(sorted(names), start=1):
        distributor = Distributor(
            reference=f"{world.project.code}-{number}",
            name=f"{name} {world.project.code}",
            status=world.story.distributors.get(name, "active"),
            status_since=now,
            created_at=now,
        )
        broker = person(f"{world.project.code}-broker-{number}", now)
        broker.distributor = distributor
        broker.grants.append(RoleGrant(role="broker"))
        world.distributors[name], world.brokers[name] = distributor, broker
    db.session.add_all([*world.distributors.values(), *world.brokers.values()])
    db.session.flush()
    for distributor in world.distributors.values():
        contracts.carry_over(actor=None, distributor=distributor, now=now, starts_at=now)


def _named(story: Story) -> set[str]:
    given = (step.fields.get(field) for step in story.steps for field in ("by", "distributor"))
    return {name for name in given if isinstance(name, str)}


def _policy(story: Story, draft: Policy | None) -> Policy:
    try:
        document = draft.document if draft is not None else _document(story)
        changed = policy_rules.with_parameters(document, story.parameters)
        return policies.publish(actor=None, document=changed)
    except policy_rules.PolicyError as error:
        raise StoryError(f"{story.path}: policy: {error}") from None


def _document(story: Story) -> Mapping[str, Any]:
    """The policy a story names: a preset's code, or a file beside the story."""
    if not story.policy.endswith((".yaml", ".yml")):
        return policy_rules.preset(story.policy)
    path = story.path.parent / story.policy
    try:
        return policy_rules.read_document(path.read_text(encoding="utf-8"))
    except OSError:
        raise StoryError(f"{story.path}: policy: {story.policy}: no such file") from None


def _project(story: Story, now: datetime) -> Project:
    site = story.project.get("site") or {}
    number = next(_numbers)
    project = Project(
        code=f"S{number:05}",
        name=f"{story.project.get('name', '云栖府')} {number}",
        timezone=story.zone.key,
        city_code=str(story.project.get("city", "330100")),
        latitude=Decimal(str(site.get("lat", 30.2741))),
        longitude=Decimal(str(site.get("lng", 120.1551))),
        created_at=now,
    )
    db.session.add(project)
    db.session.flush()
    return project
