"""Breaches on the database: who decides and when, how offences count, what is proposed, what becomes void (RE-4 to 7)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from portal import clock
from portal.models import Deal, Finding, HistoryEntry, Notice, Project, Registration, User, db
from portal.rules.refusal import Refusal
from portal.services import breaches, finding_notices
from portal.services.breaches import Report
from tests.clashes import BOUGHT_AT, DAY, HOUR, START, clashed, loaded
from tests.fixtures import People, Stage

#: About 210 metres north-east of the sales office, and about 390 metres south-east of it.
INSIDE, OUTSIDE = (Decimal("30.275350"), Decimal("120.156760")), (Decimal("30.271680"), Decimal("120.157900"))


@pytest.fixture
def case(session: Any, people: People, stage: Stage) -> Case:
    return Case(people, stage)


class Case:
    """Short ways to report and decide; Kit of customer service reports, Hua of headquarters decides."""

    def __init__(self, people: People, stage: Stage) -> None:
        self.people, self.stage = people, stage

    def report(
        self, kind: str = "interception", name: str = "甲渠道", project: Project | None = None, **facts: Any
    ) -> Finding:
        return breaches.report_breach(
            actor=self.people.get("kit"),
            project=project or self.people.project(),
            report=Report(kind=kind, summary="在路口拦下客户", distributor=self.people.distributor(name), **facts),
        )

    def own(self, team: str = "一组", **facts: Any) -> Finding:
        report = Report(kind="staff_dumping", summary="把自然到访改成渠道", team=team, **facts)
        return breaches.report_breach(actor=self.people.get("kit"), project=self.people.project(), report=report)

    def decide(
        self, finding: Finding, *, confirmed: bool = True, who: str = "hua", reason: str = "照片与笔录一致"
    ) -> Finding:
        project = db.session.get_one(Project, finding.project_id)
        actor = self.people.get(who)
        return breaches.decide_breach(actor=actor, finding=finding, project=project, confirmed=confirmed, reason=reason)

    def ask(self, finding: Finding) -> Any:
        hua, project = self.people.get("hua"), self.people.project()
        return breaches.ask_explanation(actor=hua, finding=finding, project=project, question="请说明当天的经过")


def proposed(finding: Finding) -> dict[str, int | None]:
    return {sanction.kind: sanction.amount for sanction in finding.sanctions}


def reason_of(refused: pytest.ExceptionInfo[Refusal]) -> tuple[str, str]:
    return refused.value.reason, refused.value.clause


@pytest.mark.parametrize(
    ("place", "metres", "clause"), [(INSIDE, 211, "RE-5.1"), (OUTSIDE, 380, "RE-5.2"), (None, None, "RE-5.2")]
)
def test_the_place_says_which_rule_was_broken(case: Case, place: Any, metres: int | None, clause: str) -> None:
    found = case.decide(case.report(place=place))
    assert found.clause == clause and found.offence == 1
    assert (None if found.distance_m is None else int(found.distance_m)) == metres
    assert proposed(found) == {"fine": 50_000}


def test_offences_of_a_distributor_count_across_projects_and_kinds(case: Case) -> None:
    there = db.session.get_one(Project, case.people.other_project_id)
    first = case.decide(case.report(project=there))
    second = case.decide(case.report(kind="poaching"))
    other = case.decide(case.report(name="乙渠道"))
    assert [one.offence for one in (first, second, other)] == [1, 2, 1]
    assert proposed(second) == {"stop": None, "blacklist": None}
    assert proposed(other) == {"fine": 50_000}


def test_what_was_unfounded_or_of_another_kind_is_no_offence(case: Case, stage: Stage) -> None:
    case.decide(case.report(), confirmed=False)
    case.decide(case.report(kind="false_filing", registration=stage.file()))
    assert case.decide(case.report()).offence == 1


def test_a_false_filing_voids_what_runs_and_names_the_rule(case: Case, stage: Stage) -> None:
    registration = stage.file()
    found = case.decide(case.report(kind="false_filing", registration=registration))
    assert (found.clause, found.offence) == ("RE-4.5", None)
    assert proposed(found) == {"refuse_commission": None, "damages": 100_000, "terminate": None}
    assert (registration.outcome, registration.outcome_clause) == ("void", "RE-4.5")
    entry = db.session.scalars(db.select(HistoryEntry).where(HistoryEntry.verb == "registration.voided")).one()
    assert entry.facts == {"because": found.reference}
    told = db.session.scalars(db.select(Notice).where(Notice.kind == "registration.voided")).one()
    assert (told.user_id, told.clause) == (registration.broker_id, "RE-4.5")


def test_an_unfounded_one_voids_and_proposes_nothing(case: Case, stage: Stage) -> None:
    registration = stage.file()
    found = case.decide(case.report(kind="false_filing", registration=registration), confirmed=False)
    assert (found.state, found.sanctions, registration.outcome) == ("unfounded", [], None)


def test_what_ended_already_stays_as_it_ended(case: Case, stage: Stage) -> None:
    with clock.set_to(START):
        registration = stage.file()
    with clock.set_to(START + 30 * DAY):
        found = case.decide(case.report(kind="false_filing", registration=registration))
    assert found.state == "confirmed" and registration.outcome is None


def test_a_frozen_registration_keeps_its_deal_and_damages_come_once(case: Case, stage: Stage) -> None:
    _clash, event, _ruling = clashed(stage)
    deal = loaded(event.deal_id)
    registration = db.session.get_one(Registration, deal.registration_id)
    owner = deal.owner_id
    with clock.set_to(BOUGHT_AT + 3 * DAY):
        name = db.session.get_one(User, registration.broker_id).login
        facts = {"kind": "false_filing", "name": "乙渠道" if name == "ben" else "甲渠道"}
        first = case.decide(case.report(**facts, registration=registration))
        again = case.decide(case.report(**facts, deal=deal))
    assert registration.frozen_at is not None and registration.outcome is None and deal.owner_id == owner
    assert proposed(first)["damages"] == 100_000
    assert proposed(again) == {"refuse_commission": None}


def test_dumping_by_the_own_staff_excludes_the_unit_and_warns_then_transfers(case: Case, stage: Stage) -> None:
    _clash, event, _ruling = clashed(stage)
    deal = loaded(event.deal_id)
    with clock.set_to(BOUGHT_AT + 3 * DAY):
        first = case.decide(case.own(deal=deal))
        second, other = case.decide(case.own()), case.decide(case.own(team="二组"))
    assert first.clause == "RE-7.2" and set(proposed(first)) == {"dismissal", "exclude_unit", "warning"}
    assert set(proposed(second)) == {"dismissal", "exclude_unit", "transfer"}
    assert [one.offence for one in (first, second, other)] == [1, 2, 1]
    assert db.session.get_one(Deal, deal.id).excluded_at == first.decided_at


def test_whoever_reported_it_does_not_decide_it(case: Case) -> None:
    found = case.report()
    with pytest.raises(Refusal) as refused:
        case.decide(found, who="kit")
    assert reason_of(refused) == ("finding_by_its_reporter", "GD-9")


def test_a_decision_needs_a_reason_and_is_made_once(case: Case) -> None:
    found = case.report()
    with pytest.raises(Refusal) as refused:
        case.decide(found, reason="  ")
    assert refused.value.reason == "finding_needs_a_reason"
    case.decide(found)
    for confirmed in (True, False):
        with pytest.raises(Refusal) as refused:
            case.decide(found, confirmed=confirmed)
        assert refused.value.reason == "breach_not_open"


def test_the_day_of_asking_is_not_counted_and_nothing_is_decided_meanwhile(case: Case) -> None:
    with clock.set_to(START):
        found = case.report()
        asked = case.ask(found)
        assert asked.due_at == START - timedelta(hours=9) + 4 * DAY
        with pytest.raises(Refusal) as refused:
            case.decide(found)
        assert refused.value.reason == "explanation_still_open"
    with clock.set_to(asked.due_at - timedelta(seconds=1)), pytest.raises(Refusal):
        case.decide(found)
    with clock.set_to(asked.due_at):
        assert case.decide(found).state == "confirmed"


def test_once_it_is_explained_it_can_be_decided(case: Case) -> None:
    with clock.set_to(START):
        found = case.report()
        case.ask(found)
    with clock.set_to(START + HOUR):
        breaches.answer_explanation(actor=case.people.get("olga"), finding=found, answer="客户先打电话来的")
        assert case.decide(found, confirmed=False).state == "unfounded"


def test_the_explanation_is_given_in_time_once_and_by_the_one_asked(case: Case) -> None:
    olga, ben = case.people.get("olga"), case.people.get("ben")
    with clock.set_to(START):
        found = case.report()
        due = case.ask(found).due_at
        with pytest.raises(Refusal) as refused:
            breaches.answer_explanation(actor=ben, finding=found, answer="不是我们")
        assert refused.value.reason == "explanation_of_others"
    with clock.set_to(due), pytest.raises(Refusal) as refused:
        breaches.answer_explanation(actor=olga, finding=found, answer="来晚了")
    assert reason_of(refused) == ("explanation_too_late", "RE-4.5")
    with clock.set_to(due - timedelta(seconds=1)):
        breaches.answer_explanation(actor=olga, finding=found, answer="刚好赶上")
        with pytest.raises(Refusal) as refused:
            breaches.answer_explanation(actor=olga, finding=found, answer="再说一遍")
    assert refused.value.reason == "explanation_answered"


def test_the_time_is_prolonged_once_by_the_same_days(case: Case) -> None:
    with clock.set_to(START):
        found = case.report()
        due = case.ask(found).due_at
        hua, project = case.people.get("hua"), case.people.project()
        longer = breaches.prolong_explanation(actor=hua, finding=found, project=project)
        assert longer.due_at == due + 3 * DAY
        with pytest.raises(Refusal) as refused:
            breaches.prolong_explanation(actor=hua, finding=found, project=project)
    assert reason_of(refused) == ("explanation_prolonged_once", "RE-4.4")


def test_a_silent_distributor_is_reminded_twice_and_headquarters_told_once(case: Case) -> None:
    with clock.set_to(START):
        due = case.ask(case.report()).due_at
    told: list[tuple[str, int]] = []
    for before in (72, 49, 48, 30, 24, 1, 0, -1):
        with clock.set_to(due - before * HOUR):
            told += [(str(before), finding_notices.remind(clock.now()))]
    assert [at for at, number in told if number] == ["48", "24", "0"]
    query = db.select(Notice.kind, User.login).join(User, User.id == Notice.user_id).order_by(Notice.id)
    assert [tuple(row) for row in db.session.execute(query)] == [
        ("finding.explanation_asked", "olga"),
        ("finding.explanation_ending", "olga"),
        ("finding.explanation_ending", "olga"),
        ("finding.silent", "hua"),
    ]


def test_nobody_is_reminded_of_what_was_explained(case: Case) -> None:
    with clock.set_to(START):
        found = case.report()
        due = case.ask(found).due_at
        breaches.answer_explanation(actor=case.people.get("olga"), finding=found, answer="客户先打电话来的")
    for at in (due - HOUR, due + HOUR):
        with clock.set_to(at):
            assert finding_notices.remind(at) == 0


def test_nobody_is_asked_twice_nor_the_own_staff(case: Case) -> None:
    found = case.report()
    case.ask(found)
    with pytest.raises(Refusal) as refused:
        case.ask(found)
    assert refused.value.reason == "breach_not_open"
    with pytest.raises(Refusal) as refused:
        case.ask(case.own())
    assert reason_of(refused) == ("breach_of_own_staff", "RE-7.1")


def test_a_report_names_who_did_it_and_when_it_happened(case: Case) -> None:
    with pytest.raises(Refusal) as refused:
        case.report(kind="staff_dumping")
    assert refused.value.reason == "breach_names_nobody"
    with pytest.raises(Refusal) as refused:
        case.report(happened_at=clock.now() + HOUR)
    assert refused.value.reason == "breach_in_the_future"
