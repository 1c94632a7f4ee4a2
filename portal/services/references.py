"""Numbers that people read out: project, month, six characters. They say nothing of how many there are."""

from __future__ import annotations

from datetime import datetime

from portal import crypto
from portal.models import Project

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
    "import": "I",
    "backtest": "B",
}


def reference(kind: str, project: Project, seq: int, now: datetime) -> str:
    """YQ-2604-4F7K2M for a registration; YQ-V2604-… for a visit slip, YQ-X2604-… for an extension.

    The last part is a keyed permutation of the order of recording: unique, and no rival can count by it.
    """
    month = now.astimezone(project.zone).strftime("%y%m")
    return f"{project.code}-{_KINDS[kind]}{month}-{_six(crypto.scramble(seq & 0x3FFFFFFF))}"


def _six(number: int) -> str:
    return "".join(_DIGITS[number >> shift & 31] for shift in (25, 20, 15, 10, 5, 0))
