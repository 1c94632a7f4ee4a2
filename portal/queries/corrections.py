"""Corrections of customer data, as they may be shown beside the original (RE-Q43)."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from portal.models import Correction, Registration, db
from portal.rules.masking import mask_id_number, mask_phone
from portal.rules.places import city_name


@dataclass(frozen=True, slots=True)
class Corrected:
    """One field of one correction, masked. Reasons and names stay with the site."""

    at: datetime
    field: str
    before: str
    after: str
    after_deal: bool


def shown_to_distributor(registration: Registration) -> list[Corrected]:
    """The corrections of a registration that was fetched through its scope, newest first."""
    query = select(Correction).where(Correction.registration_id == registration.id).order_by(Correction.seq.desc())
    return [line for correction in db.session.scalars(query) for line in _lines(correction)]


def _lines(correction: Correction) -> list[Corrected]:
    before, after = json.loads(correction.before), json.loads(correction.after)
    return [
        Corrected(
            correction.corrected_at,
            name,
            _masked(name, before[name]),
            _masked(name, after[name]),
            correction.after_deal,
        )
        for name in before
    ]


def _masked(name: str, value: str | None) -> str:
    if not value:
        return ""
    return _SHOWN[name](value) if name in _SHOWN else value


def _place(code: str) -> str:
    return city_name(code) or code


_SHOWN: dict[str, Callable[[str], str]] = {"phone": mask_phone, "id_number": mask_id_number, "residence": _place}
