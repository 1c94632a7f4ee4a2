"""D.9 on the database: each command from each state of a case or a sanction, and nothing but what the tables allow."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest

from portal import clock
from portal.models import Finding, HistoryEntry, Project, RoleGrant, Sanction, User, db
from portal.rules.finding_states import CASE, CASE_STATES, SANCTION, SANCTION_STATES
from portal.rules.refusal import Refusal
from portal.services import breaches, findings, sanctions
from portal.services.findings import Report
from tests.clashes import DAY, START
from tests.fixtures import People, password_hash


@pytest.fixture
def file(session: Any, people: People) -> File:
    hal = User(login="hal", name="何励", password_hash=password_hash(), created_at=clock.now())
    hal.grants = [RoleGrant(role="hq_channel")]
    db.session.add(hal)
    db.session.flush()
    return File(people, hal)


class File:
    """A case brought where a test needs it: Kit reports, Hua works on it, Hal is the second person, Olga the distributor."""

    def __init__(self, people: People, hal: User) -> None:
        self.people, self.hal = people, hal
        self.kit, self.hua, self.olga = people.get("kit"), people.get("hua"), people.get("olga")

    @property
    def project(self) -> Project:
        return self.people.project()

    def report(self, kind: str = "interception") -> Finding:
        own = kind == "staff_dumping"
        party = {"team": "一组", "persons": "周某"} if own else {"distributor": self.people.distributor()}
        report = Report(kind=kind, summary="在路口拦下客户", **party)
        return breaches.report_breach(actor=self.kit, project=self.project, report=report)

    def case(self, state: str, kind: str = "interception") -> Finding:
        """A case in ``state``; its time to explain, where it was asked, is over."""
        with clock.set_to(START):
            finding = self.report(kind)
            if state == "investigating":
                findings.take_up(actor=self.hua, finding=finding)
            if state == "explanation_asked":
                self.ask(finding)
        if state in ("confirmed", "unfounded"):
            with clock.set_to(START + DAY):
                self.decide(finding, state == "confirmed")
        return finding

    def sanction(self, state: str) -> Sanction:
        """The fine of a first finding in ``state``, its notice received."""
        with clock.set_to(START):
            finding = self.case("confirmed")
        sanction = finding.sanctions[0]
        with clock.set_to(START + DAY):
            if state != "proposed":
                self.confirm(sanction, state != "waived")
            if state not in ("proposed", "waived"):
                sanctions.confirm_receipt(actor=self.olga, finding=finding)
            if state in ("appealed", "upheld", "lifted"):
                self.appeal(sanction)
            if state in ("upheld", "lifted"):
                self.answer_appeal(sanction, state == "upheld")
        return sanction

    def ask(self, finding: Finding) -> Any:
        question = "请说明当天的经过"
        return breaches.ask_explanation(actor=self.hua, finding=finding, project=self.project, question=question)

    def decide(self, finding: Finding, confirmed: bool) -> Any:
        project = db.session.get_one(Project, finding.project_id)
        return breaches.decide_breach(
            actor=self.hua, finding=finding, project=project, confirmed=confirmed, reason="照片与笔录一致"
        )

    def confirm(self, sanction: Sanction, confirmed: bool) -> Any:
        return sanctions.decide_sanction(actor=self.hua, sanction=sanction, confirmed=confirmed, reason="依约")

    def appeal(self, sanction: Sanction) -> Any:
        return sanctions.appeal(actor=self.olga, sanction=sanction, statement="没有这回事")

    def answer_appeal(self, sanction: Sanction, upheld: bool) -> Any:
        return sanctions.decide_appeal(actor=self.hal, sanction=sanction, upheld=upheld, reason="复核")

    def identify(self, finding: Finding) -> Any:
        return breaches.identify_party(
            actor=self.hua,
            finding=finding,
            project=self.project,
            kind=finding.kind,
            distributor=self.people.distributor(),
            team=None,
            persons=None,
            found=Report(kind=finding.kind, summary=""),
        )

    def receive(self, finding: Finding) -> Any:
        if finding.state == "confirmed":
            self.confirm(finding.sanctions[0], True)
        return sanctions.confirm_receipt(actor=self.olga, finding=finding)


# What each event of the table is as a command; handing over is of the company's own people alone.
COMMANDS: dict[str, Callable[[File, Finding], Any]] = {
    "take_up": lambda file, finding: findings.take_up(actor=file.hua, finding=finding),
    "identify": lambda file, finding: file.identify(finding),
    "ask": lambda file, finding: file.ask(finding),
    "prolong": lambda file, finding: breaches.prolong_explanation(
        actor=file.hua, finding=finding, project=file.project
    ),
    "explain": lambda file, finding: breaches.answer_explanation(actor=file.olga, finding=finding, answer="接人"),
    "confirm": lambda file, finding: file.decide(finding, True),
    "dismiss": lambda file, finding: file.decide(finding, False),
    "receive": lambda file, finding: file.receive(finding),
    "hand_over": lambda file, finding: sanctions.propose_handover(actor=file.hua, finding=finding, grounds="金额较大"),
}
# Asking and deciding take a reported case up by that: two steps of the table in one command.
BY_THAT = {("reported", "ask"), ("reported", "confirm"), ("reported", "dismiss")}
MOMENTS = {"explain": START + DAY, "prolong": START + DAY}


def test_every_event_of_the_table_has_a_command() -> None:
    assert set(COMMANDS) == {event for _, event in CASE}


@pytest.mark.parametrize(("state", "event"), list(product(CASE_STATES, COMMANDS)))
def test_each_command_from_each_state_of_a_case(file: File, state: str, event: str) -> None:
    finding = file.case(state, "staff_dumping" if (state, event) == ("confirmed", "hand_over") else "interception")
    with clock.set_to(MOMENTS.get(event, START + 9 * DAY)):
        if (state, event) not in {*CASE, *BY_THAT}:
            with pytest.raises(Refusal):
                COMMANDS[event](file, finding)
            assert finding.state == state
            return
        COMMANDS[event](file, finding)
    started = "investigating" if (state, event) in BY_THAT else state
    assert finding.state == CASE[started, event].to


@pytest.mark.parametrize("event", ["ask", "confirm", "dismiss"])
def test_who_asks_or_decides_first_has_taken_the_case_up(file: File, event: str) -> None:
    finding = file.case("reported")
    with clock.set_to(START + DAY):
        COMMANDS[event](file, finding)
    assert (finding.taken_up_by_id, finding.taken_up_at) == (file.hua.id, START + DAY)
    verbs = db.session.scalars(db.select(HistoryEntry.verb).order_by(HistoryEntry.id)).all()
    assert verbs.index("finding.taken_up") < verbs.index(
        {"ask": "finding.explanation_asked", "confirm": "finding.confirmed", "dismiss": "finding.unfounded"}[event]
    )


OF_SANCTION: dict[str, Callable[[File, Sanction], Any]] = {
    "confirm": lambda file, sanction: file.confirm(sanction, True),
    "waive": lambda file, sanction: file.confirm(sanction, False),
    "appeal": lambda file, sanction: file.appeal(sanction),
    "uphold": lambda file, sanction: file.answer_appeal(sanction, True),
    "lift": lambda file, sanction: file.answer_appeal(sanction, False),
    "settle": lambda file, sanction: sanctions.settle(actor=file.hua, sanction=sanction),
}


@pytest.mark.parametrize(("state", "event"), list(product(SANCTION_STATES, OF_SANCTION)))
def test_each_command_from_each_state_of_a_sanction(file: File, state: str, event: str) -> None:
    sanction = file.sanction(state)
    with clock.set_to(START + 2 * DAY):
        if (state, event) not in SANCTION:
            with pytest.raises(Refusal):
                OF_SANCTION[event](file, sanction)
            assert sanction.state == state
            return
        OF_SANCTION[event](file, sanction)
    assert sanction.state == SANCTION[state, event].to


def test_every_event_of_a_sanction_has_a_command() -> None:
    assert set(OF_SANCTION) == {event for _, event in SANCTION}


def test_what_owes_nothing_is_not_settled_and_nothing_is_settled_twice(file: File) -> None:
    fine = file.sanction("confirmed")
    with clock.set_to(START + 2 * DAY):
        sanctions.settle(actor=file.hua, sanction=fine)
        with pytest.raises(Refusal, match="sanction_not_open"):
            sanctions.settle(actor=file.hua, sanction=fine)
        second = file.report()
        file.decide(second, True)
        stop = second.sanctions[0]
        file.confirm(stop, True)
        with pytest.raises(Refusal, match="sanction_not_open"):
            sanctions.settle(actor=file.hua, sanction=stop)


def test_a_handover_is_proposed_once_and_decided_by_another(file: File) -> None:
    finding = file.case("confirmed", "staff_dumping")
    with clock.set_to(START + 2 * DAY):
        handover = sanctions.propose_handover(actor=file.hua, finding=finding, grounds="收取财物；法务同意")
        assert (handover.clause, handover.state, handover.proposal) == ("RE-7.6", "proposed", "收取财物；法务同意")
        with pytest.raises(Refusal, match="handover_not_open"):
            sanctions.propose_handover(actor=file.hal, finding=finding, grounds="再提一次")
        with pytest.raises(Refusal, match="handover_by_its_proposer"):
            sanctions.decide_sanction(actor=file.hua, sanction=handover, confirmed=True, reason="同意")
        sanctions.decide_sanction(actor=file.hal, sanction=handover, confirmed=True, reason="同意移送")
    assert handover.state == "confirmed"


def test_only_cases_of_the_own_people_are_handed_over(file: File) -> None:
    finding = file.case("confirmed")
    with clock.set_to(START + 2 * DAY), pytest.raises(Refusal, match="handover_not_open"):
        sanctions.propose_handover(actor=file.hua, finding=finding, grounds="金额较大")
