"""Class, people, contacts and half-year sheets through their services (CM-3, CM-6.2, DM-11.3)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import psycopg
import pytest
import sqlalchemy.exc

from portal import clock
from portal.models import Assessment, CareContact, ClassChange, HistoryEntry, Notice, RoleGrant, User, db
from portal.queries import assessments as found
from portal.queries import care as reads
from portal.queries import care_figures
from portal.rules.refusal import Refusal
from portal.services import assessments, care, care_notices, partnership
from tests.fixtures import People, Stage, password_hash

DAY = timedelta(days=1)
#: Noon at the group on 2 March, before the half year that the tests review.
MARCH = datetime(2026, 3, 2, 4, tzinfo=UTC)
JULY = datetime(2026, 7, 3, 4, tzinfo=UTC)
SCORES = {code: Decimal(85) for code in ("sales", "influence", "feedback", "service", "compliance")}


@pytest.fixture(autouse=True)
def march() -> Iterator[None]:
    with clock.set_to(MARCH):
        yield


@pytest.fixture
def hal(session: Any, people: People) -> User:
    """A second person of the channel department."""
    person = User(login="hal", name="何励", password_hash=password_hash(), created_at=clock.now())
    person.grants = [RoleGrant(role="hq_channel")]
    session.add(person)
    session.flush()
    return person


def give(people: People, letter: str, reason: str = "业绩达标") -> ClassChange | None:
    return care.give_class(actor=people.get("hua"), distributor=people.distributor(), letter=letter, reason=reason)


def two(people: People, hal: User) -> None:
    hua = people.get("hua")
    care.appoint(actor=hua, distributor=people.distributor(), owner_id=hua.id, deputy_id=hal.id)


def opened(people: People, on: datetime = JULY) -> Assessment:
    """The sheet of the first half of 2026 for 甲渠道, and nothing is open for later ones."""
    with clock.set_to(on):
        assessments.open_due(on)
    return db.session.query(Assessment).filter_by(distributor_id=people.distributor().id).one()


def scored(people: People, sheet: Assessment, points: int = 85, on: datetime = JULY) -> Assessment:
    with clock.set_to(on):
        scores = dict.fromkeys(SCORES, Decimal(points))
        return assessments.score(
            actor=people.get("hua"), assessment=sheet, scores=scores, judgement="配合好，带客质量高"
        )


def published(people: People, hal: User, sheet: Assessment, letter: str, on: datetime = JULY) -> Assessment:
    with clock.set_to(on):
        assessments.confirm(actor=hal, assessment=sheet, letter=letter, reason="总分和表现相符")
        return assessments.publish(actor=people.get("hua"), assessment=sheet)


def test_classes_are_kept_one_after_the_other_with_their_reasons(session: Any, people: People) -> None:
    give(people, "B")
    with clock.set_to(MARCH + DAY):
        give(people, "C", "连续两月没有带客")
    number = people.distributor().id
    assert [(one.letter, one.reason) for one in reads.classes_of(number)] == [
        ("C", "连续两月没有带客"),
        ("B", "业绩达标"),
    ]
    entry = session.query(HistoryEntry).filter_by(verb="care.class_given").order_by(HistoryEntry.id.desc()).first()
    assert (entry.facts["before"], entry.facts["letter"], entry.clause) == ("B", "C", "CM-3.1")
    assert "没有带客" not in str(entry.facts)


@pytest.mark.parametrize(
    ("letter", "reason", "why"), [("B", " ", "class_needs_a_reason"), ("D", "x", "class_needs_a_reason")]
)
def test_a_class_needs_a_reason_and_is_one_of_three(
    session: Any, people: People, letter: str, reason: str, why: str
) -> None:
    with pytest.raises(Refusal, match=why):
        give(people, letter, reason)


def test_class_a_needs_an_owner_and_a_deputy_and_keeps_them(session: Any, people: People, hal: User) -> None:
    with pytest.raises(Refusal, match="class_a_needs_two"):
        give(people, "A")
    two(people, hal)
    give(people, "A")
    with pytest.raises(Refusal, match="class_a_needs_two"):
        care.appoint(actor=hal, distributor=people.distributor(), owner_id=hal.id, deputy_id=None)
    with pytest.raises(Refusal, match="class_unchanged"):
        give(people, "A")


def test_what_was_given_or_said_is_not_rewritten(session: Any, people: People) -> None:
    give(people, "B")
    session.commit()
    with pytest.raises(sqlalchemy.exc.DatabaseError) as refused:
        session.execute(db.update(ClassChange).values(letter="A"))
    assert isinstance(refused.value.orig, psycopg.errors.InsufficientPrivilege | psycopg.errors.IntegrityError)


def test_a_and_b_are_spoken_to_every_month(session: Any, people: People) -> None:
    give(people, "B")
    distributor = people.distributor()
    line = reads.next_contact(distributor)
    assert line is not None and line.last_at is None
    assert line.due_at == datetime(2026, 4, 30, 16, tzinfo=UTC)
    with clock.set_to(MARCH + 40 * DAY):
        care.note_contact(
            actor=people.get("hua"),
            distributor=distributor,
            kind="market",
            happened_at=None,
            with_whom=None,
            summary="四月行情",
        )
        assert reads.next_contact(distributor).due_at == datetime(2026, 4, 30, 16, tzinfo=UTC)
        care.note_contact(
            actor=people.get("hua"),
            distributor=distributor,
            kind="call",
            happened_at=None,
            with_whom="唐敏",
            summary="回访",
        )
    assert reads.next_contact(distributor).due_at == datetime(2026, 5, 31, 16, tzinfo=UTC)


def test_a_contact_sent_twice_is_one(session: Any, people: People) -> None:
    said = {"kind": "call", "happened_at": None, "with_whom": "唐敏"}
    first, again, other = (
        care.note_contact(actor=people.get("hua"), distributor=people.distributor(), summary=words, **said)
        for words in ("回访", "回访", "再谈")
    )
    assert first.id == again.id != other.id
    with clock.set_to(clock.now() + timedelta(minutes=2)):
        care.note_contact(actor=people.get("hua"), distributor=people.distributor(), summary="再谈", **said)
    assert session.query(CareContact).count() == 3


def test_a_contact_lies_in_the_past(session: Any, people: People) -> None:
    with pytest.raises(Refusal, match="contact_in_the_future"):
        care.note_contact(
            actor=people.get("hua"),
            distributor=people.distributor(),
            kind="call",
            happened_at=MARCH + DAY,
            with_whom=None,
            summary="x",
        )


def test_people_are_reminded_once_before_and_once_after(session: Any, people: People, hal: User) -> None:
    give(people, "B")
    two(people, hal)
    due = datetime(2026, 4, 30, 16, tzinfo=UTC)
    told = []
    for now in (due - 8 * DAY, due - 7 * DAY, due - DAY, due, due + DAY):
        with clock.set_to(now):
            told.append(care_notices.remind(now))
    assert told == [0, 2, 0, 2, 0]
    kinds = [row.kind for row in session.query(Notice).order_by(Notice.id)]
    assert kinds == ["care.contact_ending"] * 2 + ["care.contact_missed"] * 2


def test_nobody_is_spoken_to_while_the_cooperation_rests(session: Any, people: People) -> None:
    give(people, "B")
    partnership.suspend(actor=people.get("hua"), distributor=people.distributor(), reason="抽查")
    assert reads.contacts_due(MARCH + 400 * DAY) == []


def test_a_sheet_opens_once_for_everybody_who_worked_with_us(session: Any, people: People) -> None:
    assert [assessments.open_due(JULY) for _ in range(3)] == [2, 0, 0]
    sheet = found.of_distributor(people.distributor().id)[0]
    assert (str(sheet.first_day), str(sheet.last_day)) == ("2026-01-01", "2026-06-30")
    assert sheet.due_at == datetime(2026, 7, 31, 16, tzinfo=UTC)
    assert assessments.open_due(JULY + 30 * DAY) == 0


def test_no_sheet_begins_late_and_none_for_a_newcomer(session: Any, people: People) -> None:
    people.distributor().created_at = JULY - DAY
    session.flush()
    assert assessments.open_due(JULY) == 1
    assert assessments.open_due(datetime(2027, 2, 1, tzinfo=UTC)) == 0


def test_the_figures_of_the_half_year_stand_beside_the_scores(session: Any, people: People, stage: Stage) -> None:
    visited = stage.file()
    with clock.set_to(MARCH + timedelta(hours=3)):
        stage.sign(stage.arrive(visited))
        stage.file()
        stage.file("ben")
    with clock.set_to(datetime(2026, 6, 30, 16, tzinfo=UTC)):
        stage.file()
    figures = care_figures.figures_of(opened(people))
    assert (figures.filings, figures.visits, figures.visit_rate) == (2, 1, Decimal("50.0"))
    assert (figures.deals, figures.amount, figures.findings, figures.complaints) == (0, 0, 0, 0)


def test_a_sheet_is_scored_confirmed_by_another_and_published(session: Any, people: People, hal: User) -> None:
    two(people, hal)
    sheet = scored(people, opened(people))
    assert (sheet.total, sheet.proposed, sheet.result) == (Decimal("85.00"), "A", "passed")
    assert sheet.facts["filings"] == 0
    with clock.set_to(JULY), pytest.raises(Refusal, match="assessment_by_its_scorer"):
        assessments.confirm(actor=people.get("hua"), assessment=sheet, letter="A", reason="x")
    published(people, hal, sheet, "A")
    change = reads.class_of(people.distributor().id)
    assert (change.letter, change.clause, change.assessment_id) == ("A", "CM-3.5", sheet.id)
    owner = session.query(Notice).filter_by(kind="assessment.published").one()
    assert owner.user_id == people.users["olga"]
    with clock.set_to(JULY):
        assessments.note_measures(actor=hal, assessment=sheet, measures="优先安排新项目")
    assert sheet.state == "measures"


def test_until_it_is_published_the_class_stays_and_the_distributor_reads_nothing(
    session: Any, people: People, hal: User
) -> None:
    give(people, "B")
    sheet = scored(people, opened(people))
    with clock.set_to(JULY):
        assessments.confirm(actor=hal, assessment=sheet, letter="C", reason="下滑")
    olga = people.get("olga")
    assert reads.class_of(people.distributor().id).letter == "B"
    assert found.find_published(sheet.reference, olga) is None and not found.published_of(olga.distributor_id)
    with clock.set_to(JULY):
        assessments.publish(actor=hal, assessment=sheet)
    assert found.find_published(sheet.reference, olga) is not None
    assert found.find_published(sheet.reference, people.get("ben")) is None


def test_class_a_without_two_people_is_not_published(session: Any, people: People, hal: User) -> None:
    sheet = scored(people, opened(people))
    with pytest.raises(Refusal, match="class_a_needs_two"):
        published(people, hal, sheet, "A")


def test_a_second_failed_half_year_downgrades(session: Any, people: People, hal: User) -> None:
    first = scored(people, opened(people), points=50)
    assert first.result == "warned"
    published(people, hal, first, "C")
    january = datetime(2027, 1, 5, 4, tzinfo=UTC)
    with clock.set_to(january):
        assessments.open_due(january)
    second = found.of_distributor(people.distributor().id)[0]
    assert scored(people, second, points=50, on=january).result == "downgraded"
    assert [one.result for one in found.published_of(people.distributor().id)] == ["warned"]


def test_a_half_year_without_a_result_ends_the_row(session: Any, people: People, hal: User) -> None:
    first = scored(people, opened(people), points=50)
    published(people, hal, first, "C")
    july = datetime(2027, 7, 5, 4, tzinfo=UTC)
    with clock.set_to(july):
        assessments.open_due(july)
    after_a_gap = found.of_distributor(people.distributor().id)[0]
    assert after_a_gap.first_day.year == 2027
    assert scored(people, after_a_gap, points=50, on=july).result == "warned"


def test_scores_may_be_given_again_until_they_are_confirmed(session: Any, people: People, hal: User) -> None:
    sheet = scored(people, scored(people, opened(people)), points=70)
    assert sheet.total == 70
    with clock.set_to(JULY):
        assessments.confirm(actor=hal, assessment=sheet, letter="B", reason="x")
    with pytest.raises(Refusal, match="assessment_step"):
        scored(people, sheet)


def test_late_sheets_are_told_of_before_and_after(session: Any, people: People) -> None:
    sheet = opened(people)
    told = []
    for days in (-15, -14, -13, -3, 0, 1):
        now = sheet.due_at + days * DAY
        with clock.set_to(now):
            told.append(care_notices.remind(now))
    # Two distributors, one person at headquarters.
    assert told == [0, 2, 0, 2, 2, 0]


def test_nothing_waits_about_a_distributor_that_left(session: Any, people: People, hal: User) -> None:
    sheet, hua = scored(people, opened(people)), people.get("hua")
    partnership.blacklist(actor=hua, distributor=people.distributor(), reason="二次截客")
    assert sheet not in found.unpublished()
    with clock.set_to(JULY), pytest.raises(Refusal, match="assessment_partner_gone"):
        assessments.confirm(actor=hal, assessment=sheet, letter="B", reason="x")
    assert sheet.state == "scored"
    with pytest.raises(Refusal, match="care_partner_gone"):
        give(people, "B")
    with pytest.raises(Refusal, match="care_partner_gone"):
        two(people, hal)
