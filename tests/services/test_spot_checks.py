"""Spot checks on the database: what is drawn, what a first answer begins, who takes the place of whom (RE-4.6, 4.7, RE-Q16)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from portal import clock
from portal.models import CheckedDeal, CheckTry, Deal, Finding, HistoryEntry, Project, SpotCheck, db
from portal.queries import spot_checks as found
from portal.rules.refusal import Refusal
from portal.rules.spot_checks import draw
from portal.services import breaches, deals, spot_checks
from portal.services.customers import customer_of
from portal.services.deals import NewEvent
from tests.clashes import DAY, HOUR, START
from tests.fixtures import Stage


@pytest.fixture
def sold(session: Any, stage: Stage) -> list[Deal]:
    """Three deals of Ana's company and one of the company's own."""
    return [_sell(stage, f"1390000222{number}", f"3-170{number}") for number in range(3)] + [_own(stage)]


def _sell(stage: Stage, phone: str, unit: str) -> Deal:
    with clock.set_to(START):
        registration = stage.file(customer=stage.customer(phone=f"+86{phone}"))
    with clock.set_to(START + DAY):
        stage.complete(stage.sign(stage.arrive(registration)))
    return _open(stage, NewEvent(kind="deposit", buyers=(customer_of(registration),), unit=unit, amount=Decimal(9)))


def _own(stage: Stage) -> Deal:
    buyer = stage.customer(phone="+8613900003333")
    return _open(stage, NewEvent(kind="deposit", buyers=(buyer,), unit="3-1801", amount=Decimal(9)))


def _open(stage: Stage, event: NewEvent) -> Deal:
    with clock.set_to(START + 2 * DAY):
        return deals.open_deal(actor=stage.people.get("cai"), project=stage.people.project(), event=event).deal


def drawn(stage: Stage, number: int = 9, **facts: Any) -> SpotCheck:
    values: dict[str, Any] = {
        "first_day": date(2026, 1, 1),
        "last_day": date(2026, 12, 31),
        "project": None,
        "distributor": None,
        "number": number,
        "reason": "季度抽查",
        "submission_key": "one",
    }
    check = spot_checks.draw_sample(actor=stage.people.get("hua"), **(values | facts))
    return again(check)


def again(check: SpotCheck) -> SpotCheck:
    read = found.find(check.reference)
    assert read is not None
    return read


def ask(stage: Stage, check: SpotCheck, line: CheckedDeal, result: str, words: str = "没听过这家") -> CheckTry:
    facts = {"method": "call", "result": result, "words": words, "asked_at": None}
    return spot_checks.note_answer(actor=stage.people.get("hua"), check=check, line=line, **facts)


def test_only_deals_of_distributors_are_drawn_and_the_seed_repeats_them(stage: Stage, sold: list[Deal]) -> None:
    with clock.set_to(START + 9 * DAY):
        check = drawn(stage, 2)
    owned = [deal.reference for deal in sold[:3]]
    assert (check.population, check.number) == (3, 2)
    assert [line.deal.reference for line in check.lines] == draw(owned, check.seed)[:2]
    entry = db.session.scalars(db.select(HistoryEntry).where(HistoryEntry.verb == "spot_check.drawn")).one()
    assert entry.facts["seed"] == check.seed


def test_days_projects_and_distributors_narrow_what_is_drawn_from(stage: Stage, sold: list[Deal]) -> None:
    day = sold[0].opened_at.astimezone(stage.people.project().zone).date()
    assert len(drawn(stage, first_day=day, last_day=day).lines) == 3
    elsewhere = db.session.get_one(Project, stage.people.other_project_id)
    rival = stage.people.distributor("乙渠道")
    for facts in (
        {"first_day": day + timedelta(days=1)},
        {"last_day": day - timedelta(days=1)},
        {"project": elsewhere},
        {"distributor": rival},
    ):
        with pytest.raises(Refusal, match="nothing_to_check"):
            drawn(stage, **facts, submission_key="other")


def test_a_form_sent_twice_is_one_sample(stage: Stage, sold: list[Deal]) -> None:
    assert drawn(stage).id == drawn(stage).id


@pytest.mark.parametrize(("result", "clause"), [("name_unknown", "RE-4.7"), ("not_referred", "RE-4.7")])
def test_a_first_answer_against_the_distributor_reports_a_false_filing(
    stage: Stage, sold: list[Deal], result: str, clause: str
) -> None:
    with clock.set_to(START + 9 * DAY):
        check = drawn(stage)
        line = check.lines[0]
        assert ask(stage, check, line, result).is_first
        finding = db.session.get_one(Finding, line.finding_id)
        assert (finding.kind, finding.deal_id, finding.distributor_id) == (
            "false_filing",
            line.deal_id,
            line.distributor_id,
        )
        with pytest.raises(Refusal, match="finding_by_its_reporter"):
            _decide(stage, finding, "hua")
        decided = _decide(stage, finding, "aud")
    assert decided.clause == clause
    assert {one.kind for one in decided.sanctions} == {"refuse_commission", "damages", "terminate"}


def _decide(stage: Stage, finding: Finding, who: str) -> Finding:
    actor, project = stage.people.get(who), stage.people.project()
    return breaches.decide_breach(actor=actor, finding=finding, project=project, confirmed=True, reason="录音一致")


def test_a_first_answer_for_it_begins_nothing_and_later_ones_change_nothing(stage: Stage, sold: list[Deal]) -> None:
    check = drawn(stage)
    line = check.lines[0]
    first = ask(stage, check, line, "confirmed", "是他们带我来的")
    later = ask(stage, check, line, "name_unknown")
    assert (first.is_first, later.is_first, line.finding_id) == (True, False, None)


def test_the_database_keeps_the_first_answer(stage: Stage, sold: list[Deal]) -> None:
    check = drawn(stage)
    ask(stage, check, check.lines[0], "confirmed", "是他们带我来的")
    db.session.commit()
    for statement in ("UPDATE check_tries SET result = 'name_unknown'", "DELETE FROM check_tries"):
        with pytest.raises(DBAPIError):
            db.session.execute(db.text(statement))
        db.session.rollback()


def test_after_three_tries_in_vain_the_next_of_the_draw_takes_the_place(stage: Stage, sold: list[Deal]) -> None:
    check = drawn(stage, 2)
    line, order = check.lines[0], draw([deal.reference for deal in sold[:3]], check.seed)
    for result in ("unreachable", "declined", "wrong_number"):
        ask(stage, check, line, result, "")
    check = again(check)
    assert [one.deal.reference for one in check.lines] == order and line.given_up_at is not None
    assert (line.finding_id, found.waiting_in([check])) == (None, {check.id: 2})
    with pytest.raises(Refusal, match="checked_deal_was_replaced"):
        ask(stage, check, check.lines[0], "confirmed")
    for result in ("unreachable", "declined", "wrong_number"):
        ask(stage, check, check.lines[1], result, "")
    assert len(again(check).lines) == 3


def test_the_report_waits_for_every_answer_and_ends_the_check(stage: Stage, sold: list[Deal]) -> None:
    check = drawn(stage)
    hua = stage.people.get("hua")
    for line in check.lines[:-1]:
        ask(stage, check, line, "confirmed", "是他们")
    with pytest.raises(Refusal, match="spot_check_is_open"):
        spot_checks.close(actor=hua, check=check, conclusion="属实")
    ask(stage, check, check.lines[-1], "confirmed", "是他们")
    assert spot_checks.close(actor=hua, check=check, conclusion="属实").closed_by_id == hua.id
    with pytest.raises(Refusal, match="spot_check_is_closed"):
        ask(stage, check, check.lines[0], "confirmed")


def test_nobody_was_asked_in_the_future(stage: Stage, sold: list[Deal]) -> None:
    check = drawn(stage)
    facts = {"method": "call", "result": "confirmed", "words": "是", "asked_at": clock.now() + HOUR}
    with pytest.raises(Refusal, match="breach_in_the_future"):
        spot_checks.note_answer(actor=stage.people.get("hua"), check=check, line=check.lines[0], **facts)
