"""Rulings on the database: claims move deals, audits take them away, findings open them again, and nothing is forgotten."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from portal import clock
from portal.models import Claim, Deal, Distributor, Document, Notice, Registration, Ruling, RulingParty, User, db
from portal.rules.refusal import Refusal
from portal.services import findings, rulings, visit_flow
from portal.services.replays import replay_ruling
from tests.clashes import BOUGHT_AT, DAY, HOUR, PHONE, WRONG_PHONE, Clash, clashed, loaded
from tests.fixtures import Stage


def chain(deal: Deal) -> list[Ruling]:
    return list(db.session.scalars(db.select(Ruling).where(Ruling.deal_id == deal.id).order_by(Ruling.seq)))


def owner_of(deal_id: int) -> tuple[str | None, str]:
    deal = db.session.get_one(Deal, deal_id, populate_existing=True)
    owner = db.session.get(Distributor, deal.owner_id) if deal.owner_id else None
    return (owner.name if owner else None), deal.clause


def test_the_wrong_number_loses_to_the_right_one_and_both_are_told_only_of_themselves(
    session: Any, stage: Stage
) -> None:
    _clash, event, ruling = clashed(stage)
    assert owner_of(event.deal_id) == ("乙渠道", "RE-8.7")
    told = {party.distributor_id: (party.wins, party.clause) for party in ruling.parties}
    assert told == {
        stage.people.distributors["甲渠道"]: (False, "RE-8.7"),
        stage.people.distributors["乙渠道"]: (True, "RE-8.7"),
    }
    papers = session.scalars(db.select(Document).where(Document.kind.startswith("ruling"))).all()
    assert sorted((paper.kind, paper.distributor_id) for paper in papers) == [
        ("ruling", None),
        *(("ruling_extract", number) for number in sorted(told)),
    ]
    issued = session.scalars(db.select(Notice).where(Notice.kind == "ruling.issued")).all()
    assert {(notice.user_id, notice.facts["wins"]) for notice in issued} == {
        (stage.people.users["ana"], False),
        (stage.people.users["olga"], False),
        (stage.people.users["ben"], True),
    }


def test_a_near_match_wins_only_when_a_named_person_takes_it_for_right(session: Any, stage: Stage) -> None:
    clash = Clash(stage)
    near = clash.bring("ana", timedelta(0), phone=WRONG_PHONE)
    clash.bring("ben", DAY)
    event = clash.buy()
    clash.claim("ana", event)
    with pytest.raises(Refusal, match="near_match_needs_a_reason"):
        clash.rule(event, accepted=[near.id], reason=" ")
    ruling = clash.rule(event, accepted=[near.id], reason="前台签单时核对过证件")
    assert owner_of(event.deal_id) == ("甲渠道", "RE-8.6")
    assert ruling.reason == "前台签单时核对过证件"
    assert [one["accepted"] for one in ruling.facts["candidates"]] == [True, False]


def test_what_is_more_than_one_digit_off_cannot_be_accepted(session: Any, stage: Stage) -> None:
    clash = Clash(stage)
    far = clash.bring("ana", timedelta(0), phone="+8613900004444")
    clash.bring("ben", DAY)
    event = clash.buy()
    clash.claim("ana", event)
    with pytest.raises(Refusal, match="not_a_near_match"):
        clash.rule(event, accepted=[far.id], reason="同名")
    with pytest.raises(Refusal, match="not_a_near_match"):
        clash.rule(event, accepted=[clash.filed["ben"].id], reason="本来就对")


def test_a_ruling_that_moves_a_deal_moves_the_freezing_too(session: Any, stage: Stage) -> None:
    clash = Clash(stage)
    near = clash.bring("ana", timedelta(0), phone=WRONG_PHONE)
    right = clash.bring("ben", DAY)
    event = clash.buy()
    clash.claim("ana", event)
    assert session.get_one(Registration, right.id, populate_existing=True).frozen_at is not None
    clash.rule(event, accepted=[near.id], reason="核对过")
    rows = {row.id: row.frozen_at for row in session.scalars(db.select(Registration))}
    assert (rows[near.id] is not None, rows[right.id]) == (True, None)


def test_an_audit_that_fails_after_the_deal_takes_it_away(session: Any, stage: Stage) -> None:
    clash = Clash(stage)
    clash.bring("ana", timedelta(0))
    clash.bring("ben", DAY)
    event = clash.buy()
    assert owner_of(event.deal_id) == ("甲渠道", "RE-8.6")
    visit = rulings_visit(clash.filed["ana"])
    with clock.set_to(BOUGHT_AT + DAY):
        visit_flow.audit_visit(actor=stage.people.get("bo"), visit=visit, passed=False, reason="签名不是本人")
    assert owner_of(event.deal_id) == ("乙渠道", "RE-8.4")
    assert [one.origin for one in chain(loaded(event.deal_id))] == ["event", "fallen"]


def rulings_visit(registration: Registration) -> Any:
    from portal.models import Visit

    return db.session.scalars(db.select(Visit).where(Visit.registration_id == registration.id)).one()


def test_a_claim_after_the_ruling_opens_the_case_again(session: Any, stage: Stage) -> None:
    clash, event, first = clashed(stage)
    clash.claim("ana", event, at=BOUGHT_AT + 2 * DAY + HOUR)
    assert session.scalars(db.select(Claim.state)).all() == ["open"]
    second = clash.rule(event, at=BOUGHT_AT + 2 * DAY + 2 * HOUR)
    assert (second.supersedes_id, second.clause) == (first.id, first.clause)
    assert session.scalars(db.select(Claim.state)).all() == ["decided"]


def reported(stage: Stage, event: Any, *, confirm: bool = True) -> Any:
    finding = findings.report_finding(
        actor=stage.people.get("hua"), deal=loaded(event.deal_id), kind="malicious_grab", summary="客户投诉被截走"
    )
    if confirm:
        findings.decide_finding(actor=another(stage), finding=finding, confirmed=True, reason="录像与签单一致")
    return finding


def another(stage: Stage) -> User:
    """Somebody else of headquarters."""
    return stage.people.get("aud")


def test_headquarters_decides_anew_only_after_a_confirmed_finding(session: Any, stage: Stage) -> None:
    clash, event, ruling = clashed(stage)
    hua, deal = stage.people.get("hua"), loaded(event.deal_id)
    open_finding = reported(stage, event, confirm=False)

    def decide(finding: Any, registration: Registration | None, reason: str = "查实") -> Ruling:
        return rulings.redetermine(actor=hua, deal=deal, finding=finding, registration=registration, reason=reason)

    with pytest.raises(Refusal, match="redetermination_needs_a_finding"):
        decide(open_finding, clash.filed["ana"])
    findings.decide_finding(actor=another(stage), finding=open_finding, confirmed=True, reason="查实")
    with pytest.raises(Refusal, match="redetermination_needs_a_reason"):
        decide(open_finding, clash.filed["ana"], " ")
    stranger = clash.bring("abe", 2 * DAY, phone="+8613811112222", name="赵六")
    with pytest.raises(Refusal, match="registration_not_considered"):
        decide(open_finding, stranger)
    anew = decide(open_finding, clash.filed["ana"])
    assert owner_of(event.deal_id) == ("甲渠道", "RE-8.5")
    assert (anew.supersedes_id, anew.finding_id) == (ruling.id, open_finding.id)
    assert session.get_one(Ruling, ruling.id, populate_existing=True).clause == "RE-8.7"
    assert decide(open_finding, None).owner_id is None
    assert owner_of(event.deal_id) == (None, "RE-8.5")
    assert all(replay_ruling(one).same for one in chain(deal))


def test_deciding_anew_answers_the_claims_that_were_open(session: Any, stage: Stage) -> None:
    clash = Clash(stage)
    clash.bring("ana", timedelta(0), phone=WRONG_PHONE)
    clash.bring("ben", DAY)
    event = clash.buy()
    clash.claim("ana", event)
    finding = reported(stage, event)
    ruling = rulings.redetermine(
        actor=stage.people.get("hua"),
        deal=loaded(event.deal_id),
        finding=finding,
        registration=clash.filed["ana"],
        reason="查实",
    )
    assert session.scalars(db.select(Claim.state)).all() == ["decided"]
    assert {party.wins for party in ruling.parties} == {True, False}


def test_a_finding_of_another_deal_opens_nothing(session: Any, stage: Stage) -> None:
    clash, event, _ = clashed(stage)
    other = clash.buy(at=BOUGHT_AT + DAY)
    finding = reported(stage, other)
    with pytest.raises(Refusal, match="redetermination_needs_a_finding"):
        rulings.redetermine(
            actor=stage.people.get("hua"), deal=loaded(event.deal_id), finding=finding, registration=None, reason="x"
        )


def test_whoever_reports_does_not_confirm_and_nobody_confirms_twice(session: Any, stage: Stage) -> None:
    _, event, _ = clashed(stage)
    finding = reported(stage, event, confirm=False)
    with pytest.raises(Refusal, match="finding_by_its_reporter"):
        findings.decide_finding(actor=stage.people.get("hua"), finding=finding, confirmed=True, reason="x")
    with pytest.raises(Refusal, match="finding_needs_a_reason"):
        findings.decide_finding(actor=another(stage), finding=finding, confirmed=False, reason="")
    findings.decide_finding(actor=another(stage), finding=finding, confirmed=False, reason="查无实据")
    with pytest.raises(Refusal, match="finding_decided"):
        findings.decide_finding(actor=another(stage), finding=finding, confirmed=True, reason="x")
    with pytest.raises(Refusal, match="finding_kind_opens_nothing"):
        findings.report_finding(
            actor=stage.people.get("hua"), deal=loaded(event.deal_id), kind="interception", summary="x"
        )


def test_every_party_has_a_number_of_its_own(session: Any, stage: Stage) -> None:
    _, _, ruling = clashed(stage)
    numbers = session.scalars(db.select(RulingParty.reference)).all()
    assert len({*numbers, ruling.reference}) == 3 and all(number.startswith("YQ-P") for number in numbers)


def test_the_site_hears_of_a_claim(session: Any, stage: Stage) -> None:
    clash = Clash(stage)
    clash.bring("ana", timedelta(0), phone=WRONG_PHONE)
    event = clash.buy()
    clash.claim("ana", event)
    heard = session.scalars(db.select(Notice.user_id).where(Notice.kind == "claim.received")).all()
    assert heard == [stage.people.users["bo"]]


def test_the_buyers_own_number_is_in_no_fact_of_the_record(session: Any, stage: Stage) -> None:
    _, _, ruling = clashed(stage)
    kept = repr(ruling.facts) + repr(ruling.outcome)
    assert PHONE[-11:] not in kept and "林书航" not in kept


def test_the_site_does_not_rule_over_what_headquarters_decided_anew(session: Any, stage: Stage) -> None:
    clash, event, _ruling = clashed(stage)
    finding = reported(stage, event)
    anew = rulings.redetermine(
        actor=stage.people.get("hua"), deal=loaded(event.deal_id), finding=finding, registration=None, reason="查实"
    )
    clash.claim("ana", event, at=BOUGHT_AT + 2 * DAY + HOUR)
    with pytest.raises(Refusal, match="decided_anew_stays"):
        clash.rule(event, at=BOUGHT_AT + 2 * DAY + 2 * HOUR)
    assert [one.id for one in chain(loaded(event.deal_id))][-1] == anew.id
    assert owner_of(event.deal_id) == (None, "RE-8.5")


def test_what_headquarters_decided_anew_stands_though_an_audit_fails(session: Any, stage: Stage) -> None:
    clash = Clash(stage)
    clash.bring("ana", timedelta(0))
    ben = clash.bring("ben", DAY)
    event = clash.buy()
    hua, finding = stage.people.get("hua"), reported(stage, event)
    rulings.redetermine(actor=hua, deal=loaded(event.deal_id), finding=finding, registration=ben, reason="查实")
    with clock.set_to(BOUGHT_AT + DAY):
        visit_flow.audit_visit(actor=stage.people.get("bo"), visit=rulings_visit(ben), passed=False, reason="签名有误")
    assert owner_of(event.deal_id) == ("乙渠道", "RE-8.5")
    assert chain(loaded(event.deal_id))[-1].origin == "redetermined"
