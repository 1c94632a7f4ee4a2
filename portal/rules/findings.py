"""What follows from a confirmed finding: the rule broken, the offence's number, the sanctions proposed (RE-4.5 to 4.8, 5, 7).

Everything here is a proposal; a named person confirms each sanction (GD-9).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from portal.rules.policies import Penalties

#: Counted together per distributor across the group, never lapsing (RE-Q19).
CATCHING = ("interception", "poaching")
#: How a breach was found out (RE-4.3, RE-7.1): by asking, unseen, on a recording, in a call, by somebody who came forward.
MEANS = ("questionnaire", "covert_visit", "interview", "camera", "call", "tip")
#: What follows from the number of an offence; the others follow from the case itself.
OF_THE_NUMBER = ("fine", "stop", "blacklist", "warning", "transfer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Offence:
    """A finding as the rule sees it. Distances in metres; ``earlier`` counts confirmed ones of the same offender before it.

    ``damages_claimed``: damages were already proposed for this registration or deal (RE-F19). ``paid``: its commission was.
    ``first_answer``: the customer's first answer in a call-back said so (RE-4.7).
    """

    kind: str
    earlier: int = 0
    distance_m: Decimal | None = None
    damages_claimed: bool = False
    paid: bool = False
    first_answer: bool = False


@dataclass(frozen=True, slots=True)
class Consequences:
    """``clause`` is the rule broken; fine and damages in CNY, None when nothing of the kind follows."""

    clause: str
    sanctions: tuple[str, ...]
    offence: int | None = None
    fine: int | None = None
    damages: int | None = None


def has_fallen(sanctions: Iterable[tuple[str, str]]) -> bool:
    """Whether an offence counts no more: appeals have lifted what followed from its number, and nothing of that is left.

    ``sanctions`` are kinds with their states. What was waived says nothing: the finding stands (RE-Q19, GD-9).
    """
    states = {state for kind, state in sanctions if kind in OF_THE_NUMBER} - {"waived"}
    return states == {"lifted"}


def consequences(offence: Offence, penalties: Penalties, radius_m: int) -> Consequences:
    """What the policy proposes. Raises KeyError for a kind that has no ladder."""
    return _LADDERS[offence.kind](offence, penalties, radius_m)


def _catching(offence: Offence, penalties: Penalties, radius_m: int) -> Consequences:
    """First finding: the fine; from the second on stop and blacklist, without a second fine (RE-5.3, RE-5.4, RE-Q46).

    The circle lies around the sales office, its radius is the policy's (RE-5.1, RE-Q18); outside it is RE-5.2.
    """
    inside = offence.kind == "interception" and offence.distance_m is not None and offence.distance_m <= radius_m
    clause, number = "RE-5.1" if inside else "RE-5.2", offence.earlier + 1
    if number == 1:
        return Consequences(clause, ("fine",), offence=number, fine=penalties.first_offence)
    return Consequences(clause, ("stop", "blacklist"), offence=number)


def _false_filing(offence: Offence, penalties: Penalties, radius_m: int) -> Consequences:
    """The commission is refused or to be returned; damages once, and the agreement may end (RE-4.8, RE-F19)."""
    clause = "RE-4.7" if offence.first_answer else "RE-4.5"
    commission = "return_commission" if offence.paid else "refuse_commission"
    if offence.damages_claimed:
        return Consequences(clause, (commission,))
    return Consequences(clause, (commission, "damages", "terminate"), damages=penalties.false_filing_damages)


def _staff_dumping(offence: Offence, penalties: Penalties, radius_m: int) -> Consequences:
    """Dismissal and the unit excluded; the team's management is warned, the second time transferred (RE-7.2, 7.3, 7.4, 7.5)."""
    number = offence.earlier + 1
    management = "warning" if number == 1 else "transfer"
    return Consequences("RE-7.2", ("dismissal", "exclude_unit", management), offence=number)


_LADDERS = {
    "interception": _catching,
    "poaching": _catching,
    "false_filing": _false_filing,
    "staff_dumping": _staff_dumping,
}
