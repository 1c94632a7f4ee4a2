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
from portal.scenarios.customers import customer
from portal.scenarios.stories import Step, StoryError
from portal.scenarios.world import World
from portal.services import claim_offers
from portal.services.offers import offers_for

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
    tie_break = registration.policy.terms.tie_break
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
    first = leader([facts for _, facts in running], now, world.policy.terms.tie_break)
    owners = [distributor_id for distributor_id, facts in running if facts is first]
    names = {distributor.id: name for name, distributor in world.distributors.items()}
    return {"owner": names[owners[0]] if owners else "company"}


def about_offers(world: World, step: Step) -> dict[str, Any]:
    """What the filer may do with a filing now, and the clause for what it may not: the checks of the commands themselves."""
    registration = world.known(world.filings, step, "filing")
    if registration is None:
        return {"offers": [], "refused": {}}
    now = clock.now()
    offers = offers_for(registration, now)
    answers = {"visit": offers.announce_arrival, "extend": offers.ask_extension, "file": offers.file_again}
    refused = {verb: refusal.clause for verb, refusal in answers.items() if refusal is not None}
    offered = [verb for verb in answers if verb not in refused]
    if any(one.refusal is None for one in claim_offers.claim_offers(registration, registration.broker, now)):
        offered.append("claim")
    return {"offers": offered, "refused": refused}


def about_distributor(world: World, step: Step) -> dict[str, Any]:
    """Active, suspended, blacklisted or exited."""
    return {"status": world.distributor(str(step.fields["distributor"])).status}


ANSWERS: dict[str, Callable[[World, Step], dict[str, Any]]] = {
    "protection": about_protection,
    "owner": about_owner,
    "distributor": about_distributor,
    "offers": about_offers,
}
