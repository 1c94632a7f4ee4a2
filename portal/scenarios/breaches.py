"""The verb of findings: reported by one person at headquarters, found confirmed or not by another."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from portal.models import Deal, Finding, Registration
from portal.scenarios.stories import Step
from portal.scenarios.verbs import Outcome, fields
from portal.scenarios.world import World
from portal.services import breaches
from portal.services.breaches import BY_DISTRIBUTOR
from portal.services.findings import Report


def finding(world: World, step: Step) -> Outcome:
    """A breach is found (RE-4.5, RE-5.1, RE-5.2, RE-7.2)."""
    found = breaches.report_breach(actor=world.staff["hq_reporter"], project=world.project, report=_report(world, step))
    breaches.decide_breach(
        actor=world.staff["hq"],
        finding=found,
        project=world.project,
        confirmed=bool(step.fields.get("confirmed", True)),
        reason="规则演练",
    )
    return _answer(found)


def _report(world: World, step: Step) -> Report:
    kind, by = str(step.fields["kind"]), str(step.fields["by"])
    of_distributor = kind in BY_DISTRIBUTOR
    return Report(
        kind=kind,
        summary="规则演练",
        distributor=world.distributor(by) if of_distributor else None,
        team=None if of_distributor else by,
        registration=_filing(world, step),
        deal=_deal(world, step),
        place=(Decimal(str(step.fields["lat"])), Decimal(str(step.fields["lng"]))) if "lat" in step.fields else None,
    )


def _filing(world: World, step: Step) -> Registration | None:
    return world.known(world.filings, step, "filing") if "filing" in step.fields else None


def _deal(world: World, step: Step) -> Deal | None:
    return world.known(world.deals, step, "deal").deal if "deal" in step.fields else None


def _answer(found: Finding) -> Outcome:
    answer: dict[str, Any] = {"result": found.state, "sanctions": [sanction.kind for sanction in found.sanctions]}
    amounts = {sanction.kind: sanction.amount for sanction in found.sanctions if sanction.amount is not None}
    stated = {
        "clause": found.clause,
        "offence": found.offence,
        "fine": amounts.get("fine"),
        "damages": amounts.get("damages"),
        "distance_m": None if found.distance_m is None else float(found.distance_m),
    }
    return answer | {name: value for name, value in stated.items() if value is not None}


VERBS = {"finding": (finding, fields("kind", "by", "filing", "deal", "lat", "lng", "confirmed"))}
