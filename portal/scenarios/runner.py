"""Playing stories: each in one transaction of the scratch database, with the clock the story sets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portal import clock
from portal.models import Policy, User, db
from portal.rules.periods import local_date
from portal.rules.policies import preset
from portal.rules.refusal import Refusal
from portal.scenarios import answers, breaches, deals
from portal.scenarios.stories import Step, Story, StoryError, read_story
from portal.scenarios.verbs import VERBS
from portal.scenarios.world import STAFF, World, build_world, person
from portal.services import policies, protections

_VERBS = VERBS | deals.VERBS | breaches.VERBS
_PLAYERS = {name: player for name, (player, _) in _VERBS.items()} | {"ask": answers.ask}
#: More than a story has registrations.
_ALL = 10_000
FIELDS = {name: taken for name, (_, taken) in _VERBS.items()} | {"ask": answers.FIELDS}


@dataclass(frozen=True, slots=True)
class Performance:
    """What came out of a story: the values by step id, and every expectation that failed."""

    story: Story
    actual: Mapping[str, Mapping[str, Any]]
    failures: tuple[str, ...]
    passed: int


def read(path: Path) -> Story:
    """Read a story against the verbs this portal knows. Raises StoryError."""
    return read_story(path, FIELDS)


def play(story: Story, staff: Mapping[str, User], policy: Policy | None = None) -> Performance:
    """Play the story on the scratch database and leave nothing of it behind. Raises StoryError naming the step."""
    with _kept_or_undone():
        world = build_world(story, staff, policy)
        actual = {step.id: _play_step(world, step) for step in _with_sweeps(story)}
    failures = tuple(_failures(story, actual))
    expected = sum(len(values) for values in story.expect.values())
    return Performance(story, actual, failures, expected - len(failures))


def hire_staff() -> dict[str, User]:
    """The people of the site and headquarters, the same in every story."""
    now = clock.now()
    staff = {name: person(f"story-{name}", now) for name in STAFF}
    db.session.add_all(staff.values())
    policies.publish(actor=None, document=preset("RE"))
    db.session.commit()
    return staff


def _with_sweeps(story: Story) -> Iterator[Step]:
    """The steps; what fell due before one is put on record first. Everything ends at a midnight."""
    last = story.steps[0].at
    for step in story.steps:
        if local_date(step.at, story.zone) != local_date(last, story.zone):
            protections.note_ended(now=step.at, limit=_ALL)
        last = step.at
        yield step


def _play_step(world: World, step: Step) -> dict[str, Any]:
    """Play one step. A command that refuses has written nothing, so there is nothing to take back; if it had, that is
    a defect of the command and the rehearsal stops.
    """
    before = {*db.session.new, *db.session.dirty}
    with clock.set_to(step.at):
        try:
            return _PLAYERS[step.verb](world, step)
        except Refusal as refusal:
            if {*db.session.new, *db.session.dirty} - before:
                raise RuntimeError(f"{step.id}: refused after a change") from refusal
            return {"result": "refused", "clause": refusal.clause}
        except KeyError as error:
            raise StoryError(f"{world.story.path}: step {step.id}: {error.args[0]}: missing") from None


@contextmanager
def _kept_or_undone() -> Iterator[None]:
    """A story played to its end stays in the scratch database, which is dropped as a whole; a broken one is undone.

    Rolling every story back would make the driver forget its prepared statements each time, which costs a third more.
    """
    try:
        yield
        db.session.commit()
    finally:
        db.session.rollback()
        db.session.info.clear()


def _failures(story: Story, actual: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    for step_id, values in story.expect.items():
        for key, wanted in values.items():
            got = actual[step_id].get(key)
            if got != wanted:
                yield f"{story.path}: {step_id}.{key}: expected {wanted!r}, got {got!r}"
