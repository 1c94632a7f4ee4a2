"""Complaints through their services: from the first word to what was learned (D.10, CX-5, DS-4.5 to 4.7, DM-Q2)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.models import Complaint, Finding, HistoryEntry, Notice, db
from portal.queries import care_figures
from portal.queries import complaints as found
from portal.rules import complaints as rules
from portal.rules.refusal import Refusal
from portal.services import complaint_cases, complaint_notices, complaints
from portal.services.complaints import Received, Statement
from tests.fixtures import People

DAY = timedelta(days=1)
#: Thursday 5 March 2026, noon at the group.
THURSDAY = datetime(2026, 3, 5, 4, tzinfo=UTC)
KEYS = iter(f"00000000-0000-4000-8000-{number:012}" for number in range(1, 10_000))


@pytest.fixture(autouse=True)
def thursday() -> Iterator[None]:
    with clock.set_to(THURSDAY):
        yield


def said(**values: Any) -> Statement:
    return Statement(
        **({"about": "staff", "facts": "前台让我等了一个小时", "name": "周女士", "phone": "+8613800000001"} | values)
    )


def sent(people: People, who: str | None = None, **values: Any) -> Received:
    actor = None if who is None else people.get(who)
    channel = "online" if actor is None else "partner" if actor.distributor_id else "phone"
    return complaints.receive(actor=actor, channel=channel, statement=said(**values), submission_key=next(KEYS))


#: How a complaint comes from each state into the next, by Kit of the customer service.
MOVES: dict[tuple[str, str], Callable[[People, Complaint], Any]] = {
    ("received", "accepted"): lambda p, c: complaints.accept(actor=p.get("kit"), complaint=c, gravity="ordinary"),
    ("accepted", "investigating"): lambda p, c: complaints.investigate(actor=p.get("kit"), complaint=c, members=[]),
    ("investigating", "resolved"): lambda p, c: complaints.resolve(
        actor=p.get("kit"), complaint=c, inquiry="看了监控", outcome="upheld", answer="已道歉，安排专人接待"
    ),
    ("resolved", "fed_back"): lambda p, c: complaints.tell(actor=p.get("kit"), complaint=c, by="phone"),
    ("fed_back", "reopened"): lambda p, c: complaints.rate(
        actor=None, complaint=c, satisfaction=1, settled=False, opinion="还是没人联系我"
    ),
    ("reopened", "investigating"): lambda p, c: complaints.investigate(actor=p.get("kit"), complaint=c, members=[]),
    ("fed_back", "closed"): lambda p, c: complaints.close(actor=p.get("kit"), complaint=c),
    ("closed", "analysed"): lambda p, c: complaints.analyse(
        actor=p.get("kit"), complaint=c, cause="service", cause_note="", measures="前台加一人"
    ),
}
WAYS = {
    "received": (),
    "accepted": ("accepted",),
    "investigating": ("accepted", "investigating"),
    "resolved": ("accepted", "investigating", "resolved"),
    "fed_back": ("accepted", "investigating", "resolved", "fed_back"),
    "reopened": ("accepted", "investigating", "resolved", "fed_back", "reopened"),
    "closed": ("accepted", "investigating", "resolved", "fed_back", "closed"),
    "analysed": ("accepted", "investigating", "resolved", "fed_back", "closed", "analysed"),
}


def brought(people: People, state: str, who: str | None = None, **values: Any) -> Complaint:
    """A complaint in ``state``, satisfied where it was closed."""
    complaint = sent(people, who, **values).complaint
    for to in WAYS[state]:
        if to == "closed":
            complaints.rate(actor=people.get("kit"), complaint=complaint, satisfaction=5, settled=True)
        MOVES[complaint.state, to](people, complaint)
    assert complaint.state == state
    return complaint


@pytest.mark.parametrize("state", rules.STATES)
def test_every_command_goes_from_its_states_and_from_no_other(session: Any, people: People, state: str) -> None:
    commands = {to: move for (_start, to), move in MOVES.items() if to != "investigating"}
    commands["investigating"] = MOVES["accepted", "investigating"]
    for to, command in commands.items():
        savepoint = db.session.begin_nested()
        complaint = brought(people, state)
        if to == "closed" and state == "fed_back":
            complaints.rate(actor=None, complaint=complaint, satisfaction=4, settled=True)
        if (state, to) in MOVES:
            command(people, complaint)
            assert complaint.state == to
        else:
            with pytest.raises(Refusal, match="complaint_step"):
                command(people, complaint)
            assert complaint.state == state
        savepoint.rollback()
        db.session.expire_all()


def test_the_table_of_commands_is_the_table_of_the_rules() -> None:
    every = {(start, to) for start, to in product(rules.STATES, rules.STATES) if to in rules.next_of(start)}
    assert set(MOVES) == every


def test_it_is_due_step_by_step(session: Any, people: People) -> None:
    complaint = sent(people).complaint
    assert complaint.due_at == datetime(2026, 3, 6, 16, tzinfo=UTC)
    with clock.set_to(THURSDAY + DAY):
        complaints.accept(actor=people.get("kit"), complaint=complaint, gravity="complex")
        assert complaint.due_at == complaint.answer_due_at == datetime(2026, 3, 27, 16, tzinfo=UTC)
        complaints.investigate(actor=people.get("kit"), complaint=complaint, members=[people.users["hua"]])
        assert complaint.due_at == complaint.answer_due_at
    assert complaint.round.members == [people.users["kit"], people.users["hua"]]


def test_the_same_form_twice_is_one_complaint_with_one_code(session: Any, people: People) -> None:
    key = next(KEYS)
    made = [
        complaints.receive(actor=None, channel="online", statement=said(), submission_key=key) for _again in range(2)
    ]
    assert made[0].reference == made[1].reference and made[0].code == made[1].code
    assert session.query(Complaint).count() == 1
    assert complaints.code_fits(made[0].complaint, f" {made[0].code[:4].lower()}-{made[0].code[4:]} ")
    assert not complaints.code_fits(made[0].complaint, made[0].code[:-1] + "0")


def test_what_was_said_is_sealed_and_not_in_the_history(session: Any, people: People) -> None:
    complaint = sent(people).complaint
    raw = session.execute(db.text("SELECT name, phone, facts FROM complaints")).one()
    assert all("周女士".encode() not in bytes(value) and b"1380000" not in bytes(value) for value in raw)
    entries = session.query(HistoryEntry).filter_by(subject_type="complaints").all()
    assert "周女士" not in str([entry.facts for entry in entries]) and entries[0].actor_role == "system"
    assert complaint.name == "周女士"


@pytest.mark.parametrize(("who", "channel"), [("kit", "online"), ("ana", "phone"), ("kit", "partner"), (None, "phone")])
def test_nobody_complains_by_the_way_of_others(session: Any, people: People, who: str | None, channel: str) -> None:
    actor = None if who is None else people.get(who)
    with pytest.raises(Refusal, match="complaint_channel"):
        complaints.receive(actor=actor, channel=channel, statement=said(), submission_key=next(KEYS))


def test_not_satisfied_begins_another_round_once_or_more(session: Any, people: People) -> None:
    complaint = brought(people, "fed_back")
    for number in (2, 3):
        MOVES["fed_back", "reopened"](people, complaint)
        assert complaint.due_at == datetime(2026, 3, 10, 16, tzinfo=UTC)
        for to in ("investigating", "resolved", "fed_back"):
            MOVES[complaint.state, to](people, complaint)
        assert complaint.round.number == number
    complaints.rate(actor=None, complaint=complaint, satisfaction=4, settled=True)
    complaints.close(actor=people.get("kit"), complaint=complaint)
    assert [one.satisfaction for one in complaint.rounds] == [1, 1, 4]


def test_reopening_says_what_is_still_open(session: Any, people: People) -> None:
    complaint = brought(people, "fed_back")
    with pytest.raises(Refusal, match="reopening_needs_words"):
        complaints.rate(actor=None, complaint=complaint, satisfaction=2, settled=False)


def test_it_is_closed_without_a_word_only_after_the_time_for_one(session: Any, people: People) -> None:
    complaint = brought(people, "fed_back")
    with pytest.raises(Refusal, match="complaint_waits_for_a_word"):
        complaints.close(actor=people.get("kit"), complaint=complaint)
    with clock.set_to(complaint.due_at):
        complaints.close(actor=people.get("kit"), complaint=complaint)
    assert complaint.state == "closed" and complaint.round.satisfaction is None


def test_knowingly_false_is_found_of_distributors_alone_and_only_that_is_a_breach(session: Any, people: People) -> None:
    facts = {"inquiry": "录像与所述相反", "outcome": "knowingly_false", "answer": "不属实"}
    with pytest.raises(Refusal, match="knowingly_false_is_of_partners"):
        complaints.resolve(actor=people.get("kit"), complaint=brought(people, "investigating"), **facts)
    own = brought(people, "investigating", "ana")
    complaints.resolve(actor=people.get("kit"), complaint=own, **facts)
    brought(people, "resolved", "ana")
    counted = care_figures.figures(people.distributor().id, THURSDAY - DAY, THURSDAY + DAY)
    assert counted.knowingly_false == 1


def test_complaints_about_a_distributor_count_in_its_half_year(session: Any, people: People) -> None:
    about = {"about": "distributor", "distributor": people.distributor()}
    brought(people, "resolved", "kit", **about)
    brought(people, "accepted", "kit", **about)
    counted = care_figures.figures(people.distributor().id, THURSDAY - DAY, THURSDAY + DAY)
    assert (counted.complaints, counted.complaints_upheld) == (2, 1)


def test_the_distributor_reads_only_what_was_written_for_it(session: Any, people: People) -> None:
    complaint = brought(people, "investigating", "kit", about="distributor", distributor=people.distributor())
    olga, ben = people.get("olga"), people.get("ben")
    assert found.find_about(complaint.reference, olga) is None
    complaints.resolve(
        actor=people.get("kit"),
        complaint=complaint,
        inquiry="问过客户",
        outcome="partly",
        answer="已提醒经纪人",
        partner_note="请提醒经纪人按约定时间到场",
    )
    assert found.find_about(complaint.reference, olga) is not None
    assert found.find_about(complaint.reference, ben) is None and found.find_own(complaint.reference, olga) is None
    notice = session.query(Notice).filter_by(kind="complaint.about_you").one()
    assert notice.user_id == olga.id and "周女士" not in str(notice.facts)


def test_a_broker_reads_its_own_and_the_owner_the_companys(session: Any, people: People) -> None:
    complaint = brought(people, "received", "ana")
    readers = {who: found.find_own(complaint.reference, people.get(who)) for who in ("ana", "olga", "abe", "ben")}
    assert [who for who, seen in readers.items() if seen] == ["ana", "olga"]


def test_a_case_of_breach_is_made_of_it_once(session: Any, people: People) -> None:
    complaint = brought(people, "accepted", "kit", about="distributor", distributor=people.distributor())
    complaint = found.find(complaint.reference)
    facts = {"actor": people.get("kit"), "complaint": complaint, "project": people.project()}
    case = complaint_cases.hand_over(**facts, kind="interception", summary="路口拦下客户")
    assert isinstance(case, Finding) and case.distributor_id == people.distributor().id
    with pytest.raises(Refusal, match="complaint_handed_over"):
        complaint_cases.hand_over(**facts, kind="interception", summary="再来")
    other = found.find(brought(people, "accepted").reference)
    with pytest.raises(Refusal, match="complaint_names_no_distributor"):
        complaint_cases.hand_over(**(facts | {"complaint": other}), kind="interception", summary="x")


def test_reminders_come_once_before_and_once_after(session: Any, people: People) -> None:
    complaint = sent(people).complaint
    due = complaint.due_at
    told = []
    for now in (due - 25 * timedelta(hours=1), due - 24 * timedelta(hours=1), due - timedelta(hours=1), due, due + DAY):
        with clock.set_to(now):
            told.append(complaint_notices.remind(now))
    assert told == [0, 1, 0, 1, 0]
    with clock.set_to(due):
        complaints.accept(actor=people.get("hua"), complaint=complaint, gravity="ordinary")
    late = complaint.due_at
    with clock.set_to(late):
        assert complaint_notices.remind(late) == 1
    last = session.query(Notice).order_by(Notice.id.desc()).first()
    assert (last.kind, last.user_id) == ("complaint.late", people.users["hua"])


def test_who_waits_for_the_complainant_is_not_reminded(session: Any, people: People) -> None:
    complaint = brought(people, "fed_back")
    with clock.set_to(complaint.due_at + DAY):
        assert complaint_notices.remind(clock.now()) == 0


def test_a_number_is_shown_with_a_reason_and_on_record(session: Any, people: People) -> None:
    complaint = sent(people).complaint
    with pytest.raises(Refusal, match="reveal_needs_a_reason"):
        complaint_cases.reveal(actor=people.get("kit"), complaint=complaint, reason="curious")
    assert complaint_cases.reveal(actor=people.get("kit"), complaint=complaint, reason="contact") == "+8613800000001"
    assert session.query(HistoryEntry).filter_by(verb="complaint.revealed").one().facts["fields"] == ["phone"]


def test_causes_are_counted_by_the_quarter_of_closing(session: Any, people: People) -> None:
    brought(people, "analysed")
    with clock.set_to(datetime(2026, 3, 31, 16, tzinfo=UTC)):
        brought(people, "analysed")
    start = datetime(2025, 9, 30, 16, tzinfo=UTC)
    assert [(line.cause, line.numbers) for line in found.causes(start, 4)] == [("service", (0, 1, 1, 0))]
    assert len(found.measures(start)) == 2


@pytest.mark.parametrize(
    "broken", [{"state": "closed"}, {"owner_id": None}, {"cause": "service"}, {"channel": "partner"}, {"state": "lost"}]
)
def test_the_database_refuses_nonsense(session: Any, people: People, broken: dict[str, Any]) -> None:
    complaint = brought(people, "accepted")
    for name, value in broken.items():
        setattr(complaint, name, value)
    with pytest.raises(IntegrityError):
        session.flush()
