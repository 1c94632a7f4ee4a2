"""A ruling is recomputed from what was stored with it: the same years later, different when anything was touched."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from flask import Flask

from launcher.postgres import PostgresServer
from portal.models import db
from portal.queries import rulings
from portal.services.replays import replay_ruling
from tests.clashes import clashed
from tests.fixtures import SUPERUSER, Stage


@pytest.fixture
def forge(postgres_server: PostgresServer, database_name: str) -> Iterator[Callable[[str], None]]:
    """The superuser with the guards off: what somebody with the machine in hand could do."""
    with psycopg.connect(postgres_server.url(role=SUPERUSER, database=database_name), autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        yield lambda statement: connection.execute(statement)  # type: ignore[arg-type,return-value]


@pytest.fixture
def ruled(session: Any, stage: Stage) -> str:
    """The number of the ruling that a person confirmed; there is an earlier one by the rules alone."""
    number = clashed(stage)[2].reference
    session.commit()
    return number


def differences(number: str) -> tuple[str, ...]:
    db.session.rollback()
    db.session.expire_all()
    found = rulings.named(number)
    assert found is not None
    return replay_ruling(found).differences


def test_an_untouched_ruling_comes_out_the_same(ruled: str) -> None:
    assert differences(ruled) == ()


ONE = "WHERE origin = 'ruled'"
TOUCHED = {
    "a visit taken out of the facts": (
        f"UPDATE rulings SET facts = jsonb_set(facts, '{{candidates,1,registration,visited_at}}', 'null') {ONE}",
        {"digest", "outcome:owner", "outcome:clause"},
    ),
    "the outcome": (
        f"UPDATE rulings SET outcome = jsonb_set(outcome, '{{clause}}', '\"RE-8.6\"') {ONE}",
        {"digest", "column:clause", "outcome:clause"},
    ),
    "the owner on the row": (f"UPDATE rulings SET owner_id = 1 {ONE}", {"column:owner"}),
    "a filing time": (
        "UPDATE registrations SET filed_at = filed_at - interval '1 day' WHERE id = 1",
        {"registration:"},
    ),
    "whose a registration is": ("UPDATE registrations SET distributor_id = 2 WHERE id = 1", {"registration:"}),
    "the time of the deal": ("UPDATE deal_events SET happened_at = happened_at - interval '1 day'", {"event:"}),
    "the policy rewritten in place": (
        "UPDATE policies SET document = jsonb_set(document, '{title_zh}', '\"另一份\"')",
        {"policy_changed:"},
    ),
    "a record that cannot be read": (f"UPDATE rulings SET facts = facts - 'tie_break' {ONE}", {"digest", "unreadable"}),
}


@pytest.mark.parametrize(("statement", "expected"), TOUCHED.values(), ids=TOUCHED)
def test_what_was_touched_is_found(
    ruled: str, forge: Callable[[str], None], statement: str, expected: set[str]
) -> None:
    forge(statement)
    found = differences(ruled)
    assert all(any(one.startswith(code) for one in found) for code in expected), found


def test_the_command_says_same_or_different(app: Flask, stage: Stage) -> None:
    with app.app_context():
        ruling = clashed(stage)[2]
        number = ruling.reference
        db.session.commit()
    runner = app.test_cli_runner()
    same = runner.invoke(args=["ruling", "replay", number])
    assert (same.exit_code, "same, RE-8.7, policy RE-1" in same.output) == (0, True)
    every = runner.invoke(args=["ruling", "replay", "--all"])
    assert (every.exit_code, every.output) == (0, "2 rulings, 0 different\n")
    unknown = runner.invoke(args=["ruling", "replay", "YQ-R0000-000000"])
    assert unknown.exit_code == 1 and "there is no ruling" in unknown.output
    assert runner.invoke(args=["ruling", "replay"]).exit_code == 2


def test_the_command_names_what_differs(app: Flask, ruled: str, forge: Callable[[str], None]) -> None:
    forge(TOUCHED["the outcome"][0])
    found = app.test_cli_runner().invoke(args=["ruling", "replay", ruled])
    assert found.exit_code == 1
    assert "different" in found.output and "the rules give another clause" in found.output
    every = app.test_cli_runner().invoke(args=["ruling", "replay", "--all"])
    assert (every.exit_code, "2 rulings, 1 different" in every.output, ruled in every.output) == (1, True, True)
