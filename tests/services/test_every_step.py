"""D.1 on the database, whole: each step of the table is made by its command, every other pair of states is refused by it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any

import pytest

from portal import clock
from portal.models import Application, Distributor, Exit, db
from portal.rules.contract_states import MAY_SIGN
from portal.rules.exits import MOVES
from portal.rules.exits import STATES as FILE_STATES
from portal.rules.partner_states import APPLICATION_STATES, DISTRIBUTOR_STATES, TRANSITIONS
from portal.rules.refusal import Refusal
from portal.services import (
    application_decisions,
    application_reviews,
    applications,
    exit_duties,
    exits,
    partner_entries,
    partnership,
)
from tests import contracting
from tests.applying import examine, reach, survey
from tests.fixtures import People
from tests.services.test_partner_steps import STANDING

START = datetime(2026, 3, 2, 2, tzinfo=UTC)
END, DAY = datetime(2026, 4, 30, 16, tzinfo=UTC), timedelta(days=1)
#: The steps of D.1 by what is done, as the table of the code has them.
EVENTS: dict[str, set[tuple[str, str]]] = {}
for _pair, _step in TRANSITIONS.items():
    EVENTS.setdefault(_step.event, set()).add(_pair)


# An application


def _sign(people: People, application: Application, approved: bool) -> None:
    for who in ("dan", "gia") if approved else ("dan",):
        application_decisions.sign(actor=people.get(who), application=application, approved=approved, reason="各项齐全")


def _return(people: People, application: Application) -> None:
    application_reviews.return_application(
        actor=people.get("hua"), application=application, remarks={"name": "与执照不符"}
    )


def _brought_to(people: People, state: str) -> Application:
    """An application in ``state``, with everything done in it that its next step asks for."""
    return db.session.get_one(Application, people.bring(("prepared", state), lambda: _prepare(people, state)))


def _prepare(people: People, state: str) -> int:
    if state == "returned":
        application = reach(people, "in_review")
        _return(people, application)
    elif state == "rejected":
        application = reach(people, "examined")
        _sign(people, application, False)
    else:
        application = reach(people, state)
        {"in_review": survey, "surveyed": examine}.get(state, lambda *_: None)(people, application)
    db.session.commit()
    return application.id


APPLICATION_COMMANDS: dict[str, Callable[[People, Application], Any]] = {
    "apply": lambda people, one: applications.send_application(application=one),
    "correct": lambda people, one: applications.send_application(application=one),
    "complete": lambda people, one: application_reviews.take_up(actor=people.get("hua"), application=one),
    "return": _return,
    "survey": lambda people, one: application_reviews.finish_surveys(actor=people.get("hua"), application=one),
    "examine": lambda people, one: application_reviews.confirm_scores(
        actor=people.get("hua"), application=one, reason="各项齐全"
    ),
    "approve": lambda people, one: _sign(people, one, True),
    "reject": lambda people, one: _sign(people, one, False),
}
#: Sending is one command: what it does depends on where the application stands; sent once more it is the one sent.
SENDS = {"apply", "correct"}


@pytest.mark.parametrize(("before", "event"), list(product(APPLICATION_STATES, APPLICATION_COMMANDS)))
def test_every_command_on_an_application_in_every_state(session: Any, people: People, before: str, event: str) -> None:
    application = _brought_to(people, before)
    steps = {after for state, after in EVENTS[event] | (_sends() if event in SENDS else set()) if state == before}
    if steps:
        APPLICATION_COMMANDS[event](people, application)
        assert {application.state} == steps
        return
    if event in SENDS:
        APPLICATION_COMMANDS[event](people, application)
    else:
        with pytest.raises(Refusal):
            APPLICATION_COMMANDS[event](people, application)
        db.session.rollback()
    assert application.state == before


def _sends() -> set[tuple[str, str]]:
    return EVENTS["apply"] | EVENTS["correct"]


# A distributor: what test_partner_steps.py does not try


@pytest.fixture
def file(session: Any, people: People) -> Callable[[str, str], Exit]:
    """``file("approved", "warned")``: a file of leaving in that state, while the distributor has come into the other."""

    def bring(state: str, standing: str) -> Exit:
        ending = db.session.get_one(Exit, people.bring(("file of leaving", state), lambda: begin(state)))
        people.distributor().status = standing
        session.flush()
        return ending

    def begin(state: str) -> int:
        hua = people.get("hua")
        with clock.set_to(START):
            ending = exits.ask_exit(actor=people.get("olga"), reason="转行", last_day=date(2026, 4, 30))
            if state != "asked":
                exits.decide_exit(actor=hua, ending=ending, approved=True, reason="手续齐全")
        if state == "in_force":
            with clock.set_to(END):
                exits.take_effect(ending=ending)
                for kind in ("commission", "papers", "confidentiality"):
                    exit_duties.tick_duty(actor=hua, ending=ending, kind=kind, done=True, note="")
                exit_duties.settle_up(actor=hua, ending=ending)
                exit_duties.record_paper_settlement(actor=hua, ending=ending, signer_name="欧佳")
        db.session.commit()
        return ending.id

    return bring


#: By which state of the file a command on it is given, and the command.
ON_FILES: dict[str, tuple[str, Callable[[People, Exit], Any]]] = {
    "take back": ("asked", lambda people, ending: exits.take_back(actor=people.get("olga"), ending=ending)),
    "refuse": (
        "asked",
        lambda people, ending: exits.decide_exit(
            actor=people.get("hua"), ending=ending, approved=False, reason="还有欠款"
        ),
    ),
    "leave": ("approved", lambda people, ending: exits.take_effect(ending=ending)),
    "close": ("in_force", lambda people, ending: exit_duties.close(actor=people.get("hua"), ending=ending)),
}
STEP_OF = {"take back": "stay", "refuse": "stay", "leave": "leave", "close": "close"}


@pytest.mark.parametrize(("before", "command"), list(product(DISTRIBUTOR_STATES, ON_FILES)))
def test_every_command_on_the_file_of_an_ending_in_every_state_of_its_distributor(
    people: People, file: Callable[[str, str], Exit], before: str, command: str
) -> None:
    state, act = ON_FILES[command]
    ending, distributor = file(state, before), people.distributor()
    # It asked to leave while it was active, so staying leads back there.
    steps = {after for origin, after in EVENTS[STEP_OF[command]] if origin == before}
    after = "active" if "active" in steps else next(iter(steps), None)
    with clock.set_to(END + DAY):
        if after is not None:
            act(people, ending)
        elif command == "leave":
            assert act(people, ending) is False
        else:
            with pytest.raises(Refusal):
                act(people, ending)
    assert distributor.status == (after or before)


#: A command on a file, the state of the distributor in which nothing else stands against it, and where it leads the file.
MOVES_OF: dict[str, tuple[Callable[[People, Exit], Any], str, str]] = {
    "take back": (ON_FILES["take back"][1], "exit_requested", "taken_back"),
    "refuse": (ON_FILES["refuse"][1], "exit_requested", "refused"),
    "approve": (
        lambda people, ending: exits.decide_exit(
            actor=people.get("hua"), ending=ending, approved=True, reason="手续齐全"
        ),
        "exit_requested",
        "approved",
    ),
    "leave": (ON_FILES["leave"][1], "exit_requested", "in_force"),
    "close": (ON_FILES["close"][1], "exited", "closed"),
    "confirm": (
        lambda people, ending: exits.decide_termination(
            actor=people.get("hua"), ending=ending, approved=True, reason="属实"
        ),
        "active",
        "in_force",
    ),
    "drop": (
        lambda people, ending: exits.decide_termination(
            actor=people.get("hua"), ending=ending, approved=False, reason="不属实"
        ),
        "active",
        "refused",
    ),
}
#: Refusing is of a request or of a proposal, taking effect of an approval or of a proposal: by commands of their own.
STARTS = {"take back": "asked", "refuse": "asked", "approve": "asked", "leave": "approved", "close": "in_force"}
STARTS |= {"confirm": "proposed", "drop": "proposed"}


@pytest.mark.parametrize(("state", "command"), list(product(FILE_STATES, MOVES_OF)))
def test_every_command_on_a_file_in_every_state_of_the_file(
    people: People, file: Callable[[str, str], Exit], state: str, command: str
) -> None:
    act, standing, after = MOVES_OF[command]
    ending, somebody = file("in_force" if state in ("in_force", "closed") else "asked", standing), people.users["kit"]
    ending.state, ending.closed_by_id = state, somebody if state == "closed" else None
    ending.decided_by_id, ending.decided_at, ending.ends_at = somebody, START, END
    # Only a termination is proposed; the other states are tried of a request to leave.
    ending.kind = "termination" if state == "proposed" else "voluntary"
    db.session.flush()
    with clock.set_to(END + DAY):
        if state == STARTS[command]:
            assert (state, after) in MOVES
            act(people, ending)
            assert ending.state == after
        elif command == "leave":
            assert act(people, ending) is False and ending.state == state
        else:
            with pytest.raises(Refusal):
                act(people, ending)
            assert ending.state == state


def test_every_move_of_a_file_is_tried_by_a_command() -> None:
    tried = {(STARTS[command], after) for command, (_, _, after) in MOVES_OF.items()}
    assert MOVES - tried == {(state, "overtaken") for state in ("asked", "proposed", "approved", "in_force")}


@pytest.mark.parametrize("state", ["asked", "approved", "in_force"])
def test_a_file_that_something_stronger_overtook_is_put_down(
    people: People, file: Callable[[str, str], Exit], state: str
) -> None:
    ending = file(state, "active" if state == "in_force" else "blacklisted")
    assert exits.overtake_stale(now=END + DAY) == 1
    assert ending.state == "overtaken"


def test_a_suspended_partner_does_not_come_back_by_staying(people: People, file: Callable[[str, str], Exit]) -> None:
    ending, distributor = file("asked", "exit_requested"), people.distributor()
    with clock.set_to(START + DAY):
        partnership.suspend(actor=people.get("hua"), distributor=distributor, reason="核查")
        for act in (ON_FILES["take back"][1], ON_FILES["refuse"][1]):
            with pytest.raises(Refusal, match="exit_not_open"):
                act(people, ending)
        assert (distributor.status, ending.state) == ("suspended", "asked")
        exits.overtake_stale(now=clock.now())
    assert (distributor.status, ending.state) == ("suspended", "overtaken")


@pytest.mark.parametrize("before", DISTRIBUTOR_STATES)
def test_a_signed_contract_makes_contracted_only_who_was_approved(session: Any, people: People, before: str) -> None:
    contracting.without_contracts(people)
    distributor = people.distributor()
    distributor.status = before
    session.flush()
    if before in MAY_SIGN:
        contracting.signed(people)
        assert distributor.status == ("contracted" if (before, "contracted") in EVENTS["contract"] else before)
        return
    with pytest.raises(Refusal):
        contracting.signed(people)
    assert distributor.status == before


BY_HEADQUARTERS: dict[str, Callable[[People, Distributor], Any]] = {
    "enter": lambda people, one: partner_entries.enter_partner(
        actor=people.get("hua"), distributor=one, folder_location="档案室 3 柜"
    ),
    "reinstate": lambda people, one: partnership.reinstate(actor=people.get("hua"), distributor=one, reason="已整改"),
}


@pytest.mark.parametrize(("before", "event"), list(product(DISTRIBUTOR_STATES, BY_HEADQUARTERS)))
def test_who_is_entered_and_who_is_taken_back(session: Any, people: People, before: str, event: str) -> None:
    distributor = people.distributor()
    distributor.status = before
    session.flush()
    if (before, "active") in EVENTS[event]:
        BY_HEADQUARTERS[event](people, distributor)
        assert distributor.status == "active"
        return
    with pytest.raises(Refusal):
        BY_HEADQUARTERS[event](people, distributor)
    assert distributor.status == before


def test_every_event_of_the_table_is_tried_by_a_command() -> None:
    elsewhere = {*STANDING, "suspend", "ask_exit", "terminate", "blacklist"}
    here = {*APPLICATION_COMMANDS, *STEP_OF.values(), *BY_HEADQUARTERS, "contract"}
    assert set(EVENTS) == elsewhere | here
