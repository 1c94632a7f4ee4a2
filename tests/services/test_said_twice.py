"""The same thing said again by the same person while nothing has changed is the one entry; the rule is asked first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select

from portal import clock
from portal.models import Application, Exit, HistoryEntry, Inquiry, Notice, Opinion, PartnerPaper, db
from portal.rules.applications import AREAS, CHECKPOINTS
from portal.rules.refusal import Refusal
from portal.services import (
    application_reviews,
    classification,
    exit_duties,
    exits,
    extensions,
    partner_files,
)
from portal.services.claim_sending import Brought
from tests.applying import picture, reach
from tests.fixtures import People, Stage

START = datetime(2026, 3, 1, 2, tzinfo=UTC)
END = datetime(2026, 3, 31, 16, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def entries(verb: str) -> int:
    return db.session.scalar(select(func.count()).where(HistoryEntry.verb == verb)) or 0


def notices(kind: str) -> int:
    return db.session.scalar(select(func.count()).where(Notice.kind == kind)) or 0


def twice(command: Callable[..., Any], at: datetime, **facts: Any) -> Any:
    """Say it, and say it again a second later; both answers are the same."""
    with clock.set_to(at):
        first = command(**facts)
    with clock.set_to(at + SECOND):
        again = command(**facts)
    assert first == again
    return again


def refused(because: str, command: Callable[..., Any], **facts: Any) -> None:
    with pytest.raises(Refusal, match=because):
        command(**facts)


class TestExits:
    """The file of an ending."""

    @pytest.fixture
    def asked(self, session: Any, people: People) -> Exit:
        with clock.set_to(START):
            return exits.ask_exit(actor=people.get("olga"), reason="转做其他业务", last_day=date(2026, 3, 31))

    @pytest.fixture
    def left(self, asked: Exit, people: People) -> Exit:
        with clock.set_to(START):
            exits.decide_exit(actor=people.get("hua"), ending=asked, approved=True, reason="手续齐全")
        with clock.set_to(END):
            exits.take_effect(ending=asked)
        return asked

    def test_a_duty_is_ticked_once(self, left: Exit, people: People) -> None:
        hua = people.get("hua")
        facts = {"actor": hua, "ending": left, "kind": "papers", "done": False, "note": "没有领过物料"}
        duty = twice(exit_duties.tick_duty, END, **facts)
        assert (duty.decided_at, entries("exit.duty_ticked")) == (END, 1)
        with clock.set_to(END + 2 * SECOND):
            exit_duties.tick_duty(**facts | {"note": "领过，已交还"})
            exit_duties.tick_duty(**facts | {"actor": people.get("gia"), "note": "领过，已交还"})
        assert entries("exit.duty_ticked") == 3
        refused("waiver_needs_a_reason", exit_duties.tick_duty, **facts | {"note": ""})

    def test_a_duty_is_opened_again_once(self, left: Exit, people: People) -> None:
        hua = people.get("hua")
        exit_duties.tick_duty(actor=hua, ending=left, kind="papers", done=True, note="")
        twice(exit_duties.reopen_duty, END, actor=hua, ending=left, kind="papers")
        assert entries("exit.duty_ticked") == 2

    def test_customers_are_handed_over_once(self, asked: Exit, people: People, stage: Stage) -> None:
        hua = people.get("hua")
        with clock.set_to(START):
            given, kept = stage.file("ana"), stage.file("ana")
        facts = {"actor": hua, "ending": asked, "choice": "release", "references": [given.reference]}
        assert twice(exit_duties.hand_over, START + SECOND, **facts) == 1
        assert (entries("exit.handed_over"), notices("exit.handover")) == (1, 1)
        with clock.set_to(START + 3 * SECOND):
            exit_duties.hand_over(**facts | {"references": [given.reference, kept.reference]})
            exit_duties.hand_over(**facts | {"choice": "run_on"})
        assert entries("exit.handed_over") == 3
        refused("exit_not_open", exit_duties.hand_over, **facts | {"choice": "nonsense"})

    def test_the_settlement_is_put_up_once_until_something_changes(self, left: Exit, people: People) -> None:
        hua = people.get("hua")
        twice(exit_duties.settle_up, END, actor=hua, ending=left)
        assert (left.settled_up_at, entries("exit.settled_up")) == (END, 1)
        exit_duties.tick_duty(actor=hua, ending=left, kind="papers", done=True, note="")
        with clock.set_to(END + 3 * SECOND):
            exit_duties.settle_up(actor=hua, ending=left)
        assert (left.settled_up_at, entries("exit.settled_up")) == (END + 3 * SECOND, 2)


class TestApplications:
    """The review of an application."""

    @pytest.fixture
    def reviewed(self, session: Any, people: People) -> Application:
        return reach(people, "in_review")

    @pytest.fixture
    def surveyed(self, session: Any, people: People) -> Application:
        return reach(people, "surveyed")

    def test_points_are_confirmed_once(self, reviewed: Application, people: People) -> None:
        now, before = clock.now(), entries("application.ticked")
        points = [CHECKPOINTS[reviewed.partner_file.partner_type][0][0]]
        assert points != reviewed.ticked
        twice(application_reviews.tick_points, now, actor=people.get("hua"), application=reviewed, points=points)
        assert entries("application.ticked") == before + 1

    def test_a_survey_is_written_down_once(self, reviewed: Application, people: People) -> None:
        now, before = clock.now(), db.session.query(Inquiry).count()
        facts = {"actor": people.get("hua"), "application": reviewed, "kind": "market", "held_on": now.date()}
        twice(application_reviews.write_inquiry, now, **facts, findings="门店三家，客源稳定")
        assert db.session.query(Inquiry).count() == before + 1
        application_reviews.write_inquiry(**facts, findings="又走访一家")
        assert db.session.query(Inquiry).count() == before + 2
        later = facts | {"held_on": now.date() + timedelta(days=3)}
        refused("inquiry_in_the_future", application_reviews.write_inquiry, **later, findings="门店三家，客源稳定")

    def test_a_paper_is_checked_once(self, session: Any, people: People) -> None:
        applied = reach(people, "in_review")
        partner_files.bring_paper(
            actor=None,
            file=applied.partner_file,
            kind="other",
            brought=Brought(picture(230), "other.png"),
            valid_until=None,
        )
        paper = next(one for one in applied.partner_file.current_papers if one.kind == "other")
        before = entries("paper.checked")
        facts = {"actor": people.get("hua"), "paper": paper, "accepted": False, "sealed": False, "remark": "看不清"}
        checked: PartnerPaper = twice(partner_files.check_paper, clock.now(), **facts)
        assert (checked.state, entries("paper.checked")) == ("refused", before + 1)
        refused("paper_is_checked", partner_files.check_paper, **facts | {"remark": "另一句"})
        refused("paper_is_checked", partner_files.check_paper, **facts | {"actor": people.get("gia")})
        refused("paper_needs_a_remark", partner_files.check_paper, **facts | {"remark": ""})

    def test_the_group_is_named_once(self, surveyed: Application, people: People) -> None:
        before = entries("application.group_named")
        facts = {"actor": people.get("hua"), "application": surveyed}
        group = [people.get(name) for name in ("kit", "fin", "leo")]
        twice(application_reviews.name_group, clock.now(), **facts, members=group)
        assert entries("application.group_named") == before + 1
        refused("group_too_small", application_reviews.name_group, **facts, members=group[:1])

    def test_a_sheet_sent_twice_is_one_and_another_is_refused(self, surveyed: Application, people: People) -> None:
        kit, facts = people.get("kit"), {"application": surveyed}
        group = [people.get(name) for name in ("kit", "fin", "leo")]
        application_reviews.name_group(actor=people.get("hua"), members=group, **facts)
        scores = {area: Decimal("80.5") for area in AREAS}
        now = clock.now()
        sheet = twice(application_reviews.give_scores, now, actor=kit, **facts, scores=scores, comment="")
        assert (sheet.scored_at, entries("application.scored")) == (now, 1)
        other = scores | {AREAS[0]: Decimal(1)}
        refused("sheet_is_filled", application_reviews.give_scores, actor=kit, **facts, scores=other, comment="")
        refused("sheet_is_filled", application_reviews.give_scores, actor=kit, **facts, scores=scores, comment="补充")
        stranger = people.get("gia")
        refused("not_in_the_group", application_reviews.give_scores, actor=stranger, **facts, scores=scores, comment="")

    def test_a_department_speaks_once(self, surveyed: Application, people: People) -> None:
        fin, facts = people.get("fin"), {"application": surveyed, "passed": True}
        twice(application_reviews.give_opinion, clock.now(), actor=fin, **facts, reason="账户无异常")
        assert (db.session.query(Opinion).count(), entries("application.opinion")) == (1, 1)
        refused("department_has_spoken", application_reviews.give_opinion, actor=fin, **facts, reason="另一句")
        refused("opinion_needs_a_reason", application_reviews.give_opinion, actor=fin, **facts, reason=" ")


def test_the_leaders_opinion_on_an_extension_is_one(session: Any, people: People, stage: Stage) -> None:
    with clock.set_to(START):
        registration = stage.file()
    with clock.set_to(START + timedelta(hours=2)):
        stage.complete(stage.sign(stage.arrive(registration)))
        classification.classify(actor=people.get("bo"), registration=registration, bulk=True, reason="六套")
        extension = extensions.ask_extension(actor=people.get("ana"), registration=registration, reason="未定")
    facts = {"actor": people.get("lin"), "extension": extension, "opinion": "同意，两次到访"}
    given = twice(extensions.give_opinion, START + timedelta(hours=3), **facts)
    assert (given.opinion_at, entries("extension.commented")) == (START + timedelta(hours=3), 1)
    extensions.give_opinion(**facts | {"opinion": "不同意"})
    assert entries("extension.commented") == 2
    extensions.decide_extension(actor=people.get("hua"), extension=extension, approve=False, reason="不足")
    refused("extension_decided", extensions.give_opinion, **facts | {"opinion": "不同意"})
