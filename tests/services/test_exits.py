"""A partner leaves, or the company ends the cooperation: who may act when, what becomes of what runs, what is left to do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal import clock
from portal.models import Contract, Document, Exit, HistoryEntry, Notice, RoleGrant, User, db
from portal.queries import exits as found
from portal.rules.exits import NOTICE_DAYS, earliest_day
from portal.rules.refusal import Refusal
from portal.services import accounts, exit_duties, exits, partnership
from portal.wording.times import PORTAL_ZONE
from tests.fixtures import STROKES, People, Stage, password_hash

#: 10:00 on 1 March in Shanghai.
START = datetime(2026, 3, 1, 2, tzinfo=UTC)
LAST_DAY = date(2026, 3, 31)
#: The midnight after it, in Shanghai.
END = datetime(2026, 3, 31, 16, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture
def hai(session: Any, people: People) -> User:
    """A second person of the channel department."""
    person = User(login="hai", name="海宁", password_hash=password_hash(), created_at=clock.now())
    person.grants = [RoleGrant(role="hq_channel")]
    session.add(person)
    session.flush()
    return person


@pytest.fixture
def asked(session: Any, people: People) -> Exit:
    """Olga's request of 1 March to leave with the end of the month."""
    with clock.set_to(START):
        return exits.ask_exit(actor=people.get("olga"), reason="转做其他业务", last_day=LAST_DAY)


@pytest.fixture
def approved(asked: Exit, people: People) -> Exit:
    """Approved by Hua on 2 March."""
    with clock.set_to(START + timedelta(days=1)):
        return exits.decide_exit(actor=people.get("hua"), ending=asked, approved=True, reason="手续齐全")


@pytest.fixture
def left(approved: Exit) -> Exit:
    """In force, carried out by the worker three seconds late."""
    with clock.set_to(END + 3 * SECOND):
        assert exits.take_effect(ending=approved)
    return approved


def refusal(command: Callable[..., Any], **facts: Any) -> str:
    with pytest.raises(Refusal) as refused, db.session.begin_nested():
        command(**facts)
    return refused.value.reason


def told(kind: str) -> list[str]:
    """The logins of those who were told."""
    query = select(User.login).join(Notice, Notice.user_id == User.id).where(Notice.kind == kind)
    return sorted(db.session.scalars(query))


def verbs() -> list[str]:
    query = select(HistoryEntry.verb).where(HistoryEntry.subject_type == "distributors").order_by(HistoryEntry.id)
    return [verb for verb in db.session.scalars(query) if verb != "distributor.created"]


def tick_all(ending: Exit, actor: User) -> None:
    for kind in ("commission", "papers", "confidentiality"):
        exit_duties.tick_duty(actor=actor, ending=ending, kind=kind, done=True, note="")


# asking


def test_the_day_of_asking_is_not_counted_and_a_second_more_is_a_day_more() -> None:
    midnight = datetime(2026, 3, 1, 16, tzinfo=UTC)
    assert earliest_day(midnight - SECOND, PORTAL_ZONE) == date(2026, 3, 1) + timedelta(days=NOTICE_DAYS)
    assert earliest_day(midnight, PORTAL_ZONE) == date(2026, 3, 2) + timedelta(days=NOTICE_DAYS)


@pytest.mark.parametrize(
    ("at", "last_day", "reason"),
    [
        (datetime(2026, 3, 1, 15, 59, 59, tzinfo=UTC), LAST_DAY, None),
        (datetime(2026, 3, 1, 16, tzinfo=UTC), LAST_DAY, "exit_too_soon"),
        (START, date(2026, 3, 30), "exit_too_soon"),
        (START, date(2027, 3, 2), None),
        (START, date(2027, 3, 3), "exit_too_far"),
    ],
)
def test_notice_is_thirty_days_to_the_second(
    session: Any, people: People, at: datetime, last_day: date, reason: str | None
) -> None:
    facts = {"actor": people.get("olga"), "reason": "转行", "last_day": last_day}
    with clock.set_to(at):
        if reason is None:
            assert exits.ask_exit(**facts).state == "asked"
        else:
            assert refusal(exits.ask_exit, **facts) == reason


def test_while_it_is_asked_for_everything_goes_on(asked: Exit, people: People, stage: Stage) -> None:
    assert people.distributor().status == "exit_requested"
    assert asked.ends_at == END and asked.reference.startswith("TC-2603-")
    with clock.set_to(START + timedelta(hours=1)):
        assert stage.file("ana").facts().runs_at(clock.now())
    assert told("exit.asked") == ["hua"]
    assert verbs()[-1] == "exit.asked"


def test_a_form_sent_twice_is_one_request(session: Any, people: People) -> None:
    facts = {"actor": people.get("olga"), "reason": "转行", "last_day": LAST_DAY, "submission_key": "once"}
    with clock.set_to(START):
        assert exits.ask_exit(**facts) is exits.ask_exit(**facts)
    assert verbs().count("exit.asked") == 1


def test_asking_opens_no_door_to_a_suspended_one(session: Any, people: People, stage: Stage) -> None:
    with clock.set_to(START):
        partnership.suspend(actor=people.get("hua"), distributor=people.distributor(), reason="核查")
        found = exits.ask_exit(actor=people.get("olga"), reason="转行", last_day=LAST_DAY)
        assert refusal(lambda: stage.file("ana")) == "distributor_suspended"
        exits.take_back(actor=people.get("olga"), ending=found)
    assert people.distributor().status == "suspended"


@pytest.mark.parametrize("before", ["active", "urged", "warned", "downgraded", "suspended"])
@pytest.mark.parametrize("way", ["taken_back", "refused"])
def test_who_stays_is_what_it_was(session: Any, people: People, before: str, way: str) -> None:
    distributor = people.distributor()
    distributor.status = before
    with clock.set_to(START):
        found = exits.ask_exit(actor=people.get("olga"), reason="转行", last_day=LAST_DAY)
        assert distributor.status == "exit_requested"
        if way == "taken_back":
            exits.take_back(actor=people.get("olga"), ending=found)
        else:
            exits.decide_exit(actor=people.get("hua"), ending=found, approved=False, reason="欠款未清")
    assert (distributor.status, found.state) == (before, way)
    assert told(f"exit.{way}") == (["hua"] if way == "taken_back" else ["olga"])


def test_a_rival_takes_back_nothing(asked: Exit, people: People) -> None:
    assert refusal(exits.take_back, actor=people.get("ben"), ending=asked) == "exit_of_others"


# the decision and its instant


def test_an_approval_keeps_the_cooperation_until_its_instant(approved: Exit, people: People, stage: Stage) -> None:
    assert people.distributor().status == "exit_requested"
    with clock.set_to(END - SECOND):
        stage.file("ana")
    with clock.set_to(END):
        # The worker has not come yet: the instant alone decides.
        assert refusal(lambda: stage.file("ana")) == "distributor_left"
        assert people.distributor().status == "exit_requested"
    assert told("exit.approved") == ["abe", "ana", "olga"]
    papers = db.session.scalars(select(Document.kind).where(Document.kind == "exit_approval")).all()
    assert papers == ["exit_approval"]


def test_nothing_takes_effect_before_its_instant_or_twice(approved: Exit, people: People) -> None:
    with clock.set_to(END - SECOND):
        assert not exits.take_effect(ending=approved)
    with clock.set_to(END):
        assert exits.take_effect(ending=approved)
        assert not exits.take_effect(ending=approved)
    distributor = people.distributor()
    assert (distributor.status, distributor.status_since, approved.effective_at) == ("exited", END, END)
    assert verbs().count("distributor.exited") == 1
    contract = db.session.scalars(select(Contract).where(Contract.distributor_id == distributor.id)).one()
    assert contract.ended_at == END


def test_approved_late_it_ends_at_once(asked: Exit, people: People) -> None:
    with clock.set_to(END + timedelta(days=2)):
        exits.decide_exit(actor=people.get("hua"), ending=asked, approved=True, reason="同意")
        assert asked.ends_at == END + timedelta(days=2)
        assert exits.take_effect(ending=asked)


def test_what_was_decided_is_not_taken_back_nor_decided_again(approved: Exit, people: People) -> None:
    assert refusal(exits.take_back, actor=people.get("olga"), ending=approved) == "exit_not_open"
    again = {"actor": people.get("hua"), "ending": approved, "reason": "再想想"}
    assert refusal(exits.decide_exit, approved=True, **again) == "exit_not_open"
    assert refusal(exits.decide_exit, approved=False, **again) == "exit_not_open"


def test_brokers_accounts_close_and_the_owners_stays(left: Exit, people: People) -> None:
    assert people.get("ana").disabled_at == END
    assert people.get("abe").disabled_at == END
    assert people.get("olga").disabled_at is None
    assert people.get("ben").disabled_at is None


# running customers


def test_signed_over_they_end_and_the_rest_run_on(approved: Exit, people: People, stage: Stage) -> None:
    with clock.set_to(END - timedelta(hours=5)):
        kept, given, unsigned = (stage.file("ana") for _ in range(3))
        hua, olga = people.get("hua"), people.get("olga")
        assert exit_duties.hand_over(actor=hua, ending=approved, choice="run_on") == 3
        exit_duties.hand_over(actor=hua, ending=approved, choice="release", references=[given.reference])
        exit_duties.sign_release(actor=olga, ending=approved, strokes=dict(STROKES), image=b"")
        exit_duties.hand_over(actor=hua, ending=approved, choice="release", references=[unsigned.reference])
    with clock.set_to(END + SECOND):
        exits.take_effect(ending=approved)
        assert (given.outcome, given.outcome_clause, given.outcome_at) == ("void", "DM-12.6", END)
        assert kept.facts().runs_at(clock.now()) and unsigned.facts().runs_at(clock.now())


def test_a_signature_is_not_undone_by_a_later_decision(approved: Exit, people: People, stage: Stage) -> None:
    with clock.set_to(END - timedelta(hours=5)):
        stage.file("ana")
        hua = people.get("hua")
        exit_duties.hand_over(actor=hua, ending=approved, choice="release")
        exit_duties.sign_release(actor=people.get("olga"), ending=approved, strokes=dict(STROKES), image=b"")
        assert exit_duties.hand_over(actor=hua, ending=approved, choice="run_on") == 0
        refused = refusal(
            exit_duties.sign_release, actor=people.get("olga"), ending=approved, strokes=dict(STROKES), image=b""
        )
        assert refused == "nothing_to_sign"


def test_another_partners_customers_are_left_alone(approved: Exit, people: People, stage: Stage) -> None:
    with clock.set_to(END - timedelta(hours=5)):
        rival = stage.file("ben")
        facts = {"actor": people.get("hua"), "ending": approved, "choice": "release"}
        assert refusal(exit_duties.hand_over, references=[rival.reference], **facts) == "nothing_to_hand_over"


# termination


def test_two_persons_end_a_cooperation(session: Any, people: People, hai: User, stage: Stage) -> None:
    running, hua = stage.file("ana"), people.get("hua")
    proposed = exits.propose_termination(
        actor=hua, distributor=people.distributor(), clause="DM-12.2", reason="私刻公章"
    )
    assert told("exit.proposed") == ["hai"]
    assert people.distributor().status == "active" and running.outcome is None
    facts = {"ending": proposed, "approved": True, "reason": "查证属实"}
    assert refusal(exits.decide_termination, actor=hua, **facts) == "termination_by_its_proposer"
    exits.decide_termination(actor=hai, **facts)
    assert (people.distributor().status, proposed.state) == ("terminated", "in_force")
    assert (running.outcome, running.outcome_clause) == ("void", "DM-12.5")
    assert refusal(lambda: stage.file("ana")) == "distributor_terminated"
    assert refusal(exits.decide_termination, actor=hai, **facts) == "exit_not_open"
    assert verbs().count("distributor.terminated") == 1


def test_a_proposal_is_dropped_and_everything_goes_on(session: Any, people: People, hai: User) -> None:
    facts = {"actor": people.get("hua"), "distributor": people.distributor(), "clause": "DM-12.5", "reason": "未达标"}
    proposed = exits.propose_termination(**facts)
    assert refusal(exits.propose_termination, **facts) == "termination_proposed"
    exits.decide_termination(actor=hai, ending=proposed, approved=False, reason="再给一个季度")
    assert (people.distributor().status, proposed.state) == ("active", "refused")


def test_a_termination_overtakes_a_request_to_leave(approved: Exit, people: People) -> None:
    with clock.set_to(END - timedelta(days=3)):
        exits.terminate(actor=people.get("hua"), distributor=people.distributor(), clause="RE-4.8", reason="违约报备")
    assert approved.state == "overtaken"
    with clock.set_to(END):
        assert not exits.take_effect(ending=approved)
    assert people.distributor().status == "terminated"


def test_what_a_blacklisting_overtook_is_put_down(asked: Exit, people: People) -> None:
    with clock.set_to(START + timedelta(days=2)):
        partnership.blacklist(actor=people.get("hua"), distributor=people.distributor(), reason="第二次截客")
        assert exits.overtake_stale(now=clock.now()) == 1
        assert exits.overtake_stale(now=clock.now()) == 0
    assert asked.state == "overtaken"


# duties and the closing


def test_the_file_closes_when_everything_is_done_and_not_before(left: Exit, people: People) -> None:
    hua, olga = people.get("hua"), people.get("olga")
    with clock.set_to(END + timedelta(days=1)):
        assert refusal(exit_duties.close, actor=hua, ending=left) == "exit_duties_open"
        tick_all(left, hua)
        assert refusal(exit_duties.close, actor=hua, ending=left) == "exit_duties_open"
        exit_duties.settle_up(actor=hua, ending=left)
        exit_duties.sign_settlement(actor=olga, ending=left, strokes=dict(STROKES), image=b"")
        exit_duties.close(actor=hua, ending=left)
    assert (people.distributor().status, left.state) == ("closed", "closed")
    assert olga.disabled_at == END + timedelta(days=1)
    assert refusal(exit_duties.close, actor=hua, ending=left) == "exit_not_open"
    assert told("exit.settlement") == ["olga"] and told("exit.signed") == ["hua"]


def test_what_the_portal_counts_is_not_ticked(left: Exit, people: People) -> None:
    facts = {"actor": people.get("hua"), "ending": left, "note": "已清"}
    for kind in ("customers", "requests", "findings", "accounts", "settlement"):
        assert refusal(exit_duties.tick_duty, kind=kind, done=True, **facts) == "duty_is_counted"
        assert refusal(exit_duties.tick_duty, kind=kind, done=False, **facts) == "duty_is_counted"


def test_a_waiver_has_a_reason_and_a_tick_is_taken_back(left: Exit, people: People) -> None:
    hua = people.get("hua")
    assert refusal(exit_duties.tick_duty, actor=hua, ending=left, kind="papers", done=False, note=" ") == (
        "waiver_needs_a_reason"
    )
    waived = exit_duties.tick_duty(actor=hua, ending=left, kind="papers", done=False, note="没有领过物料")
    assert (waived.state, waived.note, waived.decided_by_id) == ("waived", "没有领过物料", hua.id)
    assert exit_duties.reopen_duty(actor=hua, ending=left, kind="papers").state == "open"


def test_a_running_customer_keeps_the_file_open_to_its_end(approved: Exit, people: People, stage: Stage) -> None:
    with clock.set_to(END - timedelta(hours=5)):
        held = stage.file("ana")
    with clock.set_to(END):
        exits.take_effect(ending=approved)
    assert found.open_numbers(approved, held.ends_at - SECOND)["customers"] == 1
    assert found.open_numbers(approved, held.ends_at)["customers"] == 0


def test_a_settlement_is_for_the_end_and_signed_once(approved: Exit, people: People) -> None:
    hua, olga = people.get("hua"), people.get("olga")
    assert refusal(exit_duties.settle_up, actor=hua, ending=approved) == "settlement_before_the_end"
    with clock.set_to(END):
        exits.take_effect(ending=approved)
        pad = {"actor": olga, "ending": approved, "strokes": dict(STROKES), "image": b""}
        assert refusal(exit_duties.sign_settlement, **pad) == "nothing_to_sign"
        exit_duties.settle_up(actor=hua, ending=approved)
        assert refusal(exit_duties.sign_settlement, **(pad | {"actor": people.get("ben")})) == "exit_of_others"
        exit_duties.sign_settlement(**pad)
        assert refusal(exit_duties.sign_settlement, **pad) == "settlement_signed"
        assert refusal(exit_duties.settle_up, actor=hua, ending=approved) == "settlement_signed"


def test_a_blacklisted_one_is_closed_with_a_file_too(session: Any, people: People) -> None:
    hua, distributor = people.get("hua"), people.distributor()
    partnership.blacklist(actor=hua, distributor=distributor, reason="第二次截客")
    begun = exits.open_file(actor=hua, distributor=distributor)
    assert refusal(exits.open_file, actor=hua, distributor=distributor) == "exit_not_open"
    tick_all(begun, hua)
    exit_duties.settle_up(actor=hua, ending=begun)
    exit_duties.record_paper_settlement(actor=hua, ending=begun, signer_name="欧佳")
    exit_duties.close(actor=hua, ending=begun)
    assert distributor.status == "closed"


def test_new_accounts_end_with_the_instant(approved: Exit, people: People) -> None:
    with clock.set_to(END):
        assert refusal(accounts.create_broker, actor=people.get("olga"), login="new", name="新人") == "distributor_left"
