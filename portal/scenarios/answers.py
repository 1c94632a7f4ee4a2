"""The verb ``ask``: where a registration stands, whose a customer is, whether a distributor may act."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from portal import clock
from portal.models import Registration
from portal.queries import matches
from portal.rules.ranking import leader
from portal.rules.standing import standing_at
from portal.scenarios.stories import Step, StoryError
from portal.scenarios.verbs import customer
from portal.scenarios.world import World
from portal.services import policies

FIELDS = frozenset({"about", "filing", "customer", "distributor"})


def ask(world: World, step: Step) -> dict[str, Any]:
    """Answer as of now."""
    about = step.fields.get("about")
    if about not in ANSWERS:
        raise StoryError(f"{world.story.path}: step {step.id}: about: {about!r}")
    return ANSWERS[about](world, step)


def about_protection(world: World, step: Step) -> dict[str, Any]:
    """Status, stage, end and rank of a filing."""
    registration = world.known(world.filings, step, "filing")
    if registration is None:
        return {"status": "none"}
    return protection(world, registration, clock.now())


def protection(world: World, registration: Registration, now: datetime) -> dict[str, Any]:
    """What the rules say of a registration at ``now``; stage, end and rank only while it is live (RE-F3)."""
    standing = standing_at(registration.facts(), now)
    answer: dict[str, Any] = {"status": standing.status}
    if standing.status != "live":
        return answer | {"clause": standing.clause}
    tie_break = policies.terms_of(registration.policy).tie_break
    return answer | {
        "stage": standing.stage,
        "until": None if standing.until is None else world.local(standing.until),
        "rank": matches.rank(registration, now, tie_break),
    }


def about_owner(world: World, step: Step) -> dict[str, Any]:
    """Whose the customer is: the distributor whose registration leads, or the company."""
    now = clock.now()
    asked = customer(world, step)
    running = matches.running_facts(world.project.id, asked.fingerprints.values(), now)
    first = leader([facts for _, facts in running], now, policies.terms_of(world.policy).tie_break)
    owners = [distributor_id for distributor_id, facts in running if facts is first]
    names = {distributor.id: name for name, distributor in world.distributors.items()}
    return {"owner": names[owners[0]] if owners else "company"}


def about_distributor(world: World, step: Step) -> dict[str, Any]:
    """Active, suspended, blacklisted or exited."""
    return {"status": world.distributor(str(step.fields["distributor"])).status}


ANSWERS: dict[str, Callable[[World, Step], dict[str, Any]]] = {
    "protection": about_protection,
    "owner": about_owner,
    "distributor": about_distributor,
}
