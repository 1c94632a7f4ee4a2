"""Every step of the life of a distributor, and of the file of an ending, by its command: in the tables or refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from portal import clock
from portal.models import Distributor
from portal.rules.exits import MOVES, STATES, check_move
from portal.rules.partner_states import DISTRIBUTOR_STATES, TRANSITIONS
from portal.rules.refusal import Refusal
from portal.services import exits, partner_standing, partnership
from tests.fixtures import People
from tests.services.test_exits import refusal, told


@pytest.mark.parametrize(("before", "after"), list(product(STATES, STATES)))
def test_every_pair_of_states_of_a_file(before: str, after: str) -> None:
    if (before, after) in MOVES:
        check_move(before, after)
        return
    with pytest.raises(Refusal):
        check_move(before, after)


STANDING = {"urge": "urged", "warn": "warned", "downgrade": "downgraded", "recover": "active"}


@pytest.mark.parametrize(("command", "before"), list(product(STANDING, DISTRIBUTOR_STATES)))
def test_a_warning_goes_only_where_the_table_lets_it(session: Any, people: People, command: str, before: str) -> None:
    distributor = people.distributor()
    distributor.status = before
    session.flush()
    facts = {"actor": people.get("hua"), "distributor": distributor, "reason": "考核不合格"}
    step = TRANSITIONS.get((before, STANDING[command]))
    if step is None or step.event != command:
        assert refusal(getattr(partner_standing, command), **facts) == "partner_step_not_possible"
        return
    getattr(partner_standing, command)(**facts)
    assert distributor.status == STANDING[command]
    verb = {"urge": "urged", "warn": "warned", "downgrade": "downgraded", "recover": "recovered"}[command]
    assert told(f"distributor.{verb}") == ["abe", "ana", "olga"]


_COMMANDS: dict[str, Callable[[People, Distributor], Any]] = {
    "exit_requested": lambda people, one: exits.ask_exit(
        actor=people.get("olga"), reason="转行", last_day=clock.now().date() + timedelta(days=40)
    ),
    "terminated": lambda people, one: exits.terminate(
        actor=people.get("hua"), distributor=one, clause="DM-12.2", reason="严重违约"
    ),
    "suspended": lambda people, one: partnership.suspend(actor=people.get("hua"), distributor=one, reason="核查"),
    "blacklisted": lambda people, one: partnership.blacklist(actor=people.get("hua"), distributor=one, reason="第二次"),
}


@pytest.mark.parametrize(("before", "after"), list(product(DISTRIBUTOR_STATES, _COMMANDS)))
def test_every_pair_of_states_of_a_distributor_by_its_command(
    session: Any, people: People, before: str, after: str
) -> None:
    distributor = people.distributor()
    distributor.status = before
    session.flush()
    if (before, after) in TRANSITIONS:
        _COMMANDS[after](people, distributor)
        assert distributor.status == after
    else:
        with pytest.raises(Refusal):
            _COMMANDS[after](people, distributor)
