"""What follows when a cooperation is stopped, ended or taken up again: at once, and by the worker (RE-5.4, RE-Q34)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select

from portal import audit, clock
from portal.models import (
    CommissionHold,
    Enforcement,
    EnforcementEffect,
    Extension,
    HistoryEntry,
    Notice,
    Registration,
    Visit,
    db,
)
from portal.rules.enforcement import PLANS
from portal.rules.partnership import check_may_act
from portal.rules.refusal import Refusal
from portal.services import classification, deals, enforcement_steps, enforcements, extensions, partnership
from portal.services.customers import customer_of
from portal.services.deals import NewEvent
from tests.fixtures import People, Stage

Act = Callable[..., Enforcement]


def last() -> Enforcement:
    return db.session.scalars(select(Enforcement).order_by(Enforcement.id.desc()).limit(1)).one()


def work(enforcement: Enforcement) -> None:
    """What the worker does."""
    while enforcement_steps.go_on(enforcement_id=enforcement.id, now=clock.now()):
        continue
    db.session.expire_all()


@pytest.fixture
def act(session: Any, people: People) -> Act:
    """``act("blacklist")``: Hua does it to Ana's company; the enforcement."""

    def act(step: str, reason: str = "第二次认定", *, worked: bool = True) -> Enforcement:
        do = getattr(partnership, step)
        do(actor=people.get("hua"), distributor=people.distributor(), reason=reason)
        if worked:
            work(last())
        return last()

    return act


def lines(enforcement: Enforcement) -> dict[str, int | None]:
    return {step.step: step.count for step in enforcement.steps}


def bulk(stage: Stage) -> Registration:
    """Ana's, visited, classed as bulk, an extension asked for."""
    with clock.set_to(clock.now() - timedelta(hours=3)):
        registration = stage.file()
    stage.complete(stage.sign(stage.arrive(registration)))
    classification.classify(actor=stage.people.get("bo"), registration=registration, bulk=True, reason="整层")
    extensions.ask_extension(actor=stage.people.get("ana"), registration=registration, reason="贷款")
    return registration


def sold(stage: Stage) -> Registration:
    """Ana's, visited and bought: its deal is her company's."""
    with clock.set_to(clock.now() - timedelta(hours=3)):
        registration = stage.file()
    stage.complete(stage.sign(stage.arrive(registration)))
    event = NewEvent(kind="deposit", buyers=(customer_of(registration),), unit="3-1702", amount=Decimal("3482600.00"))
    deals.open_deal(actor=stage.people.get("cai"), project=stage.people.project(), event=event)
    return registration


def test_a_blacklisting_is_listed_line_by_line(stage: Stage, act: Act) -> None:
    asked, bought, held = bulk(stage), sold(stage), stage.file()
    first = stage.file("ben", customer_of(held))
    done = act("blacklist")
    assert lines(done) == {
        "door": 3,
        "sessions": 3,
        "void": 2,
        "lapse": 1,
        "keep": 1,
        "hold": 1,
        "move_up": 1,
        "tell_partner": 3,
        "tell_sites": 2,
    }
    assert [step.step for step in done.steps] == [
        step for step, _ in (*PLANS["blacklist"].at_once, *PLANS["blacklist"].later)
    ]
    assert done.finished_at is not None and all(step.done_at for step in done.steps)
    effects = {(one.effect, one.registration_id): (one.rank_before, one.rank_after) for one in every(EnforcementEffect)}
    assert effects == {
        ("voided", asked.id): (None, None),
        ("voided", held.id): (None, None),
        ("lapsed", asked.id): (None, None),
        ("kept", bought.id): (None, None),
        ("moved_up", first.id): (2, 1),
    }


def test_what_was_decided_before_stays_decided(stage: Stage, act: Act) -> None:
    bulk(stage)
    refused = db.session.scalars(select(Extension)).one()
    extensions.decide_extension(actor=stage.people.get("hua"), extension=refused, approve=False, reason="不需要")
    assert lines(act("blacklist", worked=False))["lapse"] == 0
    db.session.refresh(refused)
    assert refused.state == "rejected"


def every(model: type[Any]) -> list[Any]:
    return list(db.session.scalars(select(model).order_by(model.id)))


def test_who_holds_a_customer_is_decided_before_any_worker_has_run(stage: Stage, act: Act) -> None:
    mine = stage.file()
    theirs = stage.file("ben", customer_of(mine))
    act("blacklist", worked=False)
    assert (mine.outcome, mine.outcome_clause) == ("void", "RE-5.4")
    assert mine.outcome_at == last().asked_at and not mine.facts().runs_at(clock.now())
    assert theirs.facts().runs_at(clock.now())
    with pytest.raises(Refusal) as refused:
        stage.file()
    assert refused.value.clause == "RE-5.4"


def test_an_extension_asked_for_lapses_and_holds_the_customer_no_more(stage: Stage, act: Act) -> None:
    registration = bulk(stage)
    act("blacklist", worked=False)
    assert registration.pending_until is None
    assert [one.state for one in every(Extension)] == ["lapsed"]


def test_its_history_reads_as_if_written_one_by_one(stage: Stage, act: Act) -> None:
    bulk(stage)
    stage.file("ben", customer_of(stage.file()))
    act("blacklist")
    entries = every(HistoryEntry)
    for entry in entries:
        columns = {column.name: getattr(entry, column.name) for column in HistoryEntry.__table__.columns}
        assert entry.digest == audit.entry_digest(columns), entry.verb
    voided = [entry for entry in entries if entry.verb == "registration.voided"]
    assert [(entry.actor_id, entry.actor_role, entry.facts) for entry in voided] == [
        (stage.people.users["hua"], "hq_channel", {"because": "D-0001"})
    ] * 2
    assert [
        entry.verb for entry in entries if entry.verb.startswith(("distributor.b", "enforcement", "extension.l"))
    ] == [
        "extension.lapsed",
        "distributor.blacklisted",
        "enforcement.moved_up",
        "enforcement.finished",
    ]


def test_the_commission_of_a_deal_waits_once(stage: Stage, act: Act) -> None:
    bought = sold(stage)
    act("blacklist")
    act("reinstate", "申诉成立")
    act("blacklist", "又一次")
    (hold,) = every(CommissionHold)
    assert (hold.distributor_id, hold.clause, hold.released_at) == (bought.distributor_id, "RE-5.4", None)


def test_sites_are_told_of_who_moved_up_and_the_rival_learns_nothing(stage: Stage, act: Act) -> None:
    mine = stage.file()
    stage.file("ben", customer_of(mine))
    done = act("blacklist")
    told = {
        person: [(one.kind, one.facts) for one in every(Notice) if one.user_id == number]
        for person, number in stage.people.users.items()
    }
    facts = {"distributor": "甲渠道", "project": "云栖府", "voided": 1, "moved_up": 1}
    assert told["lin"] == told["bo"] == [("partner.blacklist", facts)]
    assert told["ben"] == told["rui"] == told["sid"] == []
    assert [kind for kind, _ in told["olga"]] == ["distributor.blacklisted"]
    ranks = [one for one in every(HistoryEntry) if one.verb == "enforcement.moved_up"]
    assert [(one.subject_type, one.subject_id) for one in ranks] == [("enforcements", done.id)]


def test_worked_again_it_changes_and_tells_nothing(stage: Stage, act: Act) -> None:
    mine = stage.file()
    stage.file("ben", customer_of(mine))
    done = act("blacklist")
    before = counted()
    work(done)
    assert counted() == before


def counted() -> list[int]:
    tables = (HistoryEntry, Notice, EnforcementEffect, CommissionHold)
    return [db.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]


def test_a_suspension_lets_run_what_runs_and_says_how_much(stage: Stage, act: Act) -> None:
    registration = bulk(stage)
    done = act("suspend", "核查")
    assert lines(done) == {"door": 3, "keep": 1, "tell_partner": 3, "tell_sites": 2}
    assert registration.facts().runs_at(clock.now()) and every(Extension)[0].state == "pending"
    assert every(CommissionHold) == []


def test_reinstated_what_was_voided_stays_void_and_sites_hear_of_it(stage: Stage, act: Act) -> None:
    registration = stage.file()
    act("blacklist")
    done = act("reinstate", "申诉成立")
    assert lines(done) == {"door": 3, "stay_void": 1, "tell_partner": 3, "tell_sites": 2}
    assert registration.outcome == "void"
    assert stage.file().facts().runs_at(clock.now())


@pytest.mark.parametrize(
    ("kind", "status", "clause", "held"), [("terminate", "terminated", "DM-12.5", 1), ("exit", "exited", "DM-12.6", 0)]
)
def test_a_termination_and_an_exit_void_by_their_own_clause(
    session: Any, stage: Stage, people: People, kind: str, status: str, clause: str, held: int
) -> None:
    sold(stage)
    running = stage.file()
    distributor = people.distributor()
    distributor.status = status
    done = enforcements.enforce(
        actor=people.get("hua"), distributor=distributor, kind=kind, clause=clause, reason="合同终止", now=clock.now()
    )
    work(done)
    assert (running.outcome, running.outcome_clause) == ("void", clause)
    assert len(every(CommissionHold)) == held
    assert lines(done)["tell_partner"] == 3
    with pytest.raises(Refusal) as refused:
        check_may_act(distributor.status)
    assert refused.value.clause == clause


def test_one_that_was_behind_another_who_stays_moves_up_by_one(stage: Stage, act: Act) -> None:
    customer = stage.customer()
    before = clock.now()
    with clock.set_to(before - timedelta(minutes=3)):
        stage.file("ben", customer)
    with clock.set_to(before - timedelta(minutes=2)):
        stage.file("ana", customer)
    assert lines(act("blacklist"))["move_up"] == 0
    assert db.session.scalar(select(func.count()).select_from(Visit)) == 0
