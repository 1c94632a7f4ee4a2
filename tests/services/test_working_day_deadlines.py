"""Deadlines that were counted with another calendar move once, and only those that are still to come (GD-6)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from portal import clock
from portal.models import Complaint, HistoryEntry, db
from portal.services import complaints
from portal.services.complaints import Statement
from portal.services.working_day_deadlines import recount
from portal.wording.calendars import may_move
from tests.applying import reach
from tests.fixtures import People

DAY = timedelta(days=1)
#: Thursday 5 March 2026, noon at the group.
THURSDAY = datetime(2026, 3, 5, 4, tzinfo=UTC)


@pytest.fixture
def complaint(session: Any, people: People) -> Complaint:
    said = Statement(about="staff", facts="前台让我等了一个小时")
    with clock.set_to(THURSDAY):
        made = complaints.receive(actor=None, channel="online", statement=said, submission_key="a" * 36)
        complaints.accept(actor=people.get("kit"), complaint=made.complaint, gravity="complex")
    return made.complaint


def moved() -> list[str]:
    written = db.select(HistoryEntry.verb).where(HistoryEntry.verb.endswith(".recounted"))
    return list(db.session.scalars(written))


def test_what_was_counted_right_stays(complaint: Complaint) -> None:
    assert recount(THURSDAY + DAY) == 0 and moved() == []


@pytest.mark.parametrize("state", ["accepted", "investigating"])
def test_what_was_counted_with_another_calendar_moves_once(people: People, complaint: Complaint, state: str) -> None:
    right = complaint.due_at
    with clock.set_to(THURSDAY):
        if state == "investigating":
            complaints.investigate(actor=people.get("kit"), complaint=complaint, members=[])
    assert right is not None
    complaint.due_at = complaint.answer_due_at = right - 2 * DAY
    assert recount(THURSDAY + DAY) == 1
    assert (complaint.due_at, complaint.answer_due_at) == (right, right)
    assert recount(THURSDAY + DAY) == 0 and moved() == ["complaint.recounted"]


def test_a_reopened_one_counts_from_then(people: People, complaint: Complaint) -> None:
    kit = people.get("kit")
    with clock.set_to(THURSDAY + 4 * DAY):
        complaints.investigate(actor=kit, complaint=complaint, members=[])
        complaints.resolve(actor=kit, complaint=complaint, inquiry="监控", outcome="upheld", answer="已道歉")
        complaints.tell(actor=kit, complaint=complaint, by="phone")
    with clock.set_to(THURSDAY + 6 * DAY):
        complaints.rate(actor=None, complaint=complaint, satisfaction=1, settled=False, opinion="没人联系")
        assert recount(clock.now()) == 0
        complaints.investigate(actor=kit, complaint=complaint, members=[])
        assert recount(clock.now()) == 0


def test_what_is_over_is_not_judged_anew(complaint: Complaint) -> None:
    complaint.due_at = complaint.answer_due_at = THURSDAY + DAY
    assert recount(THURSDAY + DAY) == 0 and complaint.due_at == THURSDAY + DAY


def test_a_signature_moves_too(session: Any, people: People) -> None:
    application = reach(people, "examined")
    right = application.signature_due_at
    assert right is not None
    application.signature_due_at = right + DAY
    assert recount(clock.now()) == 1 and application.signature_due_at == right
    assert moved() == ["application.recounted"]


def test_a_deadline_beyond_the_calendar_says_so(app: Any) -> None:
    with app.test_request_context():
        assert may_move(datetime(2049, 3, 5, tzinfo=UTC)) and not may_move(THURSDAY) and not may_move(None)
