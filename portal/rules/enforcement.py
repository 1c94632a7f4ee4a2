"""What follows when a cooperation is stopped, ended or taken up again, step by step (RE-5.4, RE-Q34, DM-12).

The first steps belong to the decision itself: nothing is left to chance between it and them. The later ones tell people and
list what moved; whether a registration runs never waits for them.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps of one kind of decision, each with its clause, in their order."""

    at_once: tuple[tuple[str, str], ...]
    later: tuple[tuple[str, str], ...]


_TOLD = ("tell_partner", "GD-9")
_SITES = ("tell_sites", "RE-Q30")
_LATER = (("move_up", "RE-Q34"), _TOLD, _SITES)

PLANS: dict[str, Plan] = {
    "suspend": Plan((("door", "DM-12.1"), ("keep", "RE-Q34")), (_TOLD, _SITES)),
    "blacklist": Plan(
        (
            ("door", "RE-5.4"),
            ("sessions", "RE-Q34"),
            ("void", "RE-Q34"),
            ("lapse", "RE-F11"),
            ("keep", "RE-Q34"),
            ("hold", "RE-Q34"),
        ),
        _LATER,
    ),
    "terminate": Plan(
        (("door", "DM-12.5"), ("void", "DM-12.5"), ("lapse", "DM-12.5"), ("keep", "DM-12.7"), ("hold", "DM-12.2")),
        _LATER,
    ),
    # What is owed to a partner that leaves in good order is settled with it, not held.
    "exit": Plan((("door", "DM-12.6"), ("void", "DM-12.6"), ("lapse", "DM-12.6"), ("keep", "DM-12.7")), _LATER),
    "reinstate": Plan((("door", "DM-12.1"), ("stay_void", "RE-Q46")), (_TOLD, _SITES)),
}
KINDS = tuple(PLANS)
#: Kinds that take the distributor's running registrations away.
ENDING = frozenset(kind for kind, plan in PLANS.items() if "void" in dict(plan.at_once))


def plan_of(kind: str) -> Plan:
    """The steps of a decision. Raises KeyError for a kind that is none."""
    return PLANS[kind]
