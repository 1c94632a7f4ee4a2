"""The life of a case of breach and of each sanction that follows from it (D.9). What is not in the tables is refused.

The states of D.9 after ``CONFIRMED`` belong to the sanctions of a case, since one case may have several at once:

=============  ===================================================================================================
D.9            here
=============  ===================================================================================================
REPORTED       case ``reported``
INVESTIGATING  case ``investigating``: a named person has taken it up
EXPLANATION    case ``explanation_asked``
CONFIRMED      case ``confirmed``
UNFOUNDED      case ``unfounded``
OFFENCE_1      case with ``offence`` 1: sanction ``fine``, or ``warning`` of the project's management
OFFENCE_2      case with ``offence`` 2 or more: sanctions ``stop`` and ``blacklist``, or ``transfer``
SANCTIONED     any other sanction that stands: ``refuse_commission``, ``return_commission``, ``terminate``, ``exclude_unit``
DISMISSAL      sanction ``dismissal``
AUTHORITIES    sanction ``authorities``, proposed by one person and confirmed by another
DAMAGES        sanction ``damages``
APPEALED       sanction ``appealed``, afterwards ``upheld`` or ``lifted``
=============  ===================================================================================================
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from portal.rules.refusal import Refusal

CASE_STATES = ("reported", "investigating", "explanation_asked", "confirmed", "unfounded")
SANCTION_STATES = ("proposed", "confirmed", "waived", "appealed", "upheld", "lifted")
#: In which nobody has decided yet.
UNDECIDED = CASE_STATES[:3]
#: In which a sanction holds against the distributor; an appeal does not lift it.
STANDING = ("confirmed", "appealed", "upheld")


@dataclass(frozen=True, slots=True)
class Move:
    """Where an event leads, and the clause by which it may happen."""

    to: str
    clause: str


Moves = Mapping[tuple[str, str], Move]

#: State and event of a case.
CASE: Moves = {
    ("reported", "take_up"): Move("investigating", "RE-4.3"),
    ("reported", "identify"): Move("reported", "RE-4.3"),
    ("investigating", "identify"): Move("investigating", "RE-4.3"),
    ("investigating", "ask"): Move("explanation_asked", "RE-4.4"),
    ("investigating", "confirm"): Move("confirmed", "RE-4.5"),
    ("investigating", "dismiss"): Move("unfounded", "RE-4.5"),
    ("explanation_asked", "prolong"): Move("explanation_asked", "RE-4.4"),
    ("explanation_asked", "explain"): Move("explanation_asked", "RE-4.4"),
    ("explanation_asked", "confirm"): Move("confirmed", "RE-4.5"),
    ("explanation_asked", "dismiss"): Move("unfounded", "RE-4.5"),
    ("confirmed", "hand_over"): Move("confirmed", "RE-7.6"),
    ("confirmed", "receive"): Move("confirmed", "RE-4.8"),
}
#: State and event of a sanction.
SANCTION: Moves = {
    ("proposed", "confirm"): Move("confirmed", "GD-9"),
    ("proposed", "waive"): Move("waived", "GD-9"),
    ("confirmed", "appeal"): Move("appealed", "GD-9"),
    ("confirmed", "settle"): Move("confirmed", "RE-4.8"),
    ("appealed", "uphold"): Move("upheld", "GD-9"),
    ("appealed", "lift"): Move("lifted", "GD-9"),
    ("upheld", "settle"): Move("upheld", "RE-4.8"),
}


def move_case(state: str, event: str) -> Move:
    """Where ``event`` takes a case. Raises Refusal when D.9 has no such way."""
    return _move(CASE, state, event, Refusal("breach_not_open", "RE-4.3"))


def move_sanction(state: str, event: str) -> Move:
    """Where ``event`` takes a sanction. Raises Refusal when D.9 has no such way."""
    return _move(SANCTION, state, event, Refusal("sanction_not_open", "GD-9"))


def _move(moves: Moves, state: str, event: str, refusal: Refusal) -> Move:
    found = moves.get((state, event))
    if found is None:
        raise refusal
    return found
