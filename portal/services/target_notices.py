"""Telling whoever looks after a distributor that it missed the targets of a period: urging is theirs to decide (CH-14.4)."""

from __future__ import annotations

from datetime import datetime

from portal.models import Contract
from portal.one_by_one import each
from portal.queries import targets
from portal.services import notices
from portal.services.care_notices import keepers_of

#: Should the worker have been away.
_WORTH_TELLING = 31


def remind(now: datetime) -> int:
    """Tell once of every whole period that ended lately with a target missed; how many were told anew (DM-10.3)."""
    return each(targets.with_targets(now), lambda contract: _tell(contract, now))


def _tell(contract: Contract, now: datetime) -> int:
    found = targets.last_of(contract, now)
    if found is None or found.before is None or not found.before.missed:
        return 0
    if not targets.ended_lately(found, now, _WORTH_TELLING):
        return 0
    distributor, occasion = contract.distributor, f"targets:{contract.id}:{found.span_before.first}"
    facts = {"reference": distributor.reference}
    people = keepers_of(distributor.id)
    return notices.tell(people, "care.targets_missed", distributor, occasion, "CH-14.4", facts, now=now)
