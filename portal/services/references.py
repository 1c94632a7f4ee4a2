"""Numbers that people read out: project, month, six characters. They say nothing of how many there are."""

from __future__ import annotations

from datetime import datetime

from portal import crypto
from portal.models import Project
from portal.wording.times import PORTAL_ZONE

_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_KINDS = {
    "registration": "",
    "visit": "V",
    "extension": "X",
    "deal": "D",
    "deal_event": "E",
    "claim": "C",
    "ruling": "R",
    "ruling_extract": "P",
    "finding": "F",
    "explanation": "Q",
    "sanction": "N",
    "import": "I",
    "backtest": "B",
}


def reference(kind: str, project: Project, seq: int, now: datetime) -> str:
    """YQ-2604-4F7K2M for a registration; YQ-V2604-… for a visit slip, YQ-X2604-… for an extension.

    The last part is a keyed permutation of the order of recording: unique, and no rival can count by it.
    """
    month = now.astimezone(project.zone).strftime("%y%m")
    return f"{project.code}-{_KINDS[kind]}{month}-{_six(crypto.scramble(seq & 0x3FFFFFFF))}"


def group_reference(letters: str, seq: int, now: datetime) -> str:
    """TS-2604-4F7K2M for what belongs to no project: a complaint (TS), a half-year sheet (KH)."""
    return f"{letters}-{now.astimezone(PORTAL_ZONE):%y%m}-{_six(crypto.scramble(seq & 0x3FFFFFFF))}"


def _six(number: int) -> str:
    return "".join(_DIGITS[number >> shift & 31] for shift in (25, 20, 15, 10, 5, 0))
