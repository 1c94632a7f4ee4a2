"""Decisions about the same cooperation in the same moment: one of them counts, and nothing happens twice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from portal import clock
from portal.models import Distributor, Document, Enforcement, Exit, HistoryEntry, Registration, User, db
from portal.rules.refusal import Refusal
from portal.services import exit_duties, exits
from portal.transaction import transaction
from tests.fixtures import STROKES, People, Stage

ROUNDS = 4
Command = Callable[[], Any]


def at_once(app: Flask, *commands: Command) -> list[str]:
    """Run the commands in the same moment, each in a transaction of its own; "done" or the reason of each refusal."""
    start, answers = threading.Barrier(len(commands)), [""] * len(commands)

    def run(number: int, command: Command) -> None:
        with app.app_context():
            start.wait()
            try:
                with transaction():
                    command()
                answers[number] = "done"
            except Refusal as refusal:
                answers[number] = refusal.reason

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(commands)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def person(login: str) -> User:
    return db.session.query(User).filter_by(login=login).one()


def the_exit() -> Exit:
    return db.session.query(Exit).order_by(Exit.id.desc()).limit(1).one()


def ask(people: People) -> None:
    last_day = (clock.now() + timedelta(days=40)).date()
    exits.ask_exit(actor=people.get("olga"), reason="转行", last_day=last_day)
    db.session.commit()


@pytest.mark.parametrize("number", range(ROUNDS))
def test_granted_and_taken_back_at_once_only_one_counts(app: Flask, people: People, number: int) -> None:
    with app.app_context():
        ask(people)
    answers = at_once(
        app,
        lambda: exits.decide_exit(actor=person("hua"), ending=the_exit(), approved=True, reason="同意"),
        lambda: exits.take_back(actor=person("olga"), ending=the_exit()),
    )
    assert sorted(answers) == ["done", "exit_not_open"]
    with app.app_context():
        state, status = the_exit().state, people.distributor().status
        assert (state, status) in {("approved", "exit_requested"), ("taken_back", "active")}
        assert db.session.query(Document).filter_by(kind="exit_approval").count() == (state == "approved")


def test_two_owners_ask_once(app: Flask, people: People) -> None:
    def press() -> None:
        last_day = (clock.now() + timedelta(days=40)).date()
        exits.ask_exit(actor=person("olga"), reason="转行", last_day=last_day, submission_key="one")

    assert at_once(app, *[press] * 4) == ["done"] * 4
    with app.app_context():
        assert db.session.query(Exit).count() == 1


def test_two_workers_carry_it_out_once(app: Flask, people: People) -> None:
    with app.app_context():
        ask(people)
        exits.decide_exit(actor=people.get("hua"), ending=the_exit(), approved=True, reason="同意")
        the_exit().ends_at = clock.now()
        db.session.commit()
    assert at_once(app, *[lambda: exits.take_effect(ending=the_exit())] * 3) == ["done"] * 3
    with app.app_context():
        assert db.session.query(Enforcement).filter_by(kind="exit").count() == 1
        assert db.session.query(HistoryEntry).filter_by(verb="distributor.exited").count() == 1


@pytest.mark.parametrize("number", range(ROUNDS))
def test_nothing_filed_while_it_is_terminated_goes_on_running(
    app: Flask, people: People, stage: Stage, number: int
) -> None:
    def terminate() -> None:
        distributor = db.session.query(Distributor).filter_by(reference="D-0001").one()
        exits.terminate(actor=person("hua"), distributor=distributor, clause="DM-12.2", reason="严重违约")

    answers = at_once(app, terminate, *[lambda: stage.file("ana")] * 3)
    assert answers[0] == "done" and set(answers[1:]) <= {"done", "distributor_terminated", "no_contract"}
    with app.app_context():
        mine = db.session.query(Registration).filter_by(distributor_id=people.distributors["甲渠道"])
        assert all(one.outcome == "void" for one in mine)


def test_closed_twice_at_once_is_closed_once(app: Flask, people: People) -> None:
    with app.app_context():
        ask(people)
        hua, ending = people.get("hua"), the_exit()
        exits.decide_exit(actor=hua, ending=ending, approved=True, reason="同意")
        ending.ends_at = clock.now()
        exits.take_effect(ending=ending)
        for kind in ("commission", "papers", "confidentiality"):
            exit_duties.tick_duty(actor=hua, ending=ending, kind=kind, done=True, note="")
        exit_duties.settle_up(actor=hua, ending=ending)
        pad: dict[str, Any] = {"strokes": dict(STROKES), "image": b""}
        exit_duties.sign_settlement(actor=people.get("olga"), ending=ending, **pad)
        db.session.commit()
    answers = at_once(app, *[lambda: exit_duties.close(actor=person("hua"), ending=the_exit())] * 2)
    assert sorted(answers) == ["done", "exit_not_open"]
