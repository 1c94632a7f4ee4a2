"""An empty installation gets its first administrator from the operator's shell."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from portal import passwords
from portal.models import HistoryEntry, User, db


@pytest.fixture
def add(app: Flask, empty_database: None):  # type: ignore[no-untyped-def]
    runner = app.test_cli_runner()
    return lambda *arguments: runner.invoke(args=["accounts", "add-administrator", *arguments])


def test_the_printed_password_opens_the_account_once(app: Flask, add) -> None:  # type: ignore[no-untyped-def]
    said = add("ada", "Ada")
    assert said.exit_code == 0
    login, password = said.output.split()
    with app.app_context():
        user = db.session.scalars(select(User)).one()
        assert (user.login, list(user.roles), user.must_change_password) == (login, ["administrator"], True)
        assert passwords.verify(user.password_hash, password)


def test_the_history_says_that_nobody_signed_in_did_it(app: Flask, add) -> None:  # type: ignore[no-untyped-def]
    add("ada", "Ada")
    with app.app_context():
        entry = db.session.scalars(select(HistoryEntry).where(HistoryEntry.verb == "user.created")).one()
        assert (entry.actor_id, entry.actor_role, entry.facts) == (None, "system", {"roles": ["administrator"]})


@pytest.mark.parametrize(("login", "reason"), [("ada", "login_taken"), ("no spaces", "login_spelling")])
def test_a_login_that_cannot_be_is_refused(add, login: str, reason: str) -> None:  # type: ignore[no-untyped-def]
    add("ada", "Ada")
    said = add(login, "Other")
    assert said.exit_code == 1
    assert reason in said.output
