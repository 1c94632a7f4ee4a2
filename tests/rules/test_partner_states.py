"""The life of a partner (D.1): every step of the table is there with its clause, every other pair of states is refused."""

from __future__ import annotations

from itertools import product

import pytest

from portal.rules.partner_states import MAY_ACT, PARTNER_STATES, check_step, steps_from
from portal.rules.refusal import Refusal

# Written down a second time, as the clauses have it: state, then what may follow it and by which clause.
ALLOWED = {
    "prospect": {"applied": "DM-2.6"},
    "applied": {"in_review": "DO-2.2"},
    "in_review": {"returned": "DO-2.2", "surveyed": "CH-3.7"},
    "returned": {"in_review": "DO-2.2"},
    "surveyed": {"examined": "CH-3.11"},
    "examined": {"approved": "DO-2.3", "rejected": "DO-2.3"},
    "approved": {"contracted": "CH-5.1"},
    "rejected": {},
    "contracted": {"active": "DO-2.5", "terminated": "DM-12.2", "blacklisted": "RE-5.4"},
    "active": {
        "urged": "CH-14.4",
        "warned": "DM-11.3",
        "suspended": "DM-12.1",
        "exit_requested": "DM-12.6",
        "terminated": "DM-12.2",
        "blacklisted": "RE-5.4",
    },
    "urged": {
        "active": "CH-14.4",
        "warned": "DM-11.3",
        "suspended": "DM-12.1",
        "exit_requested": "DM-12.6",
        "terminated": "DM-12.2",
        "blacklisted": "RE-5.4",
    },
    "warned": {
        "active": "CM-3.5",
        "downgraded": "DM-11.3",
        "suspended": "DM-12.1",
        "exit_requested": "DM-12.6",
        "terminated": "DM-12.2",
        "blacklisted": "RE-5.4",
    },
    "downgraded": {
        "active": "CM-3.5",
        "warned": "DM-11.3",
        "suspended": "DM-12.1",
        "exit_requested": "DM-12.6",
        "terminated": "DM-12.2",
        "blacklisted": "RE-5.4",
    },
    "suspended": {
        "active": "DM-12.1",
        "exit_requested": "DM-12.6",
        "terminated": "DM-12.2",
        "blacklisted": "RE-5.4",
    },
    "exit_requested": {
        "active": "DM-12.6",
        "urged": "DM-12.6",
        "warned": "DM-12.6",
        "downgraded": "DM-12.6",
        "suspended": "DM-12.1",
        "exited": "DM-12.6",
        "terminated": "DM-12.2",
        "blacklisted": "RE-5.4",
    },
    "exited": {"closed": "DM-12.7", "blacklisted": "RE-5.4"},
    "terminated": {"active": "RE-Q46", "closed": "DM-12.7", "blacklisted": "RE-5.4"},
    "blacklisted": {"active": "RE-Q46", "closed": "DM-12.7"},
    "closed": {},
}


def test_the_table_names_every_state() -> None:
    assert set(ALLOWED) == set(PARTNER_STATES)


@pytest.mark.parametrize(("before", "after"), list(product(PARTNER_STATES, PARTNER_STATES)))
def test_every_pair_of_states(before: str, after: str) -> None:
    clause = ALLOWED[before].get(after)
    if clause is not None:
        assert check_step(before, after).clause == clause
        return
    with pytest.raises(Refusal) as refusal:
        check_step(before, after)
    assert refusal.value.reason == "partner_step_not_possible"
    assert refusal.value.facts == {"before": before, "after": after}


@pytest.mark.parametrize("state", PARTNER_STATES)
def test_what_may_follow(state: str) -> None:
    assert set(steps_from(state)) == set(ALLOWED[state])


def test_who_may_act_is_who_has_a_relation_that_runs() -> None:
    assert {"active", "urged", "warned", "downgraded", "exit_requested"} == MAY_ACT
