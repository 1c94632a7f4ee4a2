"""What is known of a case of breach, spelled as its pages show it: who, which rule, what it is about, when and where."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from portal.models import Deal, Distributor, Finding, Project, Registration, db
from portal.services.findings import Report
from portal.wording.times import moment


def facts_of(finding: Finding) -> dict[str, str]:
    """What is stored of the case, by the fields of the form that adds to it; empty where nothing is known."""
    number = finding.distributor_id
    distributor = db.session.get_one(Distributor, number) if number is not None else None
    place = None
    if finding.latitude is not None and finding.longitude is not None:
        place = finding.latitude, finding.longitude
    return party_of(finding.kind, distributor, finding.team, finding.persons) | {
        "about": _subject(finding.registration_id, finding.deal_id),
        "happened_at": _spelled(finding, finding.happened_at),
        "place": _place(place),
    }


def facts_with(finding: Finding, party: dict[str, str], found: Report) -> dict[str, str]:
    """What would be stored once ``party`` and what was ``found`` are taken over; what was not found stays as it is."""
    known = facts_of(finding) | party
    if found.registration or (found.deal and finding.registration_id is None):
        known["about"] = (found.registration or found.deal).reference  # type: ignore[union-attr]  # one of them is there
    if found.happened_at is not None:
        known["happened_at"] = _spelled(finding, found.happened_at)
    if found.place is not None:
        known["place"] = _place(found.place)
    return known


def read_of(finding: Finding) -> dict[str, Any]:
    """What a decision rests on: the facts, and when the distributor explained itself."""
    explanation = finding.explanation
    return facts_of(finding) | {"explained": explanation and explanation.answered_at}


def party_of(kind: str, distributor: Distributor | None, team: str | None, persons: str | None) -> dict[str, str]:
    """Whom a case means, and which rule it is about."""
    reference = distributor.reference if distributor is not None else ""
    return {"kind": kind, "distributor": reference, "team": team or "", "persons": persons or ""}


def _subject(registration_id: int | None, deal_id: int | None) -> str:
    if registration_id is not None:
        return db.session.scalar(select(Registration.reference).where(Registration.id == registration_id)) or ""
    return db.session.scalar(select(Deal.reference).where(Deal.id == deal_id)) or ""


def _spelled(finding: Finding, instant: datetime | None) -> str:
    if instant is None:
        return ""
    return moment(instant, db.session.get_one(Project, finding.project_id).zone)


def _place(place: tuple[Decimal, Decimal] | None) -> str:
    return "" if place is None else f"{place[0]:.6f}, {place[1]:.6f}"
