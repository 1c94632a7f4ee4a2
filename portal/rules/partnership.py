"""Whether a distributor may act: file, claim, ask for an extension (RE-5.4, DM-12.1, DM-3.1, RE-Q34, RE-F5)."""

from __future__ import annotations

from portal.rules.partner_states import MAY_ACT
from portal.rules.refusal import Refusal

_REASONS = {
    "blacklisted": ("distributor_blacklisted", "RE-5.4"),
    "suspended": ("distributor_suspended", "DM-12.1"),
    "terminated": ("distributor_terminated", "DM-12.5"),
    "approved": ("distributor_not_yet_active", "DO-2.5"),
    "contracted": ("distributor_not_yet_active", "DO-2.5"),
}


def check_may_act(status: str) -> None:
    """Raises Refusal unless the distributor works with us. Who asks comes before every other ground (RE-F5)."""
    if status not in MAY_ACT:
        raise Refusal(*_REASONS.get(status, ("distributor_left", "DM-12.6")))


def check_contract(covered: bool) -> None:
    """Raises Refusal unless a contract in force covers the project: no activity without it (DM-3.1, CH-5.1)."""
    if not covered:
        raise Refusal("no_contract", "DM-3.1")
