"""Offences that an appeal has lifted count no more, and what was proposed on their number follows (RE-Q19, GD-9)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from portal import clock
from portal.models import Deal, Distributor, Finding, HistoryEntry, Notice, Project, RoleGrant, Sanction, User, db
from portal.queries import inbox
from portal.rules.refusal import Refusal
from portal.services import breaches, extensions, finding_notices, offences, partnership, sanctions
from portal.services.classification import classify
from portal.services.findings import Report
from tests.clashes import BOUGHT_AT, DAY, HOUR, START, clashed, loaded
from tests.fixtures import People, Stage, password_hash

SECOND = timedelta(seconds=1)


@pytest.fixture
def court(session: Any, people: People) -> Court:
    return Court(people, people.get("gia"))


class Court:
    """Kit reports, Hua finds and confirms, Olga of the distributor appeals, the general manager decides the appeal."""

    def __init__(self, people: People, judge: User) -> None:
        self.people, self.judge = people, judge
        self.kit, self.hua, self.olga = people.get("kit"), people.get("hua"), people.get("olga")

    def found(self, kind: str = "interception", team: str | None = None, **facts: Any) -> Finding:
        party = {"team": team} if team else {"distributor": self.people.distributor()}
        project = self.people.project()
        report = Report(kind=kind, summary="在路口拦下客户", **party, **facts)
        finding = breaches.report_breach(actor=self.kit, project=project, report=report)
        return breaches.decide_breach(actor=self.hua, finding=finding, project=project, confirmed=True, reason="属实")

    def confirmed(self, finding: Finding, kind: str) -> Sanction:
        sanction = self.of(finding, kind)
        return sanctions.decide_sanction(actor=self.hua, sanction=sanction, confirmed=True, reason=f"依约处理 {kind}")

    def appealed(self, finding: Finding, kind: str) -> Sanction:
        sanctions.confirm_receipt(actor=self.hua, finding=finding)
        return sanctions.appeal(actor=self.hua, sanction=self.of(finding, kind), statement="没有这回事")

    def answered(self, sanction: Sanction, *, upheld: bool) -> Sanction:
        return sanctions.decide_appeal(actor=self.judge, sanction=sanction, upheld=upheld, reason="复核录像")

    def of(self, finding: Finding, kind: str) -> Sanction:
        return next(one for one in finding.sanctions if one.kind == kind)

    def overturned(self) -> Finding:
        first = self.found()
        self.confirmed(first, "fine")
        self.answered(self.appealed(first, "fine"), upheld=False)
        return first


def proposed(finding: Finding) -> dict[str, int | None]:
    return {one.kind: one.amount for one in finding.sanctions if one.state == "proposed"}


def test_after_a_lifted_first_one_the_next_is_the_first(court: Court) -> None:
    with clock.set_to(START):
        first = court.overturned()
        following = court.found("poaching")
    assert offences.is_fallen(first) and following.offence == 1
    assert proposed(following) == {"fine": 50_000}


def test_an_upheld_or_a_waived_one_counts(court: Court) -> None:
    with clock.set_to(START):
        first = court.found()
        court.confirmed(first, "fine")
        court.answered(court.appealed(first, "fine"), upheld=True)
        second = court.found()
        waived = court.of(second, "stop")
        sanctions.decide_sanction(actor=court.hua, sanction=waived, confirmed=False, reason="列入黑名单即可")
        assert (second.offence, court.found().offence) == (2, 3)
    assert not offences.is_fallen(second)


def test_while_the_appeal_is_open_the_first_one_counts_and_the_page_says_so(court: Court) -> None:
    with clock.set_to(START):
        first = court.found()
        court.confirmed(first, "fine")
        court.appealed(first, "fine")
        second = court.found()
    assert second.offence == 2 and offences.appealed_before(second) == [first.reference]
    assert offences.appealed_before(first) == []


def test_lifting_the_first_one_proposes_the_fine_for_the_second(court: Court) -> None:
    with clock.set_to(START):
        first = court.found()
        court.confirmed(first, "fine")
        second, third = court.found(), court.found()
        court.answered(court.appealed(first, "fine"), upheld=False)
    assert (second.offence, third.offence) == (1, 2)
    assert proposed(second) == {"fine": 50_000} and proposed(third) == {"stop": None, "blacklist": None}
    entries = db.session.scalars(
        db.select(HistoryEntry).where(HistoryEntry.verb == "finding.recounted").order_by(HistoryEntry.id)
    ).all()
    assert [(entry.facts["before"], entry.facts["after"]) for entry in entries] == [(2, 1), (3, 2)]


def test_what_a_person_has_decided_stays_and_the_person_is_told(court: Court) -> None:
    with clock.set_to(START):
        first = court.found()
        court.confirmed(first, "fine")
        second = court.found()
        court.confirmed(second, "blacklist")
        court.answered(court.appealed(first, "fine"), upheld=False)
        status = db.session.get_one(Distributor, court.people.distributor().id).status
    assert second.offence == 1 and court.of(second, "blacklist").state == "confirmed"
    assert court.of(second, "stop").state == "proposed" and status == "blacklisted"
    told = db.session.scalars(db.select(Notice).where(Notice.kind == "finding.recounted")).all()
    assert [notice.user_id for notice in told] == [court.hua.id]


def test_a_teams_second_one_becomes_its_first(court: Court) -> None:
    with clock.set_to(START):
        first = court.found("staff_dumping", "一组")
        court.confirmed(first, "warning")
        second, other = court.found("staff_dumping", "一组"), court.found("staff_dumping", "二组")
        project = db.session.get_one(Project, first.project_id)
        court.of(first, "warning").received_at = clock.now()
        court.answered(
            sanctions.appeal(actor=court.hua, sanction=court.of(first, "warning"), statement="没有"), upheld=False
        )
    assert (second.offence, other.offence, project.id) == (1, 1, second.project_id)
    assert set(proposed(second)) == {"dismissal", "exclude_unit", "warning"}


@pytest.mark.parametrize(
    ("who", "reason"),
    [("hua", "appeal_by_its_confirmer"), ("kit", "appeal_by_its_finder"), ("hal", "appeal_by_its_finder")],
)
def test_nobody_with_a_part_in_the_case_decides_the_appeal(court: Court, who: str, reason: str) -> None:
    hal = User(login="hal", name="何励", password_hash=password_hash(), created_at=clock.now())
    hal.grants = [RoleGrant(role="hq_channel")]
    db.session.add(hal)
    with clock.set_to(START):
        project = court.people.project()
        report = Report(kind="interception", summary="拦客", distributor=court.people.distributor())
        finding = breaches.report_breach(actor=court.kit, project=project, report=report)
        breaches.decide_breach(actor=hal, finding=finding, project=project, confirmed=True, reason="属实")
        court.confirmed(finding, "fine")
        appealed = court.appealed(finding, "fine")
        actor = {"hua": court.hua, "kit": court.kit, "hal": hal}[who]
        with pytest.raises(Refusal) as refused:
            sanctions.decide_appeal(actor=actor, sanction=appealed, upheld=True, reason="复核")
    assert (refused.value.reason, refused.value.clause) == (reason, "GD-9")


def test_a_false_filing_takes_an_undecided_extension_with_it(court: Court, stage: Stage) -> None:
    with clock.set_to(START):
        registration = stage.file()
    with clock.set_to(START + DAY):
        stage.complete(stage.sign(stage.arrive(registration)))
        classify(actor=court.people.get("bo"), registration=registration, bulk=True, reason="三套以上")
        asked = extensions.ask_extension(actor=court.people.get("ana"), registration=registration, reason="贷款")
    with clock.set_to(START + DAY + HOUR):
        project = db.session.get_one(Project, registration.project_id)
        report = Report(
            kind="false_filing", summary="不认识", distributor=registration.distributor, registration=registration
        )
        finding = breaches.report_breach(actor=court.kit, project=project, report=report)
        breaches.decide_breach(actor=court.hua, finding=finding, project=project, confirmed=True, reason="客户否认")
    assert (registration.outcome_clause, asked.state, registration.pending_until) == ("RE-4.5", "lapsed", None)
    entry = db.session.scalars(db.select(HistoryEntry).where(HistoryEntry.verb == "extension.lapsed")).one()
    assert (entry.clause, entry.facts) == ("RE-4.5", {"because": finding.reference})


def test_who_may_decide_hears_of_the_appeal_and_who_had_a_part_is_not_asked(court: Court) -> None:
    with clock.set_to(START):
        finding = court.found()
        court.confirmed(finding, "fine")
        court.appealed(finding, "fine")
    told = db.select(Notice.user_id).where(Notice.kind == "finding.appealed")
    assert set(db.session.scalars(told)) == {court.hua.id, court.judge.id}
    now = clock.now()
    asked = [[(one.kind, one.step) for one in inbox.waiting(who, now)] for who in (court.judge, court.hua)]
    assert asked == [[("finding", "appeal")], []]


def test_the_group_hears_of_what_follows_for_its_own_people(court: Court) -> None:
    with clock.set_to(START):
        court.confirmed(court.found("staff_dumping", "一组"), "warning")
        court.confirmed(court.found(), "fine")
    told = db.session.scalars(db.select(Notice).where(Notice.kind == "finding.own_staff")).all()
    assert [(notice.user_id, notice.clause) for notice in told] == [(court.judge.id, "RE-7.4")]


def test_an_answered_request_is_not_prolonged(court: Court) -> None:
    with clock.set_to(START):
        project = court.people.project()
        report = Report(kind="interception", summary="拦客", distributor=court.people.distributor())
        finding = breaches.report_breach(actor=court.kit, project=project, report=report)
        breaches.ask_explanation(actor=court.hua, finding=finding, project=project, question="请说明")
        breaches.answer_explanation(actor=court.olga, finding=finding, answer="接人")
        with pytest.raises(Refusal, match="explanation_answered"):
            breaches.prolong_explanation(actor=court.hua, finding=finding, project=project)


def test_an_appeal_is_in_time_to_its_last_second(court: Court) -> None:
    with clock.set_to(START):
        fine = court.confirmed(court.found(), "fine")
        sanctions.confirm_receipt(actor=court.hua, finding=fine.finding)
    end = sanctions.appeal_end(fine)
    assert end is not None
    with clock.set_to(end), pytest.raises(Refusal, match="appeal_too_late"):
        sanctions.appeal(actor=court.olga, sanction=fine, statement="没有这回事")
    with clock.set_to(end - SECOND):
        assert sanctions.appeal(actor=court.olga, sanction=fine, statement="没有这回事").state == "appealed"


def test_what_was_stopped_for_another_reason_stays_stopped(court: Court) -> None:
    distributor = court.people.distributor()
    with clock.set_to(START):
        court.found()
        stop = court.confirmed(court.found(), "stop")
        partnership.reinstate(actor=court.hua, distributor=distributor, reason="先行恢复")
        partnership.suspend(actor=court.hua, distributor=distributor, reason="证照过期")
        court.answered(court.appealed(stop.finding, "stop"), upheld=False)
    assert (distributor.status, distributor.status_reason) == ("suspended", "证照过期")


def test_a_unit_stays_out_while_another_case_may_keep_it_out(court: Court, stage: Stage) -> None:
    _clash, event, _ruling = clashed(stage)
    deal = loaded(event.deal_id)
    with clock.set_to(BOUGHT_AT + 3 * DAY):
        cases = [court.found("staff_dumping", team, deal=deal) for team in ("一组", "二组")]
        for finding, still_out in zip(cases, (True, False), strict=True):
            kept_out = court.of(finding, "exclude_unit")
            sanctions.decide_sanction(actor=court.hua, sanction=kept_out, confirmed=False, reason="证据不足")
            assert (db.session.get_one(Deal, deal.id).excluded_at is not None) is still_out


@pytest.fixture
def owed(court: Court) -> Sanction:
    """A commission that the distributor may not have, its notice received at the start."""
    with clock.set_to(START):
        commission = court.confirmed(court.found("false_filing"), "refuse_commission")
        sanctions.confirm_receipt(actor=court.hua, finding=commission.finding)
    return commission


def reminded(commission: Sanction) -> list[int]:
    """How many hear of it two days, a day and a second before it is due, when it is, and a day later."""
    assert commission.due_at is not None
    times = [commission.due_at + later for later in (-3 * DAY, -2 * DAY, -DAY, -SECOND, 0 * DAY, DAY)]
    return [finding_notices.remind(now) for now in times]


def test_what_is_owed_is_reminded_of_on_two_days_and_its_delay_told_once(court: Court, owed: Sanction) -> None:
    assert owed.due_at == datetime(2026, 3, 8, 16, tzinfo=UTC)
    assert reminded(owed) == [0, 1, 1, 0, 1, 0]
    told = db.select(Notice).where(Notice.kind.in_(("finding.due", "finding.overdue"))).order_by(Notice.id)
    heard = [(one.kind, one.user_id, one.clause) for one in db.session.scalars(told)]
    late = ("finding.overdue", court.hua.id, "RE-4.8")
    assert heard == [("finding.due", court.olga.id, "RE-4.8")] * 2 + [late]


def test_nobody_is_reminded_of_what_is_settled(court: Court, owed: Sanction) -> None:
    with clock.set_to(START + HOUR):
        sanctions.settle(actor=court.hua, sanction=owed)
    assert reminded(owed) == [0] * 6
