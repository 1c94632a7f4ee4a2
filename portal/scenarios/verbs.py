"""The verbs of the stories, each one call of the services that the forms and the worker use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from portal import clock
from portal.models import Registration, Visit
from portal.models.visits import PARTIES
from portal.rules.refusal import Refusal
from portal.rules.standing import last_second
from portal.scenarios.answers import protection
from portal.scenarios.customers import customer, customer_values
from portal.scenarios.stories import Step, StoryError, read_time
from portal.scenarios.world import World
from portal.services import (
    classification,
    corrections,
    extensions,
    partnership,
    records,
    registrations,
    visit_flow,
    visits,
)
from portal.services.customers import Customer
from portal.services.registrations import Filing

Outcome = dict[str, Any]
_STOPS = ("registered", "audited", "signed", "entered")


def file(world: World, step: Step) -> Outcome:
    """A distributor files a customer (RE-2.1)."""
    name = step.fields["by"]
    given = customer(world, step)
    planned = step.fields.get("visit_at")
    filing = Filing(
        customer=given,
        planned_visit_at=None if planned is None else read_time(planned, world.story.zone, f"step {step.id}: visit_at"),
        bulk_expected=bool(step.fields.get("bulk_expected", False)),
        declaration_version="story",
        notice_version="story",
        typed={"phone": str(step.fields["customer"].get("phone", ""))},
    )
    world.filings[step.id] = None
    world.filers[step.id] = (name, step.fields["customer"])
    filed = registrations.file_customer(actor=world.broker(name), project=world.project, filing=filing)
    registration = filed.registration
    world.filings[step.id] = registration
    return {"result": "accepted", **protection_of(world, registration)}


def record(world: World, step: Step) -> Outcome:
    """The company puts a customer on its own record (RE-4.1)."""
    source = step.fields.get("source", "natural")
    records.record_customer(
        actor=world.staff["reception"], project=world.project, source=source, customer=customer(world, step)
    )
    return {"result": "recorded"}


def walk_in(world: World, step: Step) -> Outcome:
    """A customer comes alone (RE-2.4, RE-Q32)."""
    records.record_customer(
        actor=world.staff["reception"], project=world.project, source="natural", customer=customer(world, step)
    )
    return {"result": "recorded"}


def visit(world: World, step: Step) -> Outcome:
    """A customer comes with a broker; the flow runs to the entry unless the story stops it (RE-3)."""
    arrival = _arrive(world, step)
    world.visits[step.id] = arrival
    if step.fields.get("signed", True) and _slip_is_open(arrival):
        _sign(world, arrival)
    if arrival.result != "registered":
        return {"result": arrival.result} | ({"clause": arrival.clause} if arrival.clause else {})
    stop = step.fields.get("stop_after", "entered")
    result = "registered"
    for target in _STOPS[1 : _STOPS.index(stop) + 1]:
        result = _advance(world, arrival, target, passed=True, same_person=False)
        if result == "refused":
            return {"result": "refused", "clause": _registration(arrival).outcome_clause}
    result = "confirmed" if result == "entered" else result
    return {"result": result, **protection_of(world, _registration(arrival))}


def advance(world: World, step: Step) -> Outcome:
    """The next step of a flow that was stopped (RE-3.7)."""
    arrival = world.known(world.visits, step, "visit")
    passed = bool(step.fields.get("pass", True))
    same_person = bool(step.fields.get("by_same_person", False))
    target = step.fields.get("to")
    if target not in _STOPS[1:]:
        raise StoryError(f"{world.story.path}: step {step.id}: to: {target!r}")
    result = _advance(world, arrival, target, passed=passed, same_person=same_person)
    clause = _registration(arrival).outcome_clause
    return {"result": result} | ({"clause": clause} if clause else {})


def excuse(world: World, step: Step) -> Outcome:
    """The site leader excuses a late filing, or does not (RE-Q4)."""
    arrival = world.known(world.visits, step, "visit")
    reason = str(step.fields.get("reason", ""))
    if not step.fields.get("approve", True):
        visit_flow.decline_excuse(actor=world.staff["leader"], visit=arrival, reason=reason)
        return {"result": "declined"}
    visit_flow.excuse_late_filing(actor=world.staff["leader"], visit=arrival, reason=reason)
    return {"result": "excused", **protection_of(world, _registration(arrival))}


def classify(world: World, step: Step) -> Outcome:
    """The site decides bulk or non-bulk (RE-2.7)."""
    registration = _filing(world, step)
    bulk = bool(step.fields.get("bulk", True))
    decision = classification.classify(
        actor=world.staff["back_office"], registration=registration, bulk=bulk, reason="规则演练"
    )
    return {"result": "recorded"} | ({"flags": ["late-classification"]} if decision.late else {})


def extend(world: World, step: Step) -> Outcome:
    """The distributor asks for the bulk extension (RE-2.11)."""
    world.requests[step.id] = None
    registration = _filing(world, step)
    broker = world.broker(step.fields.get("by") or world.filers[step.fields["filing"]][0])
    world.requests[step.id] = extensions.ask_extension(actor=broker, registration=registration, reason="规则演练")
    return {"result": "requested"}


def decide(world: World, step: Step) -> Outcome:
    """Headquarters decides an application (RE-2.11)."""
    request = world.known(world.requests, step, "request")
    if request is None:
        raise Refusal("extension_decided", "RE-2.11")
    approve = bool(step.fields.get("approve", True))
    extensions.decide_extension(actor=world.staff["hq"], extension=request, approve=approve, reason="规则演练")
    end = request.new_end or request.original_end
    return {"result": request.state, "until": world.local(last_second(end))}


def correct(world: World, step: Step) -> Outcome:
    """The site corrects a customer's data (RE-Q43)."""
    changes = customer_values(world, step, step.fields["customer"])
    corrections.correct_customer(
        actor=world.staff["back_office"], registration=_filing(world, step), changes=changes, reason="规则演练"
    )
    return {"result": "recorded"}


def suspend(world: World, step: Step) -> Outcome:
    """DM-12.1."""
    return _change_status(world, step, partnership.suspend)


def blacklist(world: World, step: Step) -> Outcome:
    """RE-5.4."""
    return _change_status(world, step, partnership.blacklist)


def reinstate(world: World, step: Step) -> Outcome:
    """RE-Q46."""
    return _change_status(world, step, partnership.reinstate)


def protection_of(world: World, registration: Registration) -> Outcome:
    """Stage, last second covered and rank at this moment."""
    return {
        key: value
        for key, value in protection(world, registration, clock.now()).items()
        if key in {"stage", "until", "rank"}
    }


def _arrive(world: World, step: Step) -> Visit:
    desk = world.staff["reception"]
    if "filing" in step.fields:
        registration = world.known(world.filings, step, "filing")
        if registration is not None:
            return visits.register_arrival(actor=desk, registration=registration)
        name, given = world.filers[step.fields["filing"]]
        brought = Customer(**customer_values(world, step, given))
    else:
        name, brought = step.fields["by"], customer(world, step)
    return visits.register_unfiled_arrival(
        actor=desk, project=world.project, distributor=world.distributor(name), customer=brought
    )


def _slip_is_open(arrival: Visit) -> bool:
    if arrival.registration is None:
        return False
    return arrival.result == "unsigned" or (arrival.result, arrival.clause) == ("natural", "RE-2.4")


def _sign(world: World, arrival: Visit) -> None:
    signatures = [
        visits.SlipSignature(party=party, signer_name=party, strokes={"width": 1, "height": 1, "strokes": []})
        for party in PARTIES
    ]
    visits.sign_slip(actor=world.staff["reception"], visit=arrival, signatures=signatures)


def _advance(world: World, arrival: Visit, target: str, *, passed: bool, same_person: bool) -> str:
    if target == "audited":
        visit_flow.audit_visit(actor=world.staff["back_office"], visit=arrival, passed=passed)
        return {"passed": "audited", "failed": "failed", "company_record": "refused"}[str(arrival.audit_result)]
    if target == "signed":
        signer = world.staff["back_office" if same_person else "leader"]
        visit_flow.sign_off_visit(actor=signer, visit=arrival)
        return "signed"
    visit_flow.enter_customer(actor=world.staff["consultant"], visit=arrival)
    return "entered"


def _registration(arrival: Visit) -> Registration:
    if arrival.registration is None:
        raise Refusal("visit_not_registered", "RE-3.7")
    return arrival.registration


def _filing(world: World, step: Step) -> Registration:
    registration: Registration | None = world.known(world.filings, step, "filing")
    if registration is None:
        raise Refusal("nothing_filed", "RE-2.1")
    return registration


def _change_status(world: World, step: Step, change: Callable[..., Any]) -> Outcome:
    distributor = world.distributor(str(step.fields["distributor"]))
    change(actor=world.staff["hq"], distributor=distributor, reason=str(step.fields.get("reason", "")))
    return {"result": "done"}


def fields(*names: str) -> frozenset[str]:
    """The fields a verb takes."""
    return frozenset(names)


VERBS: dict[str, tuple[Callable[[World, Step], Outcome], frozenset[str]]] = {
    "file": (file, fields("by", "customer", "visit_at", "bulk_expected")),
    "record": (record, fields("source", "customer")),
    "walk_in": (walk_in, fields("customer")),
    "visit": (visit, fields("filing", "by", "customer", "signed", "stop_after")),
    "advance": (advance, fields("visit", "to", "pass", "by_same_person")),
    "excuse": (excuse, fields("visit", "reason", "by", "approve")),
    "classify": (classify, fields("filing", "bulk")),
    "extend": (extend, fields("by", "filing")),
    "decide": (decide, fields("request", "approve")),
    "correct": (correct, fields("filing", "customer", "by")),
    "suspend": (suspend, fields("distributor", "reason")),
    "blacklist": (blacklist, fields("distributor", "reason")),
    "reinstate": (reinstate, fields("distributor", "reason")),
}
