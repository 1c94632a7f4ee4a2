"""The verbs of deals, relations, claims and rulings, each one call of the services that the forms use."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from portal.models import DealEvent, Ruling, db
from portal.scenarios.customers import customer_values
from portal.scenarios.stories import Step, StoryError
from portal.scenarios.verbs import Outcome, fields
from portal.scenarios.world import World
from portal.services import claims, deals, relations, rulings
from portal.services.customers import Customer
from portal.services.deals import NewEvent


def relate(world: World, step: Step) -> Outcome:
    """Two customers are relatives (RE-8.8)."""
    one, other = (Customer(**customer_values(world, step, step.fields[side])) for side in ("of", "to"))
    relations.record_relation(
        actor=world.staff["back_office"],
        project=world.project,
        one=one,
        other=other,
        kind=str(step.fields["kind"]),
        proven=bool(step.fields.get("proof", True)),
    )
    return {"result": "recorded"}


def deal(world: World, step: Step) -> Outcome:
    """A deal event; with ``deal`` a later one of the same deal (RE-8.1, RE-Q27)."""
    amount = step.fields.get("amount")
    given = NewEvent(
        kind=str(step.fields["event"]),
        buyers=tuple(Customer(**customer_values(world, step, buyer)) for buyer in step.fields.get("buyers", [])),
        unit=_text(step.fields.get("unit")),
        amount=None if amount is None else Decimal(str(amount)),
    )
    actor = world.staff["consultant"]
    if "deal" in step.fields:
        root: DealEvent = world.known(world.deals, step, "deal")
        event = deals.add_event(actor=actor, deal=root.deal, event=given)
    else:
        event = deals.open_deal(actor=actor, project=world.project, event=given)
    world.deals[step.id] = event
    return _deal_answer(world, event)


def claim(world: World, step: Step) -> Outcome:
    """A distributor claims a deal (RE-8.1, RE-8.2)."""
    world.claims[step.id] = None
    event = world.known(world.deals, step, "deal")
    made = claims.claim_deal(actor=world.broker(step.fields["by"]), event=event, project=world.project)
    world.claims[step.id] = made
    return {"result": "accepted"} | ({"flags": list(made.flags)} if made.flags else {})


def rule(world: World, step: Step) -> Outcome:
    """The back office rules a deal or a claim (RE-8.3 to RE-8.9)."""
    event = _event_to_rule(world, step)
    ruling = rulings.rule_deal(actor=world.staff["back_office"], deal=event.deal, event=event)
    return {
        "owner": _owner(world, ruling.owner_id),
        "clause": ruling.clause,
        "passed_over": passed_over(world, ruling),
    }


def passed_over(world: World, ruling: Ruling) -> dict[str, str]:
    """Every distributor that lost, by name, with its clause."""
    names = {distributor.id: name for name, distributor in world.distributors.items()}
    return {names[int(number)]: clause for number, clause in ruling.outcome["passed_over"].items()}


def _event_to_rule(world: World, step: Step) -> DealEvent:
    if "claim" not in step.fields:
        return world.known(world.deals, step, "deal")  # type: ignore[no-any-return]
    made = world.known(world.claims, step, "claim")
    if made is None:
        raise StoryError(f"{world.story.path}: step {step.id}: claim: {step.fields['claim']!r} was refused")
    return db.session.get_one(DealEvent, made.event_id)


def _deal_answer(world: World, event: DealEvent) -> Outcome:
    owned = event.deal
    answer: dict[str, Any] = {"owner": _owner(world, owned.owner_id), "clause": owned.clause}
    return answer | ({} if owned.frozen_at is None else {"frozen_at": world.local(owned.frozen_at)})


def _owner(world: World, distributor_id: int | None) -> str:
    names = {distributor.id: name for name, distributor in world.distributors.items()}
    return "company" if distributor_id is None else names[distributor_id]


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


VERBS = {
    "relate": (relate, fields("of", "to", "kind", "proof")),
    "deal": (deal, fields("event", "buyers", "deal", "unit", "amount")),
    "claim": (claim, fields("by", "deal")),
    "rule": (rule, fields("deal", "claim")),
}
