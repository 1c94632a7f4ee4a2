"""One-time codes: sent once a minute, good for ten, tried five times, used once."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from portal import clock
from portal.models import OneTimeCode, OutgoingMessage, db
from portal.rules.refusal import Refusal
from portal.services import one_time_codes
from portal.services.unacceptable import Unacceptable

ADDRESS = "chen@example.cn"


def ask(address: str = ADDRESS, purpose: str = "apply", about: str = "") -> str:
    """Have a code sent; what it says."""
    one_time_codes.send_code(purpose=purpose, channel="email", address=address, about=about)
    db.session.commit()
    message = db.session.query(OutgoingMessage).order_by(OutgoingMessage.id.desc()).first()
    assert message is not None
    return str(json.loads(message.facts or "")["code"])


def check(code: str, address: str = ADDRESS, purpose: str = "apply", about: str = "") -> bool:
    """Whether the code is taken; what a failed command leaves behind is nothing."""
    try:
        one_time_codes.check_code(purpose=purpose, address=address, code=code, about=about)
    except Unacceptable as problem:
        assert (problem.field, problem.reason) == ("code", "code_wrong")
        db.session.rollback()
        return False
    db.session.commit()
    return True


def test_the_code_that_was_sent_is_taken_once(session: Any) -> None:
    code = ask()
    assert len(code) == 6 and code.isdigit()
    assert check(f" {code} ", "CHEN@example.cn")
    assert not check(code)


@pytest.mark.parametrize(
    "other",
    [{"address": "other@example.cn"}, {"purpose": "contract"}, {"about": "HT-1"}],
    ids=lambda one: next(iter(one)),
)
def test_for_anything_else_it_is_wrong(session: Any, other: dict[str, str]) -> None:
    assert not check(ask(), **other)


def test_codes_that_anybody_may_ask_for_hold_up_none_for_another_purpose(session: Any) -> None:
    ask(purpose="apply")
    assert check(ask(purpose="contract", about="HT-1"), purpose="contract", about="HT-1")


def test_neither_code_nor_address_is_stored_readable(session: Any) -> None:
    code = ask()
    row = db.session.execute(db.text("SELECT * FROM one_time_codes")).mappings().one()
    message = db.session.execute(db.text("SELECT address, facts FROM outgoing_messages")).one()
    stored = [bytes(value) for value in (*row.values(), *message) if isinstance(value, bytes | memoryview)]
    assert not any(code.encode() in value or ADDRESS.encode() in value for value in stored)


def test_a_sixth_try_is_wrong_even_with_the_right_code(session: Any) -> None:
    code = ask()
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    assert [check(wrong) for _ in range(5)] == [False] * 5
    assert not check(code)
    assert db.session.query(OneTimeCode.tries).scalar() == 5


def test_a_command_that_fails_afterwards_leaves_the_code_and_the_counted_try(session: Any) -> None:
    code = ask()
    one_time_codes.check_code(purpose="apply", address=ADDRESS, code=code)
    db.session.rollback()
    assert db.session.query(OneTimeCode.tries).scalar() == 1
    assert check(code)


def test_after_ten_minutes_it_is_over(session: Any) -> None:
    code, sent = ask(), clock.now()
    with clock.set_to(sent + timedelta(minutes=10, seconds=1)):
        assert not check(code)


def test_the_newest_code_counts(session: Any) -> None:
    first, sent = ask(), clock.now()
    with clock.set_to(sent + timedelta(seconds=61)):
        second = ask()
        assert first == second or not check(first)
        assert check(second)


def test_once_a_minute_and_five_an_hour(session: Any) -> None:
    start = clock.now()
    ask()
    with pytest.raises(Refusal, match="code_just_sent"):
        ask()
    db.session.rollback()
    for number in range(1, 5):
        with clock.set_to(start + timedelta(minutes=2 * number)):
            ask()
    with clock.set_to(start + timedelta(minutes=20)), pytest.raises(Refusal, match="codes_too_many"):
        ask()


def test_asked_for_at_the_same_moment_one_is_sent(app: Flask, empty_database: None) -> None:
    def one(_: int) -> str:
        with app.app_context():
            try:
                ask()
            except Refusal as refusal:
                db.session.rollback()
                return refusal.reason
            return "sent"

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(one, range(4))) == ["code_just_sent"] * 3 + ["sent"]


def test_used_at_the_same_moment_it_counts_once(app: Flask, empty_database: None) -> None:
    with app.app_context():
        code = ask()

    def one(_: int) -> bool:
        with app.app_context():
            return check(code)

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(one, range(4))) == [False, False, False, True]
