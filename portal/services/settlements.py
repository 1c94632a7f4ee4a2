"""The final settlement (结算单): what the portal knows of a cooperation at its end, as plain facts that are kept (CH-5.9)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from portal.models import Distributor, Exit, Registration
from portal.queries import exits as found
from portal.rules.masking import mask_phone

#: So many running customers are listed by name; the number of all of them stands beside.
LISTED = 200


def settlement_of(ending: Exit, distributor: Distributor, now: datetime) -> dict[str, Any]:
    """The facts of ``now``: customers that run or are settled, what is owed, what is held, the duties. Phones are masked."""
    page = found.running_page(ending, now)
    frozen = found.frozen_of(distributor.id, now)
    return {
        "distributor": distributor.name,
        "registration_code": distributor.registration_code or "",
        "at": _instant(now),
        "choices": dict(found.choices_of(ending)),
        "running": [_customer(row.registration) for row in page.rows[:LISTED]],
        "running_number": len(found.running_ids(ending, now)),
        "frozen": [_customer(one) for one in frozen[:LISTED]],
        "deals": found.deals_of(distributor.id),
        "owed": [_owed(*one) for one in found.owed_by(distributor.id)],
        "held": [{"deal": one.deal.reference, "clause": one.clause} for one in found.holds_of(distributor.id)],
        "duties": [_duty(line) for line in found.checklist(ending, now) if line.duty.kind != "settlement"],
    }


def _customer(one: Registration) -> dict[str, Any]:
    return {
        "reference": one.reference,
        "project": one.project.name,
        "name": one.customer_name,
        "phone": mask_phone(one.phone) if one.phone else "",
        "until": _instant(one.ends_at),
    }


def _owed(finding: Any, sanction: Any) -> dict[str, Any]:
    return {
        "finding": finding.reference,
        "kind": sanction.kind,
        "clause": sanction.clause,
        "amount": sanction.amount,
        "due": None if sanction.due_at is None else _instant(sanction.due_at),
    }


def _duty(line: found.Line) -> dict[str, Any]:
    ticked = line.duty
    return {
        "kind": ticked.kind,
        "state": line.state,
        "clause": line.clause,
        "number": line.number,
        "by": ticked.decided_by.name if ticked.decided_by is not None else "",
        "note": ticked.note or "",
    }


def _instant(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat()
