"""The life of a case of breach and of a sanction (D.9): every step of the tables, every other one refused."""

from __future__ import annotations

from itertools import product

import pytest

from portal.rules.finding_states import (
    CASE,
    CASE_STATES,
    SANCTION,
    SANCTION_STATES,
    STANDING,
    UNDECIDED,
    move_case,
    move_sanction,
)
from portal.rules.refusal import Refusal

# Written down a second time, as D.9 has it: state, event, where it leads, by which clause.
CASE_STEPS = {
    ("reported", "take_up"): ("investigating", "RE-4.3"),
    ("reported", "identify"): ("reported", "RE-4.3"),
    ("investigating", "identify"): ("investigating", "RE-4.3"),
    ("investigating", "ask"): ("explanation_asked", "RE-4.4"),
    ("investigating", "confirm"): ("confirmed", "RE-4.5"),
    ("investigating", "dismiss"): ("unfounded", "RE-4.5"),
    ("explanation_asked", "prolong"): ("explanation_asked", "RE-4.4"),
    ("explanation_asked", "explain"): ("explanation_asked", "RE-4.4"),
    ("explanation_asked", "confirm"): ("confirmed", "RE-4.5"),
    ("explanation_asked", "dismiss"): ("unfounded", "RE-4.5"),
    ("confirmed", "hand_over"): ("confirmed", "RE-7.6"),
    ("confirmed", "receive"): ("confirmed", "RE-4.8"),
}
SANCTION_STEPS = {
    ("proposed", "confirm"): ("confirmed", "GD-9"),
    ("proposed", "waive"): ("waived", "GD-9"),
    ("confirmed", "appeal"): ("appealed", "GD-9"),
    ("confirmed", "settle"): ("confirmed", "RE-4.8"),
    ("appealed", "uphold"): ("upheld", "GD-9"),
    ("appealed", "lift"): ("lifted", "GD-9"),
    ("upheld", "settle"): ("upheld", "RE-4.8"),
}
CASE_EVENTS = sorted({event for _, event in CASE_STEPS})
SANCTION_EVENTS = sorted({event for _, event in SANCTION_STEPS})


def test_the_tables_name_nothing_else() -> None:
    assert set(CASE) == set(CASE_STEPS) and set(SANCTION) == set(SANCTION_STEPS)
    assert {move.to for move in CASE.values()} | {"reported"} == set(CASE_STATES)
    assert {move.to for move in SANCTION.values()} | {"proposed"} == set(SANCTION_STATES)


@pytest.mark.parametrize(("state", "event"), list(product(CASE_STATES, CASE_EVENTS)))
def test_every_event_in_every_state_of_a_case(state: str, event: str) -> None:
    if (state, event) in CASE_STEPS:
        move = move_case(state, event)
        assert (move.to, move.clause) == CASE_STEPS[state, event]
        return
    with pytest.raises(Refusal, match="breach_not_open"):
        move_case(state, event)


@pytest.mark.parametrize(("state", "event"), list(product(SANCTION_STATES, SANCTION_EVENTS)))
def test_every_event_in_every_state_of_a_sanction(state: str, event: str) -> None:
    if (state, event) in SANCTION_STEPS:
        move = move_sanction(state, event)
        assert (move.to, move.clause) == SANCTION_STEPS[state, event]
        return
    with pytest.raises(Refusal, match="sanction_not_open"):
        move_sanction(state, event)


@pytest.mark.parametrize(("before", "after"), list(product(CASE_STATES, CASE_STATES)))
def test_every_pair_of_states_of_a_case(before: str, after: str) -> None:
    ways = {event for (state, event), (to, _) in CASE_STEPS.items() if (state, to) == (before, after)}
    assert {event for event in CASE_EVENTS if _leads(before, event) == after} == ways


def _leads(state: str, event: str) -> str | None:
    try:
        return move_case(state, event).to
    except Refusal:
        return None


def test_who_has_decided_and_what_stands() -> None:
    assert UNDECIDED == ("reported", "investigating", "explanation_asked")
    assert STANDING == ("confirmed", "appealed", "upheld")
